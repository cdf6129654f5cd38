"""Rate and constant of a bill, and when it may be called wrong."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.tokens.bill import LEEWAY
from conformance.tokens.slope import deviations, line

#: What gpt-4o bills for the pictures that the suite measures.
TILES = (255, 255, 765, 1105, 1105)
FIGURES = st.lists(st.integers(0, 50_000), min_size=3, max_size=12)


def test_what_is_billed_to_the_token_has_rate_one() -> None:
    found = line(TILES, [tokens + 21 for tokens in TILES])
    assert found is not None
    assert found.rate == pytest.approx(1)
    assert found.fixed == pytest.approx(21)
    assert found.scatter == pytest.approx(0, abs=1e-9)
    assert 0 < found.error < 0.01, "exact figures leave the doubt that rounding does"


@given(expected=FIGURES, rate=st.floats(0, 3), fixed=st.floats(-100, 1000))
def test_it_is_the_line_of_least_squares(expected: list[int], rate: float, fixed: float) -> None:
    noise = random.Random(7)
    billed = [round(fixed + rate * x + noise.gauss(0, 20)) for x in expected]
    found = line(expected, billed)
    if len(set(expected)) < 2:
        assert found is None
        return
    assert found is not None
    design = np.array([[1, x] for x in expected], dtype=float)
    wanted = np.linalg.lstsq(design, np.array(billed, dtype=float), rcond=None)[0]
    assert [found.fixed, found.rate] == pytest.approx(list(wanted), rel=1e-4, abs=1e-2)


@pytest.mark.parametrize("expected", [(), (1,), (1, 2), (346, 346, 346, 346)])
def test_no_line_through_too_little(expected: tuple[int, ...]) -> None:
    assert line(expected, expected) is None


@pytest.mark.parametrize("rate", [0.0, 0.5, 0.95, 1.05, 1.1, 2.0])
def test_a_wrong_rate_is_never_missed(rate: float) -> None:
    noise = random.Random(f"wrong {rate}")
    for _ in range(500):
        found = line(TILES, [round(rate * x) + noise.choice((-1, 0, 1)) for x in TILES])
        assert found is not None
        assert found.is_off(LEEWAY)


@pytest.mark.parametrize("most", [1, 2, 4])
def test_honest_rounding_is_never_accused(most: int) -> None:
    """One token of rounding each way, and up to four of separators."""
    noise = random.Random(f"honest {most}")
    for _ in range(2000):
        found = line(TILES, [x + 21 + noise.randint(-most, most) for x in TILES])
        assert found is not None
        assert not found.is_off(LEEWAY)


def test_the_interval_holds_the_true_rate_as_often_as_it_says() -> None:
    noise = random.Random("interval")
    inside = 0
    for _ in range(4000):
        found = line(TILES, [round(x + 21 + noise.gauss(0, 15)) for x in TILES])
        assert found is not None
        inside += abs(found.rate - 1) <= found.error
    assert 0.98 < inside / 4000 < 0.999


@pytest.mark.parametrize(
    ("billed", "off"),
    [
        ((276, 276, 786, 1126, 1126), (0, 0, 0, 0, 0)),
        ((276, 276, 786, 1126, 1226), (0, 0, 0, 0, 100)),
        ((85, 85, 85, 85, 85), (510, 510, 0, -340, -340)),
    ],
)
def test_deviations_leave_the_constant_out(billed: tuple[int, ...], off: tuple[int, ...]) -> None:
    assert deviations(TILES, billed) == off
