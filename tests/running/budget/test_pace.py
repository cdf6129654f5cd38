"""The pace that is asked for, and the limits that an endpoint announces, are kept."""

from __future__ import annotations

import time
from collections import deque
from itertools import pairwise

import pytest

from conformance.running import announced
from conformance.running.budget import Budget, Tokens

#: Seconds of the window, in place of a minute.
WINDOW = 1.2


class Sliding:
    """Allows so many requests in any window, refuses the others, and may announce what is left."""

    def __init__(self, said, most: int, window: float, *, announces: bool, late: float = 0.0):
        self.said, self.most, self.window = said, most, window
        self.announces, self.late = announces, late
        self.taken: deque[float] = deque()
        self.refused = 0

    def __call__(self, number: int, words: str) -> object:
        now = time.monotonic()
        while self.taken and self.taken[0] <= now - self.window:
            self.taken.popleft()
        if len(self.taken) >= self.most:
            self.refused += 1
            return self.said(status=429, headers=self.told(now))
        self.taken.append(now)
        return self.said(headers=self.told(now), seconds=self.late)

    def told(self, now: float) -> tuple[tuple[str, str], ...]:
        reset = self.taken[0] + self.window - now
        return (
            ("x-ratelimit-limit-requests", str(self.most)),
            ("x-ratelimit-remaining-requests", str(self.most - len(self.taken))),
            ("x-ratelimit-reset-requests", f"{reset * 1000:.0f}ms"),
        ) * self.announces


@pytest.mark.sampled(6)
@pytest.mark.parametrize("questions", [90, 40, 130])
@pytest.mark.parametrize("announces", [False, True])
def test_no_request_is_refused_and_no_time_is_lost(run, said, questions, announces) -> None:
    """Asked for with --rpm, or heard from the endpoint: 60 in any window."""
    endpoint = Sliding(said, 60, WINDOW, announces=announces)
    budget = Budget(requests_per_minute=None if announces else 60)
    ended = run(endpoint, questions, budget, window=WINDOW, hurried=False)
    implied = (questions - 1) // 60 * WINDOW if announces else (questions - 1) * WINDOW / 60
    assert endpoint.refused == 0
    assert len(ended.endpoint.times) == questions
    # A busy machine takes its time as well; the ten per cent are held over a real minute.
    assert implied <= ended.seconds < 1.1 * implied + 1.5


@pytest.mark.long
@pytest.mark.parametrize("announces", [True, False])
def test_a_real_minute(run, said, announces: bool) -> None:
    endpoint = Sliding(said, 60, 60.0, announces=announces, late=0.2)
    budget = Budget(requests_per_minute=None if announces else 60)
    ended = run(endpoint, 90, budget, hurried=False)
    assert endpoint.refused == 0
    # All that is left goes at once; what is asked for is spread over the minute.
    implied = 60 if announces else 89
    assert implied <= ended.seconds < 1.1 * implied


@pytest.mark.slow
def test_no_window_holds_more(run, said) -> None:
    ended = run(lambda *_: said(), 30, Budget(requests_per_minute=10), window=1.0)
    times = ended.endpoint.times
    assert all(late - early >= 1.0 for early, late in zip(times, times[10:], strict=False))
    gaps = [late - early for early, late in pairwise(times)]
    assert min(gaps) >= 0.07, "a tenth of the window, less what a busy machine takes"
    assert ended.seconds < 1.0 * 2.9 * 1.1 + 0.5


@pytest.mark.slow
def test_tokens_are_paced(run, said) -> None:
    """100 tokens in a window: six requests of 15, and none of them waits longer than it must."""
    budget = Budget(tokens_per_minute=100)
    ended = run(lambda *_: said(), 13, budget, window=1.0, most=Tokens(prompt=10, completion=5))
    times = ended.endpoint.times
    assert all(late - early >= 1.0 for early, late in zip(times, times[6:], strict=False))
    assert 2.0 <= ended.seconds < 2.7


@pytest.mark.parametrize("remaining", ["-1", "nan", "1e999", "", "many", "0"])
def test_hostile_limits_hold_nobody_up(run, said, remaining: str) -> None:
    """Nor do limits whose window ends in a year."""
    names = ("x-ratelimit-remaining-requests", "ratelimit-remaining")
    resets = ("x-ratelimit-reset-requests", "ratelimit-reset")
    for reset in ("-5s", "8760h", "nan", "1e999", "", "soon"):
        headers = (*((n, remaining) for n in names), *((n, reset) for n in resets))
        ended = run(lambda *_, said_so=headers: said(headers=said_so), 2, hurried=False)
        assert not ended.refused
        assert ended.seconds < 1


@pytest.mark.slow
def test_a_limit_of_tokens_is_kept(run, said) -> None:
    """Two of 15 are left after the first reply; the window is waited for before the fourth."""
    left = iter([30, 15, 0, 1000, *[1000] * 20])

    def script(number: int, words: str) -> object:
        names = ("remaining", "reset")
        values = (str(next(left)), "300ms")
        found = zip(names, values, strict=True)
        return said(headers=tuple((f"x-ratelimit-{name}-tokens", value) for name, value in found))

    ended = run(script, 6, concurrency=1, hurried=False)
    times = ended.endpoint.times
    assert times[2] - times[0] < 0.2
    assert 0.3 <= times[3] - times[2] < 0.6


@pytest.mark.slow
@pytest.mark.parametrize("name", ["requests", "tokens"])
def test_a_limit_that_nobody_keeps_is_waited_for_once(run, said, monkeypatch, name: str) -> None:
    """Every reply says that nothing is left, and nothing is ever refused."""
    monkeypatch.setattr(announced, "WORTH_A_TRY", 0.2)
    headers = ((f"x-ratelimit-remaining-{name}", "0"), (f"x-ratelimit-reset-{name}", "400ms"))
    ended = run(lambda *_: said(headers=headers), 30, hurried=False)
    assert 0.4 <= ended.seconds < 1.5


@pytest.mark.slow
def test_a_limit_that_is_kept_is_tried_once(run, said, monkeypatch) -> None:
    monkeypatch.setattr(announced, "WORTH_A_TRY", 0.2)
    endpoint = Sliding(said, 1, 0.4, announces=True)
    ended = run(endpoint, 5, concurrency=1, hurried=False)
    assert len(ended.found) == 5
    assert endpoint.refused == 1


def test_what_is_waited_for_is_told(run, said) -> None:
    headers = (("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "59s"))
    ended = run(lambda *_: said(headers=headers), 3, Budget(seconds=0.5), concurrency=1)
    told = "until then the limit was waited for that the endpoint announces (x-ratelimit-requests"
    assert all(told in reason for reason in ended.refused)
    assert len(ended.refused) == 2
