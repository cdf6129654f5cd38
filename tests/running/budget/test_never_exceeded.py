"""A budget is never exceeded: by not one request, one token, one cent or one moment."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.running.budget import Budget, Prices, Tokens

RESET = 0
MOST = Tokens(prompt=10, completion=5)


@pytest.mark.parametrize("examples", [8, pytest.param(100, marks=pytest.mark.slow)])
def test_no_more_requests_reach_the_endpoint(run, said, examples: int) -> None:
    """Whatever goes wrong, retries and plain questions included."""

    @settings(max_examples=examples, deadline=None)
    @given(
        most=st.integers(0, 60),
        concurrency=st.integers(1, 64),
        questions=st.integers(1, 80),
        seed=st.integers(0, 2**16),
        trouble=st.sampled_from([0.0, 0.3, 0.9, 1.0]),
    )
    def holds(**drawn: int) -> None:
        _sends_no_more(run, said, **drawn)

    holds()


def _sends_no_more(
    run, said, *, most: int, concurrency: int, questions: int, seed: int, trouble: float
) -> None:
    chance = random.Random(seed)

    def script(number: int, words: str) -> object:
        if chance.random() >= trouble:
            return said()
        return said(status=chance.choice([429, 500, 503, RESET]), headers=(("retry-after", "0"),))

    ended = run(script, questions, Budget(requests=most), concurrency=concurrency)
    sent = len(ended.endpoint.times)
    assert sent <= most
    assert ended.spent.requests == sent
    if ended.refused:
        assert sent == most
        reasons = {reason.partition("; until then")[0] for reason in ended.refused}
        assert reasons == {f"the budget of {most:,} requests is spent (--max-requests)"}
    if not trouble:
        assert sent == min(most, questions)


def test_retries_are_counted(run, said) -> None:
    ended = run(lambda n, _: said(status=500 if n == 1 else 200), 1, Budget(requests=9))
    assert (ended.spent.requests, ended.spent.retries) == (2, 1)


@pytest.mark.parametrize("concurrency", [1, 16, 64])
def test_what_is_given_back_is_used(run, said, concurrency: int) -> None:
    """Each may take 1000 and takes 15: one after the other all of them find room."""
    most = Tokens(prompt=500, completion=500)
    budget = Budget(tokens=2000)
    ended = run(lambda *_: said(), 40, budget, concurrency=concurrency, most=most)
    assert not ended.refused
    assert ended.spent.tokens.total == 40 * 15


@pytest.mark.parametrize("budget", [Budget(tokens=100), Budget(cost=100e-6)])
def test_tokens_and_money_are_never_more(run, said, budget: Budget) -> None:
    """Seven at most by what they may take, and by what they took."""
    prices = Prices(input=1, output=1)
    ended = run(lambda *_: said(), 40, budget, prices=prices)
    assert len(ended.endpoint.times) == 6
    assert ended.spent.tokens.total == 90
    assert len(ended.refused) == 34


def test_a_reply_without_usage_has_taken_the_most(run, said) -> None:
    most = Tokens(prompt=30, completion=20)
    ended = run(lambda *_: said(body={"choices": []}), 9, Budget(tokens=200), most=most)
    assert len(ended.endpoint.times) == 4
    assert (ended.spent.tokens.total, ended.spent.unbilled) == (200, 4)


def test_who_bills_more_than_the_most_is_reckoned_with(run, said) -> None:
    """The first bill is ten times what was thought, and so the next ones are thought to be."""
    most = Tokens(prompt=1, completion=1)
    ended = run(lambda *_: said(), 9, Budget(tokens=50), concurrency=1, most=most)
    assert ended.spent.tokens.total == 45
    assert len(ended.refused) == 6


@pytest.mark.sampled(3)
@pytest.mark.parametrize("where", ["reply", "pause", "pace"])
def test_after_the_deadline_nothing_is_sent_or_waited_for(run, said, where: str) -> None:
    scripts = {
        "reply": lambda *_: said(seconds=30),
        "pause": lambda *_: said(status=429, headers=(("retry-after", "30"),)),
        "pace": lambda *_: said(),
    }
    budget = Budget(seconds=0.4, requests_per_minute=5 if where == "pace" else None)
    ended = run(scripts[where], 20, budget, concurrency=8, hurried=False)
    assert 0.3 < ended.seconds < 1.5
    reasons = {reason.partition("; until then")[0] for reason in ended.refused}
    assert reasons == {"the deadline of 0.4 s is over (--deadline)"}
    assert len(ended.refused) == (19 if where == "pace" else 20)
    assert ended.spent.requests == len(ended.endpoint.times) <= 8


def test_no_deadline_gives_nothing_up(run, said) -> None:
    ended = run(lambda *_: said(seconds=0.05), 20, Budget(seconds=60))
    assert not ended.refused
