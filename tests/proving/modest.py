"""Endpoints that are right in all they do, and whose model is modest: nothing is their fault.

A manner is one honest way in which a model cannot do a thing. Every manner is a subclass of
``Modest``, so that several make one by inheritance. What kinds there are: ``modest_words``,
``modest_forms``, ``modest_eyes`` and ``modest_slips``.
"""

from __future__ import annotations

import inspect
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from starlette.responses import Response

from conformance.model import Ability, Json
from conformance.reference import mind
from conformance.reference.conversation import Conversation, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import name_of
from conformance.reference.mind import Thought

_chance: ContextVar[random.Random] = ContextVar("chance")


class Modest(Endpoint):
    """The faultless endpoint, with chance for its model.

    Chance follows from the seed, the request and how often it was asked before: the same words
    asked again may be answered otherwise, and the same run comes out the same.
    """

    def __init__(self, *, seed: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.seed = seed
        self.heard: Counter[bytes] = Counter()

    async def seen_in(self, data: bytes, detail: str) -> Any:
        # Not in a thread: which of two requests is answered first is not left to chance.
        return self.look_at(data, detail)

    async def answer(self, body: dict[str, Json], conversation: Conversation) -> Response:
        _chance.set(self._fresh(body, conversation))
        return await super().answer(self.heed(body), conversation)

    def _fresh(self, body: dict[str, Json], conversation: Conversation) -> random.Random:
        members = {name: value for name, value in body.items() if name != "messages"}
        asked = json.dumps([_told(conversation), members], sort_keys=True).encode()
        key = blake2b(asked, digest_size=16).digest()
        self.heard[key] += 1
        return random.Random(f"{self.seed}/{self.style}/{key.hex()}/{self.heard[key]}")

    def heed(self, body: dict[str, Json]) -> dict[str, Json]:
        """The members of a request that its model goes by."""
        return body


def _told(conversation: Conversation) -> list[Json]:
    """What the model is given, without the addresses, which are new in every run."""
    return [
        [said.role, *(_shown(item) if isinstance(item, Look) else item for item in said.items)]
        for said in conversation
    ]


def _shown(look: Look) -> list[Json]:
    return [look.source, look.size, look.detail, *(seen.code for seen in look.sight.codes)]


def chance() -> random.Random:
    """Chance for the answer that is being made."""
    return _chance.get()


# ---------------------------------------------------------------- questions

#: What is asked of a model by each of the questions that it knows; nothing but to read, or to say
#: anything at all, where no ability is named. A chart has lines of all heights.
ASKS: Final[dict[str, Ability | None]] = {
    "echo": None,
    "reference": Ability.WORDS,
    "noted": Ability.WORDS,
    "repeat": Ability.WORDS,
    "count": Ability.LENGTH,
    "colours": Ability.COLOURS,
    "squares": Ability.COLOURS,
    "tally": Ability.COUNT,
    "corner": Ability.PLACE,
    "chart": None,
    "shared": Ability.PLACE,
    "labelled": Ability.CHOOSE,
    "nth": Ability.CHOOSE,
    "all": None,
    "codes": None,
}


def question(conversation: Conversation) -> str:
    """The last words of the user."""
    return mind._last_question(conversation)


def kind_of(words: str) -> str:
    """Which of the questions it knows a model takes these words for: a key of ASKS."""
    for pattern, answer in mind._INTENTS:
        if re.search(pattern, words, re.IGNORECASE | re.DOTALL):
            return answer.__name__.lstrip("_")
    return "codes"


def asks(conversation: Conversation, ability: Ability) -> bool:
    """Whether the last question asks for this ability."""
    return asks_for(question(conversation), ability)


def asks_for(words: str, ability: Ability) -> bool:
    """Whether these words ask for this ability."""
    kind = kind_of(words)
    named = kind == "chart" and re.search(r"the \w+ picture shows", words, re.IGNORECASE)
    return ASKS[kind] is ability or (ability is Ability.CHOOSE and bool(named))


def say(sentence: str) -> Thought:
    return Thought(sentence=sentence)


CANNOT_TELL: Final = say("I cannot make it out.")


def no_code(rng: random.Random) -> str:
    """Four to eight characters that nobody can take for a code."""
    # Without a digit a string is no code, however it is corrected.
    return "".join(rng.choices("ABDEGIJLOQSUYZ", k=rng.randint(4, 8)))


# ---------------------------------------------------------------- variants


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """An endpoint against which nothing may be held."""

    name: str
    summary: str
    #: What its model cannot do; None where it is something that no ability stands for.
    lacks: Ability | None
    #: Checks of level MAY that may name what it does otherwise.
    noted: frozenset[str] = frozenset()
    #: Takes ``seed`` beside what Endpoint takes.
    make: Callable[..., Endpoint]
    #: True where the seed makes a difference.
    by_chance: bool = False


VARIANTS: dict[str, Variant] = {}


def modest(
    lacks: Ability | None = None, *, by_chance: bool = False, noted: tuple[str, ...] = ()
) -> Callable[[type[Modest]], type[Modest]]:
    """Makes a subclass of Modest a variant; its docstring is the summary, its name the name."""

    def register(make: type[Modest]) -> type[Modest]:
        name = name_of(make)
        add(
            Variant(
                name=name,
                summary=" ".join((inspect.getdoc(make) or "").split()),
                lacks=lacks,
                noted=frozenset(noted),
                make=make,
                by_chance=by_chance,
            )
        )
        return make

    return register


def add(variant: Variant) -> None:
    """One more variant, under a name of its own."""
    if variant.name in VARIANTS:
        raise ValueError(f"there are two variants {variant.name!r}")
    VARIANTS[variant.name] = variant


def lacking(ability: Ability) -> list[Variant]:
    """The manners of not having an ability."""
    return [variant for variant in VARIANTS.values() if variant.lacks is ability]


def joined(name: str, summary: str, variants: list[Variant]) -> Variant:
    """One that has the manners of all of these at once."""
    kinds = tuple(v.make for v in variants)
    make = type(name.title().replace("-", ""), kinds, {"__doc__": summary})  # type: ignore[arg-type]
    by_chance = any(v.by_chance for v in variants)
    noted = frozenset().union(*(v.noted for v in variants))
    return Variant(
        name=name, summary=summary, lacks=None, noted=noted, make=make, by_chance=by_chance
    )
