"""Questions: pictures, words and turns put together to a request."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts
from conformance.drawing import variants
from conformance.model import (
    Hosted,
    ImagePart,
    Inline,
    Json,
    Part,
    Picture,
    Probe,
    TextPart,
    Turn,
    Via,
    canonical,
    pictures_of,
)


def text(words: str) -> TextPart:
    return TextPart(text=words)


def image(picture: Picture, via: Via | None = None, detail: Json = ...) -> ImagePart:
    """A picture as it is sent; ``detail`` is left out unless given.

    What is the same on the wire is the same here: a type that is declared as it is anyway is none.
    """
    written = None if detail is ... else canonical(detail)
    via = via or Inline()
    if isinstance(via, Inline | Hosted) and via.recoded:
        picture, via = variants.recoded(picture), replace(via, recoded=False)
    if isinstance(via, Inline) and via.media_type == picture.media_type:
        via = replace(via, media_type=None)
    return ImagePart(picture=picture, via=via, detail=written)


def ask(*parts: Part | str, stream: bool = False, **params: Json) -> Probe:
    """One user turn. Strings are text parts; ``params`` are members of the body."""
    return talk(turn(*parts), stream=stream, **params)


def turn(*parts: Part | str, role: str = "user") -> Turn:
    return Turn(parts=tuple(text(p) if isinstance(p, str) else p for p in parts), role=role)


def talk(*turns: Turn, stream: bool = False, **params: Json) -> Probe:
    """Several turns."""
    written = tuple(sorted((name, canonical(value)) for name, value in params.items()))
    return Probe(turns=turns, stream=stream, params=written)


def ask_code(picture: Picture, via: Via | None = None, **params: Json) -> Probe:
    """The plainest question: what code is in this picture?"""
    return ask(image(picture, via), prompts.CODE, **params)


READY = ask(prompts.READY)
UNKNOWN_MODEL = ask(prompts.READY, model="no-such-model-of-the-conformance-suite")


def noted_turns(*parts: Part | str) -> tuple[Turn, Turn]:
    """A turn of the user, and the assistant's that takes note of it."""
    return turn(*parts), turn(prompts.NOTED, role="assistant")


def in_an_earlier_turn(picture: Picture, via: Via) -> Probe:
    """What code is in the picture of the turn before?"""
    return talk(*noted_turns(image(picture, via), prompts.LOOK), turn(prompts.CODE))


def redrawn(probe: Probe, number: int) -> Probe:
    """The same question about another drawing of its one picture, where there is one.

    Of several pictures what is asked about may be just that they are alike, byte by byte.
    """
    if len(pictures_of(probe)) != 1:
        return probe
    turns = tuple(
        replace(each, parts=tuple(_redrawn(part, number) for part in each.parts))
        for each in probe.turns
    )
    return replace(probe, turns=turns)


def _redrawn(part: Part, number: int) -> Part:
    if not isinstance(part, ImagePart) or part.picture is None:
        return part
    return replace(part, picture=variants.moved(part.picture, number))
