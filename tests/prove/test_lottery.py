"""What the check for blind back ends promises, computed and not believed."""

from __future__ import annotations

from collections import defaultdict

import pytest

from conformance.checks.cache import FALSE_ALARM, MISSED, MOST_REPEATS, glimpsed, lottery


def odds(miss: float) -> dict[bool | None, float]:
    """The chance of each outcome where one answer in ``1 / miss`` misses."""
    found: defaultdict[bool | None, float] = defaultdict(float)
    states = {(0, 0): 1.0}
    for _ in range(MOST_REPEATS):
        after: defaultdict[tuple[int, int], float] = defaultdict(float)
        for (hits, misses), chance in states.items():
            for state, part in (((hits + 1, misses), 1 - miss), ((hits, misses + 1), miss)):
                settled = lottery(*state)
                if settled is None:
                    after[state] += chance * part
                else:
                    found[settled] += chance * part
        states = after
    found[None] = sum(states.values())
    return found


def test_twenty_good_answers_are_enough() -> None:
    assert lottery(19, 0) is None
    assert lottery(20, 0) is True


def test_one_blind_in_five_is_hardly_taken_for_healthy() -> None:
    assert MISSED > 0.8**20
    assert odds(0.2)[True] < 0.025
    assert odds(0.2)[False] > 0.94
    assert odds(0.25)[False] > 0.99


@pytest.mark.parametrize("miss", [0.0, 0.01, 0.03])
def test_who_sees_is_not_accused(miss: float) -> None:
    assert odds(miss)[False] < FALSE_ALARM


def test_one_blind_in_twenty_is_mostly_missed() -> None:
    assert 0.35 < 0.95**20 < 0.37
    assert odds(0.05)[False] < 0.01


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("KX74MP", True),
        ("The code is **kx74mp**.", True),
        ("K X 7 4 M P", False),
        ("It says KX7HHH, I think.", True),
        ("XK47PM", False),
        ("none", False),
        ("I cannot see a picture here.", False),
        ("", False),
    ],
)
def test_half_a_code_is_a_trace_of_the_picture(words: str, seen: bool) -> None:
    code = "KX74MP"
    assert glimpsed(words, code) is seen
