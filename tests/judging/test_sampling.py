"""When asking ends, and how often a sound endpoint is accused."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from math import sqrt

import pytest

from conformance.asking.questions import ask
from conformance.judging import sampling
from conformance.judging.reading import reads
from conformance.model import Exchange, Failed, Reply, Sent, Symptom

SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")
ASKED = ask("What is the code?")
RIGHT, WRONG = "The code is 7NHWT7.", "I can not tell."
MOST = sampling.MOST_SAMPLES


@pytest.mark.parametrize(
    ("hits", "misses", "wanted"),
    [(0, 0, None), (1, 0, True), (0, 1, None), (0, 8, None), (0, 9, False), (0, 20, False)],
)
def test_settled(hits: int, misses: int, wanted: bool | None) -> None:
    assert sampling.settled(hits, misses) is wanted


def test_a_question_is_asked_nine_times_at_most() -> None:
    assert MOST == 9


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


@pytest.mark.parametrize("share", [0.8, 0.5, 0.3])
def test_false_alarms_are_as_rare_as_computed(share: float) -> None:
    """Five thousand readings by a model that reads this share of pictures rightly."""
    rolls, runs = random.Random(20260301), 5_000
    alarms = sum(
        _is_accused(lambda: RIGHT if rolls.random() < share else WRONG)[0] for _ in range(runs)
    )
    wanted = (1 - share) ** MOST
    spread = 5 * sqrt(runs * wanted * (1 - wanted)) + 1
    assert abs(alarms - runs * wanted) <= spread


def test_false_alarms_are_as_rare_as_promised() -> None:
    assert (1 - sampling.READS) ** MOST <= sampling.FALSE_ALARM
    assert pytest.approx(2e-12, rel=0.05) == 0.05**MOST
    assert 400 * sampling.FALSE_ALARM <= 1 / 2500


def test_a_blind_endpoint_is_found_nearly_always() -> None:
    """It passes where one of its guesses is right."""
    assert 1 - (1 - sampling.GUESSES) ** MOST <= sampling.MISSED_DEFECT


def test_a_blind_endpoint_is_accused_after_nine_questions() -> None:
    assert _is_accused(lambda: "I see no picture.") == (True, MOST)


@pytest.mark.parametrize("misses", [0, 1, 8])
def test_a_right_reading_ends_the_questions(misses: int) -> None:
    answers = chain(repeat(WRONG, misses), repeat(RIGHT))
    assert _is_accused(lambda: next(answers)) == (False, misses + 1)


# ---------------------------------------------------------------- refusals


def _refused(times: int) -> Iterator[Exchange]:
    """So many refusals in a row, and right answers from there on."""
    no = Reply(is_error=True, error_message="no")
    yield from repeat(Exchange(probe=ASKED, sent=SENT, status=400, reply=no), times)
    yield from repeat(Exchange(probe=ASKED, sent=SENT, status=200, reply=Reply(text=RIGHT)))


@pytest.mark.parametrize("times", range(sampling.REFUSALS))
def test_one_refusal_may_be_chance(times: int) -> None:
    """A download that failed, or one channel of several."""
    dialogue, replies = reads(ASKED, "7NHWT7"), _refused(times)
    next(dialogue)
    for _ in range(times):
        dialogue.send(next(replies))
    with pytest.raises(StopIteration):
        dialogue.send(next(replies))


def test_so_many_are_none() -> None:
    dialogue, replies = reads(ASKED, "7NHWT7"), _refused(sampling.REFUSALS)
    next(dialogue)
    for _ in range(sampling.REFUSALS - 1):
        dialogue.send(next(replies))
    with pytest.raises(Failed) as failed:
        dialogue.send(next(replies))
    assert failed.value.symptom is Symptom.REFUSED
    assert 550 * 0.03**sampling.REFUSALS < 1e-3
