"""What holds of each rule for every picture, and that the data say so truly."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.tokens.estimators import Enlarged
from conformance.tokens.estimators import LiteLLM as LiteLlm
from conformance.tokens.openai import fit, tile_size
from conformance.tokens.resized import Snapped
from conformance.tokens.rule import Rule
from conformance.tokens.rules import RULES

SIDES = st.integers(1, 20_000)
DETAILS = st.sampled_from(["low", "high", "auto", "original", "medium", ""])
NAMES = [rule.name for rule in RULES]
EVERY = pytest.mark.parametrize("rule", RULES, ids=NAMES)
FEW = settings(max_examples=60, deadline=None)
#: Sizes at which rules change their mind, to find examples among.
GRID = (1, 50, 125, 300, 384, 385, 500, 600, 769, 900, 1024, 1080, 1300, 1570, 2000, 2500, 5000)


@pytest.mark.sampled(4)
@EVERY
@FEW
@given(width=SIDES, height=SIDES, detail=DETAILS, size=st.integers(0, 10**8))
def test_cost_is_a_whole_number_within_bounds(
    rule: Rule, width: int, height: int, detail: str, size: int
) -> None:
    tokens = rule.cost(width, height, detail, size)
    assert type(tokens) is int
    assert tokens >= 0
    assert tokens == rule.cost(width, height, detail, size)
    if rule.most and detail == "high":
        assert tokens <= rule.most


@pytest.mark.sampled(4)
@EVERY
@FEW
@given(width=SIDES, height=SIDES, detail=DETAILS)
def test_size_that_is_counted_exists_and_never_grows(
    rule: Rule, width: int, height: int, detail: str
) -> None:
    w, h = rule.sees(width, height, detail)
    assert w >= 1
    assert h >= 1
    if not isinstance(rule, Enlarged | LiteLlm | Snapped):
        assert w <= width
        assert h <= height


@pytest.mark.sampled(4)
@pytest.mark.parametrize("rule", [r for r in RULES if r.symmetric], ids=lambda r: r.name)
@FEW
@given(width=SIDES, height=SIDES, detail=DETAILS)
def test_lying_costs_as_standing(rule: Rule, width: int, height: int, detail: str) -> None:
    assert rule.cost(width, height, detail) == rule.cost(height, width, detail)


@pytest.mark.parametrize("rule", [r for r in RULES if not r.symmetric], ids=lambda r: r.name)
def test_one_that_is_not_symmetric_shows_it_somewhere(rule: Rule) -> None:
    pairs = [(w, h) for w in GRID for h in GRID]
    assert any(rule.cost(w, h, "high") != rule.cost(h, w, "high") for w, h in pairs)


@pytest.mark.parametrize("rule", [r for r in RULES if r.monotone], ids=lambda r: r.name)
@FEW
@given(width=SIDES, height=SIDES, more=st.tuples(SIDES, SIDES), detail=DETAILS)
def test_larger_never_costs_less(
    rule: Rule, width: int, height: int, more: tuple[int, int], detail: str
) -> None:
    larger = rule.cost(width + more[0], height + more[1], detail)
    assert rule.cost(width, height, detail) <= larger


@pytest.mark.parametrize("rule", [r for r in RULES if not r.monotone], ids=lambda r: r.name)
def test_one_that_is_not_monotone_shows_it_somewhere(rule: Rule) -> None:
    sizes = [(w, h) for w in range(100, 4200, 61) for h in (100, 300, 900, 1500, 2200, 6000)]
    costs = {size: rule.cost(*size, "high") for size in sizes}
    assert any(costs[w, h] > costs[a, h] for w, h in sizes for a in range(100, 4200, 61) if a > w)


@FEW
@given(width=SIDES, height=SIDES, side=SIDES)
def test_fit_reaches_the_side_and_keeps_the_aspect(width: int, height: int, side: int) -> None:
    w, h = fit(width, height, side)
    assert max(w, h) == min(side, max(width, height))
    assert abs(w * height - h * width) <= max(width, height)


@FEW
@given(width=SIDES, height=SIDES)
def test_tile_size_is_within_both_bounds(width: int, height: int) -> None:
    w, h = tile_size(width, height)
    assert max(w, h) <= 2048
    assert min(w, h) <= 768


@pytest.mark.parametrize("name", ["new-api", "camel"])
def test_relays_that_enlarge_bill_small_pictures_as_large_ones(name: str) -> None:
    rule = next(r for r in RULES if r.name == name)
    assert rule.cost(64, 64, "high") == rule.cost(768, 768, "high") == 765
