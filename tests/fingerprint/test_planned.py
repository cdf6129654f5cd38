"""The plan: few requests, computed, and enough to tell the rules apart."""

from __future__ import annotations

import numpy as np
import pytest

from conformance.fingerprint.alike import same_rules
from conformance.fingerprint.planned import MOST_REQUESTS, chosen, plan, pool
from conformance.fingerprint.shots import Request, costs, label
from conformance.tokens.rules import RULES, rule_named


def test_plan_is_small_and_has_what_differences_need() -> None:
    requests = plan()
    assert len(requests) <= MOST_REQUESTS < 16
    assert sorted(map(len, requests)) == [0, 0, *[1] * (len(requests) - 4), 2, 2]
    details = {shot.detail for shots in requests for shot in shots}
    assert details == {"high", "low"}
    assert any(shot.heavy for shots in requests for shot in shots)


@pytest.mark.slow
def test_plan_is_the_same_each_time() -> None:
    again = plan.__wrapped__(RULES)
    assert list(map(label, again)) == list(map(label, plan()))


def test_rules_that_stay_together_are_those_that_no_picture_of_the_pool_separates_well() -> None:
    expected = costs(RULES, plan())
    together = [{RULES[i].name for i in g} for g in same_rules(expected) if len(g) > 1]
    assert together == [
        {"gpt-4o", "one-api"},
        {"gpt-4o-mini", "one-api (4o-mini)"},
        {"gpt-5.6", "gpt-5.5"},
        {"gpt-5.2", "gpt-5-mini"},
        {"new-api", "camel"},
        {"new-api (not streamed)", "litellm (unreadable)"},
    ]


def test_plan_follows_the_rules() -> None:
    """Two rules that differ at low only are told apart by pictures at low."""
    pair = [rule_named("gpt-5.4"), rule_named("gpt-5.5")]
    shots = chosen([rule for rule in pair if rule], 5)
    assert [shot.detail for shot in shots].count("low") >= 2
    table = costs([rule for rule in pair if rule], [(shot,) for shot in shots])
    assert np.abs(table[0] - table[1]).max() > 100


def test_pictures_of_the_pool_are_such_as_endpoints_take() -> None:
    for shot in pool():
        assert max(shot.width, shot.height) <= 2048
        assert min(shot.width, shot.height) >= 64


def test_weights_are_those_of_the_bytes(wanted: tuple[Request, ...]) -> None:
    for shots in wanted:
        for shot in shots:
            pixels = 3 * shot.width * shot.height
            assert (shot.size > pixels * 0.8) if shot.heavy else (0 < shot.size < pixels / 5)
