"""How the reference model answers: from the words of the prompt and what its eyes saw, no more."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from conformance.reference.conversation import Conversation, Look, looks

_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_CORNERS = {
    "top left": (False, False),
    "top right": (True, False),
    "bottom left": (False, True),
    "bottom right": (True, True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """An answer before it is put into words: things to name, or a sentence to say."""

    codes: tuple[str, ...] = ()
    sentence: str = ""


NOTHING_SEEN = Thought(sentence="I cannot see a picture here.")
NOTHING_GIVEN = Thought(sentence="You gave me no reference number.")
NOTHING_READ = Thought(sentence="I can see the picture, but I cannot make out what is asked for.")


def think(conversation: Conversation) -> Thought:
    """The answer to the last question of the user."""
    question = _last_question(conversation)
    for pattern, answer in _INTENTS:
        match = re.search(pattern, question, re.IGNORECASE | re.DOTALL)
        if match:
            return answer(conversation, match)
    return _codes(conversation)


def _last_question(conversation: Conversation) -> str:
    said = [s.words for s in conversation if s.role == "user" and s.words.strip()]
    return said[-1] if said else ""


def _echo(_: Conversation, match: re.Match[str]) -> Thought:
    return Thought(sentence=match.group(1).capitalize())


def _count(_: Conversation, __: re.Match[str]) -> Thought:
    return Thought(sentence=", ".join(str(n) for n in range(1, 301)))


def _colours(conversation: Conversation, _: re.Match[str]) -> Thought:
    look = _last(conversation)
    if look is None:
        return NOTHING_SEEN
    return _named(look.sight.colours)


def _squares(conversation: Conversation, match: re.Match[str]) -> Thought:
    """The colours of numbered squares. Numbers go with the order of the squares, as printed."""
    look = _last(conversation)
    if look is None:
        return NOTHING_SEEN
    seen = look.sight.colours
    numbers = [int(number) for number in re.findall(r"\d+", match.group(1))]
    return _named(tuple(f"{n}: {seen[n - 1]}" for n in numbers if 0 < n <= len(seen)))


def _tally(conversation: Conversation, _: re.Match[str]) -> Thought:
    look = _last(conversation)
    if look is None:
        return NOTHING_SEEN
    return _named(tuple(map(str, look.sight.tally)))


def _corner(conversation: Conversation, match: re.Match[str]) -> Thought:
    look = _last(conversation)
    if look is None:
        return NOTHING_SEEN
    right, low = _CORNERS[match.group(1).lower()]
    seen = look.sight.codes
    return _read(tuple(c.code for c in seen if (c.x > 0.5, c.y > 0.5) == (right, low)))


def _chart(conversation: Conversation, match: re.Match[str]) -> Thought:
    seen = looks(conversation)
    which = _ORDINALS.index(match.group(1).lower()) if match.group(1) else len(seen) - 1
    if not 0 <= which < len(seen):
        return NOTHING_SEEN
    return _read(_codes_of(seen[which]))


def _shared(conversation: Conversation, _: re.Match[str]) -> Thought:
    seen = looks(conversation)[-2:]
    if len(seen) < 2:
        return NOTHING_SEEN
    first, second = map(_codes_of, seen)
    return _read(tuple(code for code in first if code in second))


def _labelled(conversation: Conversation, match: re.Match[str]) -> Thought:
    if not looks(conversation):
        return _labelled_in_words(conversation, match.group(1))
    wanted = match.group(1).upper()
    return _read_look(next((k for label, k in _labels(conversation) if label == wanted), None))


def _nth(conversation: Conversation, match: re.Match[str]) -> Thought:
    seen = looks(conversation)
    which = _ORDINALS.index(match.group(1).lower())
    return _read_look(seen[which] if which < len(seen) else None)


def _all(conversation: Conversation, _: re.Match[str]) -> Thought:
    seen = looks(conversation)
    if not seen:
        return NOTHING_SEEN
    return _read(tuple(code for look in seen for code in _codes_of(look)[:1]))


def _codes(conversation: Conversation, _: re.Match[str] | None = None) -> Thought:
    look = _last(conversation)
    return _read(_codes_of(look)) if look else NOTHING_SEEN


def _reference(conversation: Conversation, _: re.Match[str]) -> Thought:
    words = "\n".join(said.words for said in conversation)
    said = r"(?:reference number is |编号是(?=[0-9A-Z]))([^\s.。]+)"
    given = re.findall(said, words, re.IGNORECASE)
    return Thought(codes=(given[-1],)) if given else NOTHING_GIVEN


def _noted(conversation: Conversation, _: re.Match[str]) -> Thought:
    """Codes that the words say."""
    return Thought(codes=tuple(re.findall(r"\b[0-9A-Z]{6}\b", _last_question(conversation))))


def _repeat(conversation: Conversation, _: re.Match[str]) -> Thought:
    """The texts before the question, which is the last text of its message, and the code."""
    said = next(s for s in conversation[::-1] if s.role == "user" and s.words.strip())
    *before, _question = [item for item in said.items if isinstance(item, str)]
    look = _last(conversation)
    return Thought(sentence="\n".join([*before, *(_codes_of(look) if look else ())]))


_INTENTS: tuple[tuple[str, Callable[[Conversation, re.Match[str]], Thought]], ...] = (
    (r"reply with the word (\w+)", _echo),
    (r"reply with the reference number|这个编号", _reference),
    (r"note the codes? [0-9A-Z]{6}\b", _noted),
    (r"repeat, word for word", _repeat),
    (r"count from one to", _count),
    (r"name the colours", _colours),
    (r"the squares are ([\d, ]+)", _squares),
    (r"how many discs", _tally),
    (r"code in the ((?:top|bottom) (?:left|right)) corner", _corner),
    (r"(?:the (\w+) picture shows )?lines of print", _chart),
    (r"appears in both", _shared),
    (r"code in picture ([A-Z])\b", _labelled),
    (r"code in the (first|second|third) picture", _nth),
    (r"codes of all pictures", _all),
    (r"code", _codes),
)


def _labelled_in_words(conversation: Conversation, label: str) -> Thought:
    words = "\n".join(said.words for said in conversation)
    given = re.search(rf"picture {label}: the code ([0-9A-Z]+)", words, re.IGNORECASE)
    return Thought(codes=(given[1],)) if given else NOTHING_SEEN


def _labels(conversation: Conversation) -> list[tuple[str, Look]]:
    """Each picture with the label in the words right before it."""
    found: list[tuple[str, Look]] = []
    for said in conversation:
        label = ""
        for item in said.items:
            if isinstance(item, Look):
                found.append((label, item))
                label = ""
            else:
                named = re.findall(r"picture ([A-Z])\b", item, re.IGNORECASE)
                label = named[-1].upper() if named else ""
    return found


def _last(conversation: Conversation) -> Look | None:
    return next(iter(looks(conversation)[::-1]), None)


def _codes_of(look: Look) -> tuple[str, ...]:
    return tuple(seen.code for seen in look.sight.codes)


def _read_look(look: Look | None) -> Thought:
    return _read(_codes_of(look)) if look else NOTHING_SEEN


def _read(codes: tuple[str, ...]) -> Thought:
    return Thought(codes=codes) if codes else NOTHING_READ


def _named(names: tuple[str, ...]) -> Thought:
    return Thought(sentence=", ".join(names)) if names else NOTHING_READ
