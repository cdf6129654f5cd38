"""A model that is able to do everything, and is right in a part of its answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from itertools import product
from typing import Any, Final

from modest import CANNOT_TELL, Modest, Variant, add, chance, no_code, say
from modest_forms import TOOLS, without
from modest_words import COLOURS, another, miscounted

from conformance.drawing.codes import ALPHABET
from conformance.model import Json
from conformance.reference.conversation import Conversation
from conformance.reference.mind import NOTHING_GIVEN, NOTHING_READ, NOTHING_SEEN, Thought
from conformance.wire.jsontext import at

#: Parts of the answers that are right.
RATES: Final = (0.80, 0.90, 0.97)
STYLES: Final = {"obeys": "terse", "prose": "prose", "markdown": "markdown"}

#: What goes wrong with the answer that is being made: "", "form" or "words".
_slip: ContextVar[str] = ContextVar("slip")


class Slips(Modest):
    """Is right in a part of its answers, whatever is asked; wrong in many ways, and never sly."""

    def __init__(self, *, right: float = 0.97, **options: Any) -> None:
        super().__init__(**options)
        self.right = right

    def heed(self, body: dict[str, Json]) -> dict[str, Json]:
        body = super().heed(body)
        has_form = bool(at(body, "response_format") or at(body, "tool_choice"))
        _slip.set(_drawn(chance(), self.right, has_form))
        return without(body, "response_format", *TOOLS) if _slip.get() == "form" else body

    def think(self, conversation: Conversation) -> Thought:
        thought = super().think(conversation)
        return slipped(thought, chance()) if _slip.get() == "words" else thought


def _drawn(rng: random.Random, right: float, has_form: bool) -> str:
    if rng.random() < right:
        return ""
    return "form" if has_form and rng.random() < 0.5 else "words"


# ---------------------------------------------------------------- ways of being wrong


def slipped(thought: Thought, rng: random.Random) -> Thought:
    """The thought as it comes out wrong."""
    if thought.codes:
        return rng.choice(_OF_CODES)(thought.codes, rng)
    if thought in (NOTHING_SEEN, NOTHING_GIVEN, NOTHING_READ):
        return rng.choice((CANNOT_TELL, Thought(codes=(no_code(rng),))))
    listed = thought.sentence.split(", ")
    return rng.choice(_OF_LISTS)(listed, rng) if len(listed) > 1 else CANNOT_TELL


def _misread(codes: tuple[str, ...], rng: random.Random, places: int) -> Thought:
    """So many characters of one code taken for others."""
    which = rng.randrange(len(codes))
    letters = list(codes[which])
    for place in rng.sample(range(len(letters)), min(places, len(letters))):
        letters[place] = rng.choice([c for c in ALPHABET if c != letters[place]])
    return Thought(codes=(*codes[:which], "".join(letters), *codes[which + 1 :]))


def _misread_one(codes: tuple[str, ...], rng: random.Random) -> Thought:
    return _misread(codes, rng, 1)


def _misread_two(codes: tuple[str, ...], rng: random.Random) -> Thought:
    return _misread(codes, rng, 2)


def _line_left_out(codes: tuple[str, ...], rng: random.Random) -> Thought:
    which = rng.randrange(len(codes))
    return Thought(codes=codes[:which] + codes[which + 1 :]) if len(codes) > 1 else CANNOT_TELL


def _not_made_out(_: tuple[str, ...], __: random.Random) -> Thought:
    return CANNOT_TELL


def _wholly_different(codes: tuple[str, ...], rng: random.Random) -> Thought:
    which = rng.randrange(len(codes))
    return Thought(codes=(*codes[:which], no_code(rng), *codes[which + 1 :]))


_OF_CODES: Final[tuple[Callable[[tuple[str, ...], random.Random], Thought], ...]] = (
    _misread_one, _misread_two, _line_left_out, _not_made_out, _wholly_different,
)  # fmt: skip


def _one_wrong(listed: list[str], rng: random.Random) -> Thought:
    which = rng.randrange(len(listed))
    label, colon, name = listed[which].rpartition(": ")
    wrong = str(miscounted(int(name), rng)) if name.isdecimal() else _other(name, rng)
    return say(", ".join([*listed[:which], f"{label}{colon}{wrong}", *listed[which + 1 :]]))


def _other(name: str, rng: random.Random) -> str:
    return another(name, rng) if name in COLOURS else no_code(rng)


def _one_left_out(listed: list[str], rng: random.Random) -> Thought:
    which = rng.randrange(len(listed))
    return say(", ".join(listed[:which] + listed[which + 1 :]))


def _cut_short(listed: list[str], rng: random.Random) -> Thought:
    return say(", ".join(listed[: rng.randrange(1, len(listed))]))


def _given_up(_: list[str], __: random.Random) -> Thought:
    return CANNOT_TELL


_OF_LISTS: Final[tuple[Callable[[list[str], random.Random], Thought], ...]] = (
    _one_wrong, _one_left_out, _cut_short, _given_up,
)  # fmt: skip


# ---------------------------------------------------------------- variants


def _named(right: float, style: str) -> Variant:
    return Variant(
        name=f"right-in-{right:.0%}-{style}".replace("%", ""),
        summary=f"Is right in {right:.0%} of its answers, and {_HOW[style]}.",
        lacks=None,
        make=partial(Slips, right=right, style=STYLES[style]),
        by_chance=True,
    )


_HOW: Final = {"obeys": "does as it is told", "prose": "talks", "markdown": "writes Markdown"}
for _right, _style in product(RATES, STYLES):
    add(_named(_right, _style))
