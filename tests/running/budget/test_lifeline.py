"""A run ends where plain questions are refused for good, and never for one odd reply."""

from __future__ import annotations

import json
import random

import pytest

from conformance.asking import prompts
from conformance.model import Target
from conformance.preflight.gone import is_gone
from conformance.running.budget import Budget

TARGET = Target(name="t", base_url="http://127.0.0.1:1/v1", model="m")


def error(code: str, message: str) -> dict:
    return {"error": {"message": message, "type": code, "code": code}}


GONE = {
    "402": (402, error("billing", "Payment Required"), (), "no quota left"),
    "quota": (429, error("insufficient_quota", "You exceeded your quota."), (), "no quota left"),
    "key": (401, error("invalid_api_key", "Incorrect API key provided."), (), "refuses the key"),
    "model": (404, error("model_not_found", "The model m does not exist"), (), "the model 'm'"),
    "403": (403, error("api_key_disabled", "API key has been disabled."), (), "refuses the key"),
    "400": (400, error("invalid_api_key", "API key not valid."), (), "refuses the key"),
    "令牌": (403, error("new_api_error", "该令牌状态不可用"), (), "refuses the key"),
    "banned": (403, error("", "Your account has been suspended."), (), "refuses the key"),
    "400 model": (400, error("model_not_found", "No such model."), (), "the model 'm'"),
    "channel": (503, error("model_not_found", "无可用渠道（distributor）"), (), "the model 'm'"),
    "wait": (
        429, error("rate_limit", "Rate limit reached."), (("retry-after", "99999999"),),
        "answered 429 and asked to wait 99999999 s",
    ),
}  # fmt: skip


def fatal(exchange):
    return is_gone(exchange, TARGET, 60.0)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", GONE)
def test_the_rest_is_not_sent(run, said, name: str) -> None:
    status, body, headers, words = GONE[name]
    gone = said(status=status, body=body, headers=headers)
    ended = run(
        lambda n, _: said() if n <= 20 else gone, 200, concurrency=8, fatal=fatal, hurried=False
    )
    assert len(ended.refused) == 180
    assert all(words in reason for reason in ended.refused)
    # What was under way, and the plain questions that confirm it.
    assert len(ended.endpoint.times) <= 20 + 8 * 2 + 10
    assert ended.seconds < 3


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", sorted(GONE))
def test_what_plain_questions_do_not_meet_ends_nothing(run, said, name: str) -> None:
    status, body, headers, _ = GONE[name]
    odd = said(status=status, body=body, headers=headers)

    def script(number: int, words: str) -> object:
        is_plain = json.loads(words)["messages"][0]["content"] == prompts.READY
        return odd if not is_plain and number % 3 == 0 else said()

    ended = run(script, 40, fatal=fatal)
    assert not ended.refused
    assert len(ended.found) == 40


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.2, 0.5])
def test_one_back_end_of_several_ends_nothing(run, said, share: float) -> None:
    """Whoever asks often enough meets the one whose key is gone several times in a row."""
    status, body, _, _ = GONE["key"]
    chance = random.Random(7)
    ended = run(
        lambda *_: said(status=status, body=body) if chance.random() < share else said(),
        150, Budget(), concurrency=8, fatal=fatal,
    )  # fmt: skip
    assert not ended.refused


def test_a_request_that_is_told_to_wait_too_long_is_told_so(run, said) -> None:
    """Of itself alone: it is given up, and says why."""
    late = said(status=429, headers=(("retry-after", "3600"),))
    ended = run(lambda n, words: late if "question 7" in words else said(), 9, fatal=fatal)
    [found] = [each for each in ended.found if each.status == 429]
    assert "answered 429 and asked to wait 3600 s" in found.failure
    assert not found.is_judgeable
    assert found.attempts == 1


def test_what_was_met_before_the_end_is_told(run, said) -> None:
    """A deadline alone says nothing of why the request had no reply by then."""
    ended = run(lambda *_: said(status=500), 1, Budget(seconds=0.4), hurried=False)
    [told] = ended.refused
    assert told.startswith("the deadline of 0.4 s is over (--deadline); until then this request")
    assert "in trouble" in told
    assert "500" in told
