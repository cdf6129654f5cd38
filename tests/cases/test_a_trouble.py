"""Section A, accused although innocent: trouble on the way, and limits that are told openly."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
from dataclasses import replace
from itertools import count
from typing import Any, ClassVar

import httpx
import pytest
from between import Raw, after, before, error, mixed
from rehearsed import UNVOUCHED, Run, in_areas, nth, run, verify_nobody_is_accused

from conformance.model import Claim, Json, Reason, Target, Verdict
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.mind import Thought
from conformance.symptom import Symptom
from conformance.wire.jsontext import items_at

# ---------------------------------------------------------------- A1


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
    [(truncated, "decod|gzip|incomplete|truncated"), (brotli, "content-encoding.*br")],
)
def test_a6_a_body_that_cannot_be_decoded(change: Any, reason: str) -> None:
    seen = run(checks={"base64/plain", "url/plain", "base64/format-is-read"}, around=after(change))
    verify_nobody_is_accused(seen)
    assert seen.verdicts("base64/plain") == {Verdict.UNOBSERVED}
    assert re.search(reason, seen.one("base64/plain").actual, re.IGNORECASE)


# ---------------------------------------------------------------- A15


def pictures_in(body: dict[str, Json]) -> int:
    return json.dumps(body.get("messages", "")).count('"image_url"') // 2


class TakesFive(Endpoint):
    """Takes at most five pictures a request, says so in its documents, and refuses more."""

    most = 5

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        if pictures_in(body) > self.most:
            raise ApiError(f"At most {self.most} images are allowed per request.")


class DropsAboveFive(Endpoint):
    """Takes five pictures a request, and leaves the others out without a word."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        left = 5
        for message in items_at(body, "messages"):
            if not isinstance(message.get("content"), list):
                continue
            kept = []
            for part in message["content"]:
                is_image = part.get("type") == "image_url"
                left -= is_image
                kept += [part] if left >= 0 or not is_image else []
            message["content"] = kept
        return body


class TakesNoUrls(Endpoint):
    """Takes data URLs alone, and refuses others."""

    async def load(self, url: str, path: str) -> Loaded:
        if not url.lower().startswith("data:"):
            raise ApiError("Only base64-encoded images are supported.", param=path)
        return await super().load(url, path)


class TakesNoGif(Endpoint):
    """Takes no GIF."""

    async def load(self, url: str, path: str) -> Loaded:
        loaded = await super().load(url, path)
        if loaded.data[:4] == b"GIF8":
            raise ApiError("GIF images are not supported.", code="invalid_image_format")
        return loaded


class TakesAMegabyte(Endpoint):
    """Takes pictures up to 1 MB."""

    async def load(self, url: str, path: str) -> Loaded:
        loaded = await super().load(url, path)
        if len(loaded.data) > 1_000_000:
            raise ApiError("Images must be at most 1 MB.", code="image_too_large")
        return loaded


NUMBER = {"multi-image/every-picture-is-seen", "multi-image/order-is-kept"}
MANY = {"limits/many-pictures-are-read-or-refused"}
WEIGHT = {"limits/common-weight-is-read", "base64/several-megabytes"}


def documented(**more: Any) -> Target:
    return replace(UNVOUCHED, **more)


def without(claim: Claim) -> Target:
    return documented(unclaimed=frozenset({claim}))


@pytest.mark.parametrize(
    ("make", "target", "checks"),
    [
        pytest.param(TakesFive, UNVOUCHED, NUMBER | MANY, id="five"),
        pytest.param(TakesFive, documented(most_pictures=5), NUMBER | MANY, id="five, documented"),
        pytest.param(TakesNoUrls, without(Claim.URL), in_areas("url"), id="no URLs"),
        pytest.param(
            TakesNoGif,
            without(Claim.GIF),
            {"base64/format-is-read", "url/format-is-read", "base64/animated-gif"},
            id="no GIF",
        ),
        pytest.param(TakesAMegabyte, documented(most_bytes=1_000_000), WEIGHT, id="1 MB"),
        pytest.param(TakesAMegabyte, UNVOUCHED, WEIGHT, id="1 MB, not documented"),
    ],
)
def test_a15_more_than_is_taken_is_refused_openly(
    make: type[Endpoint], target: Target, checks: set[str]
) -> None:
    seen = run(make, {*checks, "base64/plain"}, target=target)
    verify_nobody_is_accused(seen)
    beyond = seen.with_verdict(Verdict.NOT_APPLICABLE)
    assert beyond
    assert {found.why for found in beyond} <= {Reason.LIMIT, Reason.UNCLAIMED}


def test_a15_the_limit_is_told() -> None:
    seen = run(TakesFive, NUMBER)
    for check in NUMBER:
        assert seen.verdicts(f"{check}[5]") == {Verdict.PASSED}
        assert seen.one(f"{check}[10]").why is Reason.LIMIT
        assert "10 pictures are refused openly" in seen.one(f"{check}[10]").actual
        assert "At most 5 images" in seen.one(f"{check}[10]").actual


def test_a15_less_than_the_documents_promise_is_a_violation() -> None:
    seen = run(TakesFive, NUMBER, target=documented(most_pictures=10))
    assert seen.one("multi-image/every-picture-is-seen[10]").symptom is Symptom.REFUSED
    assert seen.one("multi-image/every-picture-is-seen[20]").why is Reason.LIMIT


def test_a15_a_silent_loss_is_a_violation() -> None:
    seen = run(DropsAboveFive, NUMBER)
    assert seen.verdicts("multi-image/every-picture-is-seen[10]") == {Verdict.FAILED}
    assert seen.verdicts("multi-image/every-picture-is-seen[5]") == {Verdict.PASSED}


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
