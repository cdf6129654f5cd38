"""Section A, accused although innocent: limits that are documented, or told by an open refusal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from rehearsed import UNVOUCHED, in_areas, run, verify_nobody_is_accused

from conformance.model import Claim, Json, Reason, Symptom, Target, Verdict
from conformance.reference.addresses import Loaded
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.wire.jsontext import items_at

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


#: Nothing is promised of numbers and weights.
SILENT = replace(UNVOUCHED, most_pictures=None, most_bytes=None)


def documented(**more: Any) -> Target:
    return replace(SILENT, **more)


def without(claim: Claim) -> Target:
    return documented(unclaimed=frozenset({claim}))


@pytest.mark.parametrize(
    ("make", "target", "checks"),
    [
        pytest.param(TakesFive, SILENT, NUMBER | MANY, id="five"),
        pytest.param(TakesFive, documented(most_pictures=5), NUMBER | MANY, id="five, documented"),
        pytest.param(TakesNoUrls, without(Claim.URL), in_areas("url"), id="no URLs"),
        pytest.param(
            TakesNoGif,
            without(Claim.GIF),
            {"base64/format-is-read", "url/format-is-read", "base64/animated-gif"},
            id="no GIF",
        ),
        pytest.param(TakesAMegabyte, documented(most_bytes=1_000_000), WEIGHT, id="1 MB"),
        pytest.param(TakesAMegabyte, SILENT, WEIGHT, id="1 MB, not documented"),
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
    seen = run(TakesFive, NUMBER, target=SILENT)
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
    seen = run(DropsAboveFive, NUMBER, target=SILENT)
    assert seen.verdicts("multi-image/every-picture-is-seen[10]") == {Verdict.FAILED}
    assert seen.verdicts("multi-image/every-picture-is-seen[5]") == {Verdict.PASSED}
