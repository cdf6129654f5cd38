"""Section A, accused although innocent: trouble on the way, and limits that are told openly."""

from __future__ import annotations

import asyncio
import gzip
import random
import re
from dataclasses import replace
from itertools import count
from typing import Any, ClassVar

import httpx
import pytest
from between import Raw, after, before, error, mixed
from rehearsed import Run, in_areas, nth, run, verify_nobody_is_accused

from conformance.model import Json, Symptom, Verdict
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.mind import Thought

# ---------------------------------------------------------------- A1


@pytest.mark.slow
def test_a1_a_forwarder_that_says_429_from_the_13th_request_on() -> None:
    numbers = count(1)
    limit = "Rate limit reached."
    late = before(lambda _, __: error(429, limit) if next(numbers) > 12 else None)
    seen = run(checks=in_areas("url", "base64"), around=late)
    verify_nobody_is_accused(seen)
    assert seen.verdicts("url/credentials-are-not-forwarded") == {Verdict.UNOBSERVED}
    assert seen.verdicts("url/fetches-are-few") == {Verdict.UNOBSERVED}
    # Whatever is passed was seen in a reply, and there were twelve.
    assert seen.tally[Verdict.PASSED] <= 12
    assert set(seen.banners) == {"busy"}
    assert "429" in seen.banners["busy"]


# ---------------------------------------------------------------- A4


@pytest.mark.slow
def test_a4_two_percent_of_500() -> None:
    """Four seeds, each for a part of the cases; together they are a whole run."""
    parts = [run(cases=nth(n, 4), around=mixed(n, {"500": 0.02})) for n in range(4)]
    seen = Run(tuple(found for part in parts for found in part.findings))
    verify_nobody_is_accused(seen)
    assert not seen.with_verdict(Verdict.UNOBSERVED), seen.told(Verdict.UNOBSERVED)
    assert set(seen.banners) == {"weather"}
    low, high = told_interval(seen.banners["weather"])
    assert low <= 0.02 <= high


def told_interval(words: str) -> tuple[float, float]:
    low, high = re.findall(r"between ([\d.]+)% and ([\d.]+)%", words)[0]
    return float(low) / 100, float(high) / 100


# ---------------------------------------------------------------- A5


class Misreads(Endpoint):
    """Its model takes one character for another in one answer of twenty."""

    wrong: ClassVar[float] = 0.05

    def think(self, conversation: Conversation) -> Thought:
        thought = super().think(conversation)
        if not thought.codes or self.chance.random() >= self.wrong:
            return thought
        first, *others = thought.codes
        return replace(thought, codes=(first[:-1] + other_than(first[-1]), *others))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.chance = random.Random(5)


def other_than(character: str) -> str:
    return "3" if character != "3" else "7"


TROUBLE = dict.fromkeys(("500", "429", "reset", "stall", "cut"), 0.04)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "chances", "part"),
    [
        pytest.param(Endpoint, TROUBLE, 0, id="trouble"),
        pytest.param(Misreads, {}, 1, id="misread"),
        pytest.param(Misreads, TROUBLE, 2, id="both"),
    ],
)
def test_a5_twenty_percent_of_trouble(
    make: type[Endpoint], chances: dict[str, float], part: int
) -> None:
    seen = run(make, cases=nth(part, 3), around=mixed(20 + part, chances))
    verify_nobody_is_accused(seen)
    open_ = [f for f in seen.findings if f.verdict is not Verdict.PASSED]
    assert {f.verdict for f in open_} <= {Verdict.UNOBSERVED}, seen.told(Verdict.BLOCKED)
    assert len(open_) <= 0.02 * len(seen.findings), seen.told(Verdict.UNOBSERVED)
    assert set(seen.banners) == ({"weather"} if chances else set())


# ---------------------------------------------------------------- A6


def truncated(_: dict[str, Any], response: httpx.Response) -> httpx.Response:
    packed = gzip.compress(response.content)
    return coded(response, "gzip", packed[: len(packed) * 2 // 3])


def brotli(_: dict[str, Any], response: httpx.Response) -> httpx.Response:
    return coded(response, "br", b"\x0b\x02\x80{}\x03" + response.content[:9])


def coded(response: httpx.Response, coding: str, raw: bytes) -> httpx.Response:
    headers = {"content-type": "application/json", "content-encoding": coding}
    return httpx.Response(response.status_code, headers=headers, stream=Raw(raw))


@pytest.mark.parametrize(
    ("change", "reason"),
    [(truncated, "cut off"), (brotli, "content-encoding.*br")],
)
def test_a6_a_body_that_cannot_be_decoded(change: Any, reason: str) -> None:
    seen = run(checks={"base64/plain", "url/plain", "base64/format-is-read"}, around=after(change))
    verify_nobody_is_accused(seen)
    assert seen.verdicts("base64/plain") == {Verdict.UNOBSERVED}
    assert re.search(reason, seen.one("base64/plain").actual, re.IGNORECASE)


# ---------------------------------------------------------------- A16


class AnswersWithoutMessages(Endpoint):
    """Answers a request without messages; what it does refuse it refuses as is documented."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        hello = [{"role": "user", "content": "Hello."}]
        return body if "messages" in body else body | {"messages": hello}


def test_a16_what_is_not_refused_is_no_refusal_to_look_at() -> None:
    seen = run(AnswersWithoutMessages, in_areas("errors"))
    settled = (Verdict.PASSED, Verdict.BLOCKED)
    for check in ("errors/error-object-is-complete", "errors/error-is-json"):
        assert seen.one(check).verdict in settled, seen.one(check).actual
    assert seen.failed == {"errors/missing-messages-are-refused"}
    assert seen.symptoms == {Symptom.OVERLOOKED}


# ---------------------------------------------------------------- A17


class GivesUp(Endpoint):
    """Gives up a picture host that keeps silent, and says so with 502 and an error object."""

    patience: ClassVar[float] = 1.0

    async def load(self, url: str, path: str) -> Loaded:
        try:
            return await asyncio.wait_for(super().load(url, path), self.patience)
        except TimeoutError:
            raise ApiError("Timeout while downloading the image.", status=502) from None


def test_a17_a_silent_host_that_is_given_up_with_502() -> None:
    seen = run(GivesUp, {"url/plain", "url/silent-host-is-given-up"})
    assert seen.verdicts("url/silent-host-is-given-up") == {Verdict.PASSED}, seen.told()
    assert seen.statements == ()
