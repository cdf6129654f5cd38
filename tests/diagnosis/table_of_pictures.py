"""What requests have and have not, by the pictures in them. Data of ``test_traits``."""

from __future__ import annotations

import json
from typing import Any

from made_up import CODES, looking, picture

from conformance.asking import prompts
from conformance.asking.questions import READY, ask, image
from conformance.model import (
    Elsewhere,
    Hosted,
    ImagePart,
    Inline,
    LocalFile,
    Payload,
    Picture,
    Probe,
    Verbatim,
    Via,
)

#: A dimension, and words that stand in the words of a trait of it.
Named = tuple[str, str]
#: A request, traits that it has, traits that it has not.
Row = tuple[Probe, list[Named], list[Named]]
ONE, TWO, _, _ = (picture(code) for code in CODES)
QUESTION = prompts.CODE


def shown(a_picture: Picture, via: Via | None = None, detail: Any = ..., **params: Any) -> Probe:
    return ask(image(a_picture, via, detail), QUESTION, **params)


def several(number: int, first: Via | None = None) -> Probe:
    parts = (image(picture(weight=n), first if n == 0 else None) for n in range(number))
    return ask(*parts, QUESTION)


def part(value: Any, *, whole: bool = False) -> ImagePart:
    return ImagePart(picture=None, via=Verbatim(json=json.dumps(value), whole_part=whole))


OF_PICTURES: dict[str, Row] = {
    # ---- way
    "data URL": (
        looking(),
        [("way", "data URL")],
        [("way", "http"), ("spelling", ""), ("host", "")],
    ),
    "http URL": (looking(via=Hosted()), [("way", "http URL")], [("way", "data URL"), ("host", "")]),
    "both ways": (
        several(2, Hosted()),
        [("way", "data URL"), ("way", "http URL"), ("way", "together")],
        [("host", "")],
    ),
    "file": (looking(via=LocalFile()), [("way", "elsewhere")], [("way", "URL")]),
    "witness": (looking(via=Elsewhere()), [("way", "elsewhere")], [("way", "URL")]),
    # ---- number
    "no picture": (
        READY,
        [("number", "no picture")],
        [("way", ""), ("format", ""), ("detail", "")],
    ),
    "one": (looking(), [("number", "pictures"), ("number", "one")], [("number", "two")]),
    "two": (several(2), [("number", "two")], [("number", "one"), ("number", "three")]),
    "three": (several(3), [("number", "two"), ("number", "three")], [("number", "ten")]),
    "ten": (several(10), [("number", "three"), ("number", "ten")], [("number", "twenty")]),
    "twenty": (several(20), [("number", "ten"), ("number", "twenty")], [("number", "one")]),
    # ---- detail
    "left out": (looking(), [("detail", "left out")], [("detail", "low"), ("detail", "different")]),
    "low": (
        looking(detail="low"),
        [("detail", "low")],
        [("detail", "left out"), ("detail", "high")],
    ),
    "high": (looking(detail="high"), [("detail", "high")], [("detail", "low")]),
    "odd": (looking(detail=5), [("detail", "5")], [("detail", "left out")]),
    "low and high": (
        ask(image(ONE, None, "low"), image(TWO, None, "high"), QUESTION),
        [("detail", "low"), ("detail", "high"), ("detail", "different")],
        [("detail", "left out")],
    ),
    # ---- files
    "png": (shown(ONE), [("format", "PNG")], [("mode", ""), ("size", ""), ("weight", "")]),
    "jpeg": (shown(picture(kind="jpeg")), [("format", "JPEG")], [("format", "PNG")]),
    "webp": (shown(picture(kind="webp")), [("format", "WEBP")], [("damaged", "")]),
    "gif": (shown(picture(kind="gif", mode="P")), [("format", "GIF"), ("mode", "P")], []),
    "tiff": (shown(picture(kind="tiff")), [("format", "TIFF")], []),
    "alpha": (shown(picture(mode="RGBA")), [("mode", "RGBA"), ("mode", "than RGB")], []),
    "grey": (shown(picture(mode="L")), [("mode", "mode L")], [("mode", "RGBA")]),
    "16 bits": (shown(picture(mode="I;16")), [("mode", "I;16")], []),
    "cmyk": (shown(picture(kind="jpeg", mode="CMYK")), [("mode", "CMYK"), ("format", "JPEG")], []),
    "tiny": (shown(picture(width=20, height=9)), [("size", "tiny")], [("size", "more than")]),
    "600": (
        shown(picture(width=600, height=600)),
        [("size", "512")],
        [("size", "768"), ("size", "wide")],
    ),
    "1500": (
        shown(picture(width=99, height=1500)),
        [("size", "768"), ("size", "1024")],
        [("size", "2048")],
    ),
    "5000": (shown(picture(width=5000, height=5000)), [("size", "2048"), ("size", "4096")], []),
    "long": (
        shown(picture(width=2000, height=200)),
        [("size", "four times"), ("size", "wide")],
        [("size", "tall")],
    ),
    "tall": (
        shown(picture(width=400, height=1300)),
        [("size", "tall")],
        [("size", "wide p"), ("size", "four times")],
    ),
    "light": (shown(ONE), [], [("weight", "")]),
    "heavy": (
        shown(picture(weight=1_200_000)),
        [("weight", "100 kB"), ("weight", "1000 kB")],
        [("weight", "2000 kB")],
    ),
    "damaged": (
        shown(picture(width=0, height=0)),
        [("damaged", "no whole picture")],
        [("size", ""), ("mode", "")],
    ),
    "twice": (ask(image(ONE), image(ONE), QUESTION), [("repeat", "twice"), ("number", "two")], []),
    "no two alike": (ask(image(ONE), image(TWO), QUESTION), [], [("repeat", "")]),
    # ---- picture hosts
    "redirect": (
        looking(via=Hosted(redirects=(302,))),
        [("host", "redirects")],
        [("host", "query")],
    ),
    "query": (looking(via=Hosted(query="a=1")), [("host", "query")], [("host", "redirects")]),
    "type": (looking(via=Hosted(content_type="")), [("host", "content type")], []),
    "extension": (looking(via=Hosted(path="picture")), [("host", "path")], []),
    "slow": (looking(via=Hosted(first_byte=3.0)), [("host", "first byte")], []),
    "chunked body": (looking(via=Hosted(chunked=True)), [("host", "chunked")], [("header", "")]),
    "404": (looking(via=Hosted(status=404)), [("host", "status")], []),
    "reset": (looking(via=Hosted(reset=True)), [("host", "reset")], []),
    "once": (looking(via=Hosted(once=True)), [("host", "once")], []),
    "empty body": (looking(via=Hosted(instead="empty")), [("host", "instead")], []),
    # ---- spelling
    "declared type": (
        looking(via=Inline(media_type="image/jpg")),
        [("spelling", "media type")],
        [],
    ),
    "payload": (looking(via=Inline(payload=Payload.WRAPPED)), [("spelling", "payload")], []),
    "scheme": (looking(via=Inline(scheme="DATA:")), [("spelling", "scheme"), ("way", "data")], []),
    "no string": (
        ask(part(5), QUESTION),
        [("spelling", "odd address")],
        [("way", ""), ("format", "")],
    ),
    "no part": (
        ask(part({}, whole=True), QUESTION),
        [("spelling", "part")],
        [("spelling", "address")],
    ),
}
