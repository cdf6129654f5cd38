"""When asking ends, and how often a sound endpoint is accused."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import sqrt

import pytest

from conformance import sampling
from conformance.dialogue import ask, reads
from conformance.model import Exchange, Failed, Reply, Sent

SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")
ASKED = ask("What is the code?")


@pytest.mark.parametrize(
    ("hits", "misses", "wanted"),
    [(0, 0, None), (1, 0, True), (0, 1, None), (0, 2, None), (0, 3, False), (0, 9, False)],
)
def test_settled(hits: int, misses: int, wanted: bool | None) -> None:
    assert sampling.settled(hits, misses) is wanted


def test_a_question_is_asked_three_times_at_most() -> None:
    assert sampling.MOST_SAMPLES == 3


def _is_accused(answers: Callable[[], str]) -> tuple[bool, int]:
    """Plays one reading to its end: whether it failed, and how often it asked."""
    dialogue = reads(ASKED, "7NHWT7")
    probe, asked = next(dialogue), 1
    try:
        while True:
            reply = Reply(text=answers(), finish_reason="stop")
            probe = dialogue.send(Exchange(probe=probe, sent=SENT, status=200, reply=reply))
            asked += 1
    except StopIteration:
        return False, asked
    except Failed:
        return True, asked


@pytest.mark.parametrize("share", [0.97, 0.90])
def test_false_alarms_are_as_rare_as_promised(share: float) -> None:
    """Twenty thousand readings by a model that reads this share of pictures rightly."""
    rolls, runs = random.Random(20260301), 20_000
    alarms = sum(
        _is_accused(lambda: "7NHWT7" if rolls.random() < share else "I can not tell.")[0]
        for _ in range(runs)
    )
    wanted = (1 - share) ** sampling.MOST_SAMPLES
    spread = 5 * sqrt(runs * wanted * (1 - wanted)) + 1
    assert abs(alarms - runs * wanted) <= spread
    assert wanted <= sampling.FALSE_ALARM * 1.001


def test_a_blind_endpoint_is_accused_after_three_questions() -> None:
    assert _is_accused(lambda: "I see no picture.") == (True, 3)


def test_a_right_reading_ends_the_questions() -> None:
    assert _is_accused(lambda: "The code is 7NHWT7.") == (False, 1)
