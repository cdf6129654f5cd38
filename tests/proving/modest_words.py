"""Manners of answering: colours, counts, places, words, scripts or length are beyond a model."""

from __future__ import annotations

import random
import re
from typing import Final

from modest import CANNOT_TELL, Modest, asks, chance, modest, no_code, question, say

from conformance.model import Ability
from conformance.reference.conversation import Conversation, Look, looks
from conformance.reference.mind import NOTHING_SEEN, Thought

COLOURS: Final = ("red", "green", "blue", "yellow", "black", "white")
#: 13 tokens, and an end.
SHORT_COUNT: Final = "One, two, three, and so forth, up to three hundred."


# ---------------------------------------------------------------- colours


@modest(Ability.COLOURS)
class TellsNoColours(Modest):
    """Says that it cannot tell colours."""

    def think(self, conversation: Conversation) -> Thought:
        if asks(conversation, Ability.COLOURS) and looks(conversation):
            return say("I can see squares, but I cannot tell colours.")
        return super().think(conversation)


@modest(Ability.COLOURS, by_chance=True)
class NamesWrongColours(Modest):
    """Gives every square another colour than it has."""

    def think(self, conversation: Conversation) -> Thought:
        thought = super().think(conversation)
        if not asks(conversation, Ability.COLOURS):
            return thought
        named = re.sub("|".join(COLOURS), lambda m: another(m.group(), chance()), thought.sentence)
        return say(named)


def another(colour: str, rng: random.Random) -> str:
    """A colour that is not this one."""
    return rng.choice([other for other in COLOURS if other != colour])


@modest(Ability.COLOURS)
class NamesShades(Modest):
    """Names colours as a catalogue of paints does, and in no word that is looked for."""

    def think(self, conversation: Conversation) -> Thought:
        thought = super().think(conversation)
        if not asks(conversation, Ability.COLOURS):
            return thought
        shades = dict(
            zip(COLOURS, ("crimson", "jade", "azure", "amber", "jet", "ivory"), strict=True)
        )
        return say(re.sub("|".join(COLOURS), lambda m: shades[m.group()], thought.sentence))


# ---------------------------------------------------------------- counting


@modest(Ability.COUNT)
class CountsNothing(Modest):
    """Says that there are too many to be counted."""

    def think(self, conversation: Conversation) -> Thought:
        if asks(conversation, Ability.COUNT) and looks(conversation):
            return say("There are several rows of discs; I cannot count them reliably.")
        return super().think(conversation)


@modest(Ability.COUNT, by_chance=True)
class CountsWrong(Modest):
    """Counts one or two too many, or too few, in every row."""

    def think(self, conversation: Conversation) -> Thought:
        thought = super().think(conversation)
        if not asks(conversation, Ability.COUNT):
            return thought
        return say(
            re.sub(r"\d+", lambda m: str(miscounted(int(m.group()), chance())), thought.sentence)
        )


def miscounted(number: int, rng: random.Random) -> int:
    """One or two off, and never below nothing."""
    return max(number + rng.choice((-2, -1, 1, 2)), 0 if number else 1)


@modest(Ability.COUNT)
class CountsAllTogether(Modest):
    """Gives the number of all discs where those of each row are asked for."""

    def think(self, conversation: Conversation) -> Thought:
        thought = super().think(conversation)
        numbers = [int(n) for n in re.findall(r"\d+", thought.sentence)]
        if not asks(conversation, Ability.COUNT) or not numbers:
            return thought
        return say(f"There are {sum(numbers)} discs in this picture.")


# ---------------------------------------------------------------- places, labels and numbers


def codes_known(conversation: Conversation) -> tuple[str, ...]:
    """Every code of every picture, in order; without pictures those that words name."""
    seen = looks(conversation)
    if not seen:
        words = "\n".join(said.words for said in conversation)
        return tuple(re.findall(r"the code ([0-9A-Z]{6})\b", words))
    return tuple(code.code for look in seen for code in look.sight.codes)


class _Picks(Modest):
    """Answers otherwise where one of several is asked for."""

    def among(self) -> tuple[Ability, ...]:
        """By what; of all manners that are joined."""
        return ()

    def think(self, conversation: Conversation) -> Thought:
        known = codes_known(conversation)
        if known and any(asks(conversation, ability) for ability in self.among()):
            return Thought(codes=self.pick(known))
        return super().think(conversation)

    def pick(self, known: tuple[str, ...]) -> tuple[str, ...]:
        raise NotImplementedError


class _ByPlace(_Picks):
    def among(self) -> tuple[Ability, ...]:
        return (*super().among(), Ability.PLACE)


class _ByLabel(_Picks):
    def among(self) -> tuple[Ability, ...]:
        return (*super().among(), Ability.CHOOSE)


class _All(_Picks):
    def pick(self, known: tuple[str, ...]) -> tuple[str, ...]:
        return known


