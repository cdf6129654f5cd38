"""What a request is made of: a table of requests, what they have, and what they have not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from drawn import odd_probes
from hypothesis import HealthCheck, given, settings
from made_up import CODES, looking, picture, talking

from conformance import prompts
from conformance.diagnosis.traits import DIMENSIONS, traits
from conformance.dialogue import READY, ask, image, talk, turn
from conformance.model import (
    Credential,
    Elsewhere,
    Hosted,
    ImagePart,
    Inline,
    LocalFile,
    Payload,
    Picture,
    Probe,
    Service,
    Turn,
    Verbatim,
    Via,
)

#: A dimension, and words that stand in the words of a trait of it.
Named = tuple[str, str]
ONE, TWO, THREE, FOUR = (picture(code) for code in CODES)
QUESTION = prompts.CODE


def shown(a_picture: Picture, via: Via | None = None, detail: Any = ..., **params: Any) -> Probe:
    return ask(image(a_picture, via, detail), QUESTION, **params)


def several(number: int, first: Via | None = None) -> Probe:
    return ask(
        *(image(picture(weight=n), first if n == 0 else None) for n in range(number)), QUESTION
    )


def said(*turns: Turn) -> Probe:
    return talk(*turns)


def part(value: Any, *, whole: bool = False) -> ImagePart:
    return ImagePart(picture=None, via=Verbatim(json=json.dumps(value), whole_part=whole))


CALL = (("tool_calls", "[{}]"),)
#: Request, traits that it has, traits that it has not.
TABLE: dict[str, tuple[Probe, list[Named], list[Named]]] = {
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
    # ---- turns
    "one turn": (looking(), [], [("turn", ""), ("role", "")]),
    "earlier": (
        said(turn(image(ONE), "Look."), turn("Yes.", role="assistant"), turn(QUESTION)),
        [("turn", "earlier"), ("turn", "several turns"), ("role", "assistant")],
        [("turn", "pictures in several"), ("role", "picture of")],
    ),
    "each turn its own": (
        said(turn(image(ONE)), turn("Yes.", role="assistant"), turn(image(TWO), QUESTION)),
        [("turn", "pictures in several turns"), ("turn", "earlier"), ("number", "two")],
        [("number", "one")],
    ),
    "last of several": (
        said(turn("Hello."), turn("Yes.", role="assistant"), turn(image(ONE), QUESTION)),
        [("turn", "several turns"), ("number", "one")],
        [("turn", "earlier"), ("turn", "pictures in")],
    ),
    "two of one role": (
        said(turn(image(ONE)), turn(QUESTION)),
        [("turn", "of one role")],
        [("role", "")],
    ),
    # ---- roles
    "system": (
        said(turn("Be short.", role="system"), turn(image(ONE), QUESTION)),
        [("role", "system")],
        [("role", "picture of"), ("turn", "earlier")],
    ),
    "developer": (
        said(turn("Be short.", role="developer"), turn(image(ONE), QUESTION)),
        [("role", "developer")],
        [("role", "system")],
    ),
    "picture of the system": (
        said(turn(image(ONE), role="system"), turn(QUESTION)),
        [("role", "picture of the system"), ("turn", "earlier")],
        [],
    ),
    "picture of a tool": (
        said(
            turn("Look."),
            replace(turn(role="assistant"), more=CALL),
            turn(image(ONE), role="tool"),
            turn(QUESTION),
        ),
        [("role", "picture of the tool"), ("role", "tool_calls"), ("role", "assistant")],
        [("role", "picture of the assistant")],
    ),
    # ---- stream, door, credential
    "stream": (looking(stream=True), [("stream", "stream")], [("door", ""), ("credential", "")]),
    "no stream": (looking(), [], [("stream", "")]),
    "responses": (replace(looking(), service=Service.RESPONSES), [("door", "responses")], []),
    "messages": (replace(looking(), service=Service.MESSAGES), [("door", "messages")], []),
    "count": (replace(looking(), service=Service.COUNT_TOKENS), [("door", "count-tokens")], []),
    "models": (Probe(service=Service.MODELS), [("door", "models")], [("number", "pictures")]),
    "wrong key": (replace(READY, credential=Credential.WRONG), [("credential", "wrong")], []),
    "no key": (
        replace(READY, credential=Credential.NONE),
        [("credential", "no key")],
        [("credential", "wrong")],
    ),
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
        shown(picture(width=300, height=700)),
        [("size", "tall")],
        [("size", "wide"), ("size", "four times")],
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
    # ---- members of the body
    "tools": (
        looking(tools=[{"type": "function"}], tool_choice="required"),
        [("parameter", "tools"), ("parameter", 'tool_choice: "required"')],
        [("body", "")],
    ),
    "format": (
        looking(response_format={"type": "json_object"}),
        [("parameter", "response_format")],
        [],
    ),
    "limit": (looking(max_tokens=16), [("parameter", "max_tokens: 16")], [("parameter", "n:")]),
    "model": (talking(model="other"), [("parameter", "model")], [("number", "pictures")]),
    "none": (looking(), [], [("parameter", ""), ("header", ""), ("body", "")]),
    "compressed": (
        replace(looking(), headers=(("content-encoding", "gzip"),)),
        [("header", "content-encoding: gzip")],
        [("body", "")],
    ),
    "chunked": (
        replace(looking(), headers=(("transfer-encoding", "chunked"),)),
        [("header", "chunked")],
        [],
    ),
    "bad JSON": (Probe(raw_body=b'{"a"'), [("body", "no JSON")], [("number", "pictures")]),
    "no messages": (
        replace(READY, omit=("messages",)),
        [("body", "messages")],
        [("parameter", "")],
    ),
    "no words for it": (
        ask(ImagePart(picture=ONE, via=Inline(), more=(("uuid", '"a"'),)), QUESTION),
        [("parameter", "uuid")],
        [],
    ),
    # ---- words
    "plain": (looking(), [], [("words", "")]),
    "no text": (
        ask(image(ONE)),
        [("words", "without words")],
        [("words", "empty"), ("words", "all words")],
    ),
    "empty text": (ask(image(ONE), ""), [("words", "empty text")], [("words", "without words")]),
    "several texts": (
        ask(image(ONE), "One.", QUESTION),
        [("words", "several texts")],
        [("words", "before the picture")],
    ),
    "text between": (
        ask("A", image(ONE), "B", image(TWO), QUESTION),
        [("words", "several texts"), ("words", "before the picture")],
        [("words", "after all words")],
    ),
    "question first": (
        ask(QUESTION, image(ONE)),
        [("words", "before the picture"), ("words", "after all words")],
        [("words", "several")],
    ),
    "Chinese": (ask(image(ONE), "这是什么？"), [("words", "not ASCII")], [("words", "emoji")]),
    "emoji": (ask(image(ONE), "🙂 what?"), [("words", "emoji"), ("words", "not ASCII")], []),
    "placeholder": (ask("<image> what?"), [("words", "placeholder")], [("number", "pictures")]),
    "markdown": (ask("![](a.png)"), [("words", "placeholder")], []),
    "long text": (ask(image(ONE), "word " * 2000), [("words", "long text")], [("words", "ASCII")]),
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


def found(probe: Probe, named: Named) -> list[str]:
    dimension, words = named
    return [
        trait.words
        for trait in traits(probe)
        if trait.dimension == dimension and words in trait.words
    ]


@pytest.mark.parametrize("name", TABLE)
def test_table(name: str) -> None:
    probe, has, has_not = TABLE[name]
    assert [named for named in has if not found(probe, named)] == []
    assert {named: found(probe, named) for named in has_not if found(probe, named)} == {}


def test_every_dimension_is_in_the_table() -> None:
    assert {dimension for _, has, _ in TABLE.values() for dimension, _ in has} == set(DIMENSIONS)


def test_a_request_has_the_same_traits_however_often_and_in_whatever_crowd_it_is_sent() -> None:
    probe = looking(stream=True)
    other = replace(probe, sample=7, crowd=(READY, looking(3)), is_risky=True)
    assert traits(other) == traits(probe)


@given(odd_probes())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_request_has_traits_in_words(probe: Probe) -> None:
    first = traits(probe)
    assert first
    assert {trait.dimension for trait in first} <= set(DIMENSIONS)
    assert all(trait.words.strip() for trait in first)
    traits.cache_clear()
    assert traits(probe) == first
