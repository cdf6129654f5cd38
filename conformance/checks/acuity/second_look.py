"""A later question, which no caption of the picture foresaw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import comb
from typing import Final

from conformance.asking import prompts, questions, sources
from conformance.checks.acuity._charts import READ, high_detail
from conformance.judging import answers, premises, reading, replies, ways
from conformance.model import (
    Ability,
    Dialogue,
    Failed,
    ImagePart,
    Lab,
    Level,
    Observed,
    Picture,
    Probe,
    Steps,
    Symptom,
    Unobserved,
    Via,
)
from conformance.registry import check

#: Squares that one question asks for, and how many must be right. Of six colours, each as often
#: as every other, the best guess is right with 11 in 64.
ASKED: Final = 20
ENOUGH: Final = 12
BEST_GUESS: Final = 11 / 64
#: Below this share of all squares that were asked for, nobody has looked: a guess gives 17 %. A
#: model that gives three squares of five is accused with a probability under 1 in 1000.
UNSEEN: Final = 0.4
#: The numbers 1 to 64 in an order without a pattern to the eye: 27 and 64 have no common divisor.
NUMBERS: Final = tuple((27 * n + 5) % 64 + 1 for n in range(64))
BOARD_GUESS: Final = (
    len(NUMBERS)
    // ASKED
    * sum(
        comb(ASKED, n) * BEST_GUESS**n * (1 - BEST_GUESS) ** (ASKED - n)
        for n in range(ENOUGH, ASKED + 1)
    )
)


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=READ, guess=BOARD_GUESS)
def second_look_is_possible(lab: Lab) -> Dialogue:
    """A later question about a picture is answered from the picture, not from a caption of it."""
    via = yield from ways.transport(lab)
    yield from _colours_are_seen(lab, via)
    yield from premises.earlier_turns_are_seen(lab, via)
    board = lab.pictures["board-1"]
    shown = questions.image(board, via, high_detail(lab))
    expected = f"the colours of at least {ENOUGH} of {ASKED} squares, asked for in a later turn"
    right = yield from _later(shown, board, expected)
    if right[-1] >= ENOUGH:
        return Observed(expected=expected, actual=f"{right[-1]} of {ASKED} squares")
    actual = f"{', '.join(map(str, right))} of {ASKED} squares"
    if sum(right) >= UNSEEN * ASKED * len(right):
        raise Unobserved(f"{actual}, which settles nothing", expected=expected)
    at_once = yield from _at_once(shown, board, expected)
    if at_once < ENOUGH and Ability.COLOURS not in lab.target.vouched:
        words = f"{at_once} of {ASKED} squares even where they are asked for at once"
        raise Unobserved(words, expected=expected, ability=Ability.COLOURS)
    trace = f"the trace of a caption: {actual}; {at_once} when asked together with the picture"
    hint = "words about the picture, made before the question was known, may stand in its place"
    raise Failed(trace, symptom=Symptom.DEGRADED, expected=expected, hint=hint)


def _later(shown: ImagePart, board: Picture, expected: str) -> Steps[list[int]]:
    """How many squares are right where they are asked for in a later turn, until enough are."""
    before = (
        questions.turn(shown, prompts.DESCRIBE),
        questions.turn(prompts.DESCRIBED, role="assistant"),
    )
    right: list[int] = []
    for attempt in range(len(NUMBERS) // ASKED):
        question = questions.turn(prompts.BOARD.format(_listed(attempt)))
        probe = questions.talk(*before, question)
        right.append((yield from _right(probe, board, attempt, expected)))
        if right[-1] >= ENOUGH:
            break
    return right


def _at_once(shown: ImagePart, board: Picture, expected: str) -> Steps[int]:
    """The most squares that are right where they are asked for together with the picture."""
    right = []
    for attempt in range(len(NUMBERS) // ASKED):
        probe = questions.ask(shown, prompts.BOARD.format(_listed(attempt)))
        right.append((yield from _right(probe, board, attempt, expected)))
    return max(right)


def _colours_are_seen(lab: Lab, via: Via) -> Steps[None]:
    """Raises Unobserved unless this model names colours."""
    grid = lab.pictures["grid-1"]
    wanted = grid.facts.colours
    try:
        probe = questions.ask(questions.image(grid, via), prompts.COLOURS)
        yield from reading.until(
            probe, lambda words: answers.colours_in(words) == wanted, "the colours"
        )
    except Failed as failed:
        if failed.symptom is Symptom.REFUSED:
            raise
        raise Unobserved(failed.actual, ability=Ability.COLOURS) from None


def _numbers(attempt: int) -> tuple[int, ...]:
    return NUMBERS[attempt * ASKED : (attempt + 1) * ASKED]


def _listed(attempt: int) -> str:
    return ", ".join(map(str, _numbers(attempt)))


def _right(probe: Probe, board: Picture, attempt: int, expected: str) -> Steps[int]:
    """How many squares of an answer have the colour that they have on the board."""
    exchange = yield probe
    words = replies.answered(exchange, expected)
    numbers = _numbers(attempt)
    named = _squares(words, numbers)
    return sum(named.get(n) == board.facts.colours[n - 1] for n in numbers)


def _squares(words: str, numbers: Sequence[int]) -> dict[int, str]:
    """The colour that an answer names for each number; by their order where it has no numbers."""
    text = words[: answers.LIMIT]
    colours = answers.colours_in(text)
    if len(colours) == len(numbers):
        return dict(zip(numbers, colours, strict=True))
    pieces = re.findall(r"(?<!\d)(\d{1,2})(?!\d)(\D{1,40})", text)
    found = {int(number): answers.colours_in(piece)[:1] for number, piece in pieces[:500]}
    return {number: colour[0] for number, colour in found.items() if colour}