class _First(_Picks):
    def pick(self, known: tuple[str, ...]) -> tuple[str, ...]:
        return known[:1]


class _Any(_Picks):
    def pick(self, known: tuple[str, ...]) -> tuple[str, ...]:
        return (chance().choice(known),)


@modest(Ability.PLACE)
class ListsAllCorners(_ByPlace, _All):
    """Lists all the codes it sees, whichever corner is asked for."""


@modest(Ability.PLACE)
class GivesTheFirstCorner(_ByPlace, _First):
    """Gives the first code it sees, whichever corner is asked for."""


@modest(Ability.PLACE, by_chance=True)
class GivesAnyCorner(_ByPlace, _Any):
    """Gives one of the codes it sees, and now and then that of the right corner."""


@modest(Ability.CHOOSE)
class ListsAllPictures(_ByLabel, _All):
    """Lists the codes of all pictures, whichever label, ordinal or turn is asked for."""


@modest(Ability.CHOOSE)
class GivesTheFirstPicture(_ByLabel, _First):
    """Gives the first code there is, whichever label, ordinal or turn is asked for."""


@modest(Ability.CHOOSE, by_chance=True)
class GivesAnyPicture(_ByLabel, _Any):
    """Gives any code there is, and now and then that of the right label, ordinal or turn."""


# ---------------------------------------------------------------- words of the request


@modest(Ability.WORDS)
class ReadsPicturesOnly(Modest):
    """Reads pictures alone: asked for what a text said, it gives the code of the picture."""

    def think(self, conversation: Conversation) -> Thought:
        if not asks(conversation, Ability.WORDS):
            thought = super().think(conversation)
            return say("I only read pictures.") if thought == NOTHING_SEEN else thought
        shown = codes_of_the_last(conversation)
        return Thought(codes=shown) if shown else say("I only read pictures.")


def codes_of_the_last(conversation: Conversation) -> tuple[str, ...]:
    """The codes of the last picture."""
    last: Look | None = next(iter(looks(conversation)[::-1]), None)
    return tuple(seen.code for seen in last.sight.codes) if last else ()


@modest(Ability.WORDS)
class RepeatsNothing(Modest):
    """Says that it does not repeat what it was told."""

    def think(self, conversation: Conversation) -> Thought:
        if asks(conversation, Ability.WORDS):
            return say("I am sorry, but I do not repeat what stands in a message.")
        return super().think(conversation)


@modest(Ability.WORDS, by_chance=True)
class RepeatsWrong(Modest):
    """Repeats something like what it was told, with half of it wrong."""

    def think(self, conversation: Conversation) -> Thought:
        thought = super().think(conversation)
        if not asks(conversation, Ability.WORDS):
            return thought
        if thought.codes:
            return Thought(codes=(no_code(chance()),))
        words = thought.sentence.split()
        return say(" ".join(w for w in words if chance().random() < 0.5) or CANNOT_TELL.sentence)


# ---------------------------------------------------------------- other scripts


def is_foreign(thought: Thought) -> bool:
    return not (thought.sentence + "".join(thought.codes)).isascii()


@modest(Ability.SCRIPTS)
class KnowsNoOtherScript(Modest):
    """Says that it does not know the letters that it is to repeat."""

    def think(self, conversation: Conversation) -> Thought:
        thought = super().think(conversation)
        return (
            say("These letters are not of a script that I know.")
            if is_foreign(thought)
            else thought
        )


@modest(Ability.SCRIPTS)
class WritesAsciiOnly(Modest):
    """Writes a question mark for every letter that is not ASCII."""

    def think(self, conversation: Conversation) -> Thought:
        thought = super().think(conversation)
        if not is_foreign(thought):
            return thought
        codes = (code.encode("ascii", "replace").decode() for code in thought.codes)
        return Thought(
            codes=tuple(codes), sentence=thought.sentence.encode("ascii", "replace").decode()
        )


@modest(Ability.SCRIPTS)
class SpeaksEnglishOnly(KnowsNoOtherScript):
    """The same, and asked in another language it says that it speaks English."""

    def think(self, conversation: Conversation) -> Thought:
        words = question(conversation)
        if words and not re.search("[A-Za-z]", words):
            return say("I am sorry, I only understand English.")
        return super().think(conversation)


# ---------------------------------------------------------------- length


@modest(Ability.LENGTH)
class StopsEarly(Modest):
    """Gives a whole answer of 13 tokens to a question for a long one."""

    def think(self, conversation: Conversation) -> Thought:
        if asks(conversation, Ability.LENGTH):
            return say(SHORT_COUNT)
        return super().think(conversation)


@modest(Ability.LENGTH)
class WritesNothingLong(Modest):
    """Declines to write a long answer."""

    def think(self, conversation: Conversation) -> Thought:
        if asks(conversation, Ability.LENGTH):
            return say("That is too long.")
        return super().think(conversation)
