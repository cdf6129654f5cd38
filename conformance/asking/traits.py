"""What a request is made of, as far as a gateway may trip over it. Pure, and knows no check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from typing import NamedTuple

from conformance.model import (
    Credential,
    Hosted,
    ImagePart,
    Inline,
    Picture,
    Probe,
    Service,
    TextPart,
    Turn,
    Verbatim,
    Via,
)

#: Of two traits that part requests equally well, the one that says more comes first.
DIMENSIONS = (
    "credential", "door", "header", "body", "damaged", "spelling", "host", "parameter", "mode",
    "format", "role", "turn", "words", "repeat", "stream", "weight", "size", "number", "detail",
    "way",
)  # fmt: skip


class Trait(NamedTuple):
    """One property: its dimension, and words that may stand after "with"."""

    dimension: str
    words: str


ODD_HOST = "a picture host out of the ordinary"
#: What a request has where nobody asked for anything else: it seldom is what goes wrong.
USUAL = frozenset({Trait("detail", "detail left out"), Trait("number", "one picture alone")})
#: What every trait of a picture implies.
PICTURES = Trait("number", "pictures")
#: Sides in pixels and weights in bytes from which on pictures are told apart.
SIDES = (512, 768, 1024, 2048, 4096)
WEIGHTS = (100_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000)
NUMBERS = {2: "two pictures or more", 3: "three or more", 10: "ten or more", 20: "twenty or more"}
_PLAIN_HOST, _PLAIN_INLINE = Hosted(), Inline()
#: JSON values by their first character.
_KINDS = {'"': "a string", "{": "an object", "[": "a list"}
_CHAT = Service.CHAT
_KEYS = {Credential.WRONG: "a wrong key", Credential.NONE: "no key"}
_DETAILS = ('"auto"', '"low"', '"high"')
_FORMATS = ("png", "jpeg", "webp", "gif")
#: Characters of a text that is long.
LONG = 2000


@lru_cache(maxsize=8192)
def traits(probe: Probe) -> frozenset[Trait]:
    """Every trait of a request."""
    return frozenset((*_of_request(probe), *_of_talk(probe), *_of_pictures(probe)))


def _of_request(probe: Probe) -> Iterator[Trait]:
    if probe.service is not Service.CHAT:
        yield Trait("door", f"the door /{probe.service}")
        yield Trait("door", "another door than /chat/completions")
    if probe.stream:
        yield Trait("stream", "stream: true")
    if probe.credential in _KEYS:
        yield Trait("credential", _KEYS[probe.credential])
    for name, value in probe.params:
        yield Trait("parameter", f"the member {name}")
        if len(value) <= 24:
            yield Trait("parameter", f"{name}: {value}")
        yield Trait("parameter", f"{name} as {_KINDS.get(value[:1], 'a number or a word')}")
    for name, value in probe.headers:
        yield Trait("header", f"the header {name}: {value}")
    for name in probe.omit:
        yield Trait("body", f"no member {name}")
    if probe.raw_body is not None:
        yield Trait("body", "a body that is no JSON object")
    if probe.raw_body is not None or probe.omit or (not probe.turns and probe.service is _CHAT):
        yield Trait("body", "a malformed body")


# ---------------------------------------------------------------- turns and words


def _of_talk(probe: Probe) -> Iterator[Trait]:
    turns = probe.turns
    last_user = max((i for i, t in enumerate(turns) if t.role == "user"), default=-1)
    pictured = [i for i, t in enumerate(turns) if _images(t)]
    if any(i < last_user for i in pictured):
        yield Trait("turn", "a picture in an earlier turn")
    if len(pictured) > 1:
        yield Trait("turn", "pictures in several turns")
    if len(turns) > 1:
        yield Trait("turn", "several turns")
    if len(turns) > 1 and len({t.role for t in turns}) < len(turns):
        yield Trait("turn", "several turns of one role")
    for turn in turns:
        if turn.role != "user":
            yield Trait("role", f"a message of the {turn.role}")
            if _images(turn):
                yield Trait("role", f"a picture of the {turn.role}")
        yield from (Trait("role", f"a message with {name}") for name, _ in turn.more)
        yield from _of_words(turn)


def _of_words(turn: Turn) -> Iterator[Trait]:
    texts = [part.text for part in turn.parts if isinstance(part, TextPart)]
    images = _images(turn)
    if not all(texts):
        yield Trait("words", "an empty text")
    if images and not texts:
        yield Trait("words", "a picture without words")
    if images and len(texts) > 1:
        yield Trait("words", "several texts beside a picture")
    if images and turn.parts and isinstance(turn.parts[0], TextPart):
        yield Trait("words", "words before the picture")
    if images and texts and isinstance(turn.parts[-1], ImagePart):
        yield Trait("words", "a picture after all words")
    for text in texts:
        yield from _of_text(text)


def _of_text(text: str) -> Iterator[Trait]:
    if not text.isascii():
        yield Trait("words", "words that are not ASCII")
    if any(ord(character) > 0xFFFF for character in text):
        yield Trait("words", "emoji")
    if len(text) > LONG:
        yield Trait("words", "a long text")
    if any(mark in text for mark in ("<", "[img", "[IMG", "![")):
        yield Trait("words", "a placeholder for a picture in the text")


# ---------------------------------------------------------------- pictures


def _images(turn: Turn) -> list[ImagePart]:
    return [part for part in turn.parts if isinstance(part, ImagePart)]


def _of_pictures(probe: Probe) -> Iterator[Trait]:
    parts = [part for turn in probe.turns for part in _images(turn)]
    written = sum(_written(value) for name, value in probe.params if name == "messages")
    if not parts and not written:
        yield Trait("number", "no picture")
        return
    yield PICTURES
    if len(parts) == 1:
        yield Trait("number", "one picture alone")
    yield from (Trait("number", words) for most, words in NUMBERS.items() if len(parts) >= most)
    pictures = [part.picture for part in parts if part.picture is not None]
    if len({picture.sha256 for picture in pictures}) < len(pictures):
        yield Trait("repeat", "one picture twice")
    if len({part.detail for part in parts}) > 1:
        yield Trait("detail", "different details in one request")
    if len({type(part.via) for part in parts}) > 1:
        yield Trait("way", "data URLs and http URLs together")
    for part in parts:
        yield from _of_detail(part.detail)
        yield from (Trait("parameter", f"{name} beside a picture") for name, _ in part.more)
        yield from _of_way(part.via)
        if part.picture is not None:
            yield from _of_file(part.picture)


def _of_detail(detail: str | None) -> Iterator[Trait]:
    if detail is None:
        yield Trait("detail", "detail left out")
        return
    yield Trait("detail", f"detail {detail.strip(chr(34))}")
    if detail not in _DETAILS:
        yield Trait("detail", "a detail that is not documented")


def _written(messages: str) -> int:
    return messages.count("image_url")


def _of_way(via: Via) -> Iterator[Trait]:
    if isinstance(via, Inline):
        yield Trait("way", "a data URL")
        yield from _bent(via, _PLAIN_INLINE, "spelling", "a data URL")
    elif isinstance(via, Hosted):
        yield Trait("way", "an http URL")
        yield from _bent(via, _PLAIN_HOST, "host", "a picture host")
    elif isinstance(via, Verbatim):
        yield Trait("spelling", "a part that is none" if via.whole_part else "an odd address")
        if via.whole_part:
            yield Trait("body", "a malformed content part")
    else:
        yield Trait("way", "a picture elsewhere on the machine")
        yield Trait("host", ODD_HOST)


def _bent(
    via: Inline | Hosted, plain: Inline | Hosted, dimension: str, lead: str
) -> Iterator[Trait]:
    if via != plain:
        yield Trait(dimension, ODD_HOST if dimension == "host" else f"{lead} out of the ordinary")
    for each in fields(via):
        if getattr(via, each.name) != getattr(plain, each.name):
            yield Trait(dimension, f"{lead} of another {each.name.replace('_', ' ')}")


def _of_file(picture: Picture) -> Iterator[Trait]:
    kind = picture.media_type.rpartition("/")[2]
    if not picture.width:
        yield Trait("damaged", "bytes that are no whole picture")
        if picture.media_type.startswith("image/"):
            yield Trait("damaged", "a damaged picture")
        yield Trait("format", kind)
        return
    yield Trait("format", kind.upper())
    if kind not in _FORMATS:
        yield Trait("format", "an undocumented format")
    if picture.mode and picture.mode != "RGB":
        yield Trait("mode", f"{kind.upper()} of the mode {picture.mode}")
        yield Trait("mode", "another mode than RGB")
    long, short = max(picture.width, picture.height), min(picture.width, picture.height)
    if long < 64:
        yield Trait("size", "a tiny picture")
    yield from (Trait("size", f"more than {side} pixels a side") for side in SIDES if long > side)
    if long >= 4 * short:
        yield Trait("size", "a picture four times as long as wide, or more")
    if long > 1024 and long > short:
        shape = "wide" if picture.width > picture.height else "tall"
        yield Trait("size", f"a large {shape} picture")
    weight = picture.weight
    yield from (
        Trait("weight", f"more than {bound // 1000} kB") for bound in WEIGHTS if weight > bound
    )
