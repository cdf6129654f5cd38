"""Rate limits in headers: the documented examples, and anything else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.wire.ratelimits import COUNTED, LONGEST, announced, seconds_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def told(**headers: str) -> dict[str, tuple[str, int, float]]:
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return {a.name: (a.of, a.remaining, a.reset) for a in announced(pairs, NOW)}


def test_openai() -> None:
    """The table of its guide to rate limits."""
    found = told(
        x_ratelimit_limit_requests="60",
        x_ratelimit_limit_tokens="150000",
        x_ratelimit_remaining_requests="59",
        x_ratelimit_remaining_tokens="149984",
        x_ratelimit_reset_requests="1s",
        x_ratelimit_reset_tokens="6m0s",
    )
    assert found == {
        "x-ratelimit-requests": ("requests", 59, 1.0),
        "x-ratelimit-tokens": ("tokens", 149_984, 360.0),
    }


def test_anthropic() -> None:
    found = told(
        anthropic_ratelimit_requests_limit="50",
        anthropic_ratelimit_requests_remaining="49",
        anthropic_ratelimit_requests_reset="2026-03-01T00:00:30Z",
        anthropic_ratelimit_output_tokens_remaining="8000",
        anthropic_ratelimit_output_tokens_reset="2026-02-28T23:00:00Z",
    )
    assert found == {
        "anthropic-ratelimit-requests": ("requests", 49, 30.0),
        "anthropic-ratelimit-output-tokens": ("output-tokens", 8000, 0.0),
    }


def test_the_draft_of_the_ietf() -> None:
    """Its examples: one policy, two, one that counts bytes, and the older three headers."""
    assert told(ratelimit='"default";r=50;t=30') == {"ratelimit default": ("requests", 50, 30.0)}
    two = told(
        ratelimit_policy='"burst";q=100;w=60,"daily";q=1000;w=86400',
        ratelimit='"burst";r=3;t=20, "daily";r=900;t=4000',
    )
    assert [remaining for _, remaining, _ in two.values()] == [3, 900]
    policy = '"peruser";q=65535;qu="content-bytes";w=10'
    assert told(ratelimit_policy=policy, ratelimit='"peruser";r=9;t=5') == {}
    older = {"ratelimit_limit": "100", "ratelimit_remaining": "99", "ratelimit_reset": "50"}
    assert told(**older) == {"ratelimit": ("requests", 99, 50.0)}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("250ms", 0.25),
        ("2m59.56s", 179.56),
        ("1h2m3s", 3723.0),
        ("30", 30.0),
        ("0.5", 0.5),
        *((odd, None) for odd in ("", "-1s", "nan", "1e999", "1e3s", "soon", "1 s", "inf", "s")),
        *((odd, None) for odd in ("9" * 30, "9999d", "\u0661s", "1s" * 150 + "x", "+1")),
    ],
)
def test_durations(value: str, seconds: float | None) -> None:
    assert seconds_of(value) == (None if seconds is None else pytest.approx(seconds))


NAMES = st.sampled_from(
    [
        "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", "ratelimit",
        "ratelimit-policy", "ratelimit-remaining", "ratelimit-reset",
        "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset",
    ]
)  # fmt: skip
VALUES = st.text() | st.sampled_from(["0", "5", "1s", "9999-12-31T23:59:59Z", '"a";r=1;t=2'])


@given(st.lists(st.tuples(NAMES, VALUES), max_size=9))
def test_any_text_may_stand_in_them(headers: list[tuple[str, str]]) -> None:
    for found in announced(headers, NOW):
        assert found.of in COUNTED
        assert found.remaining >= 0
        assert 0 <= found.reset <= LONGEST
