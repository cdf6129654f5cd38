"""Section C, told wrongly: what a report says of an area, of a rule that was guessed, of a hang."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from between import has_picture, parsed
from commanded import at, command
from rehearsed import PLAIN, UNVOUCHED, Run, in_areas, run
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from conformance.asgi.serving import serve_in_thread
from conformance.fingerprint.bill import bill_of_run
from conformance.model import Json, Level, Target, Verdict
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.report import document
from conformance.report.standing import Standing, standing
from conformance.tokens.rules import how_known, rule_name_for


def reported(seen: Run, target: Target) -> dict[str, Any]:
    """The report of a run, as JSON."""
    header = document.Header(
        suite_version="0",
        started="2026-11-01T00:00:00.000+00:00",
        finished="2026-11-01T00:01:00.000+00:00",
        target=target,
        seed="committed",
        mode="live",
        python="3.11",
        platform="linux",
    )
    bill = bill_of_run(target, (e for found in seen.findings for e in found.evidence))
    return document.document(header, seen.findings, interrupted=False, bill=bill)


# ---------------------------------------------------------------- C8

NO_RULE = replace(UNVOUCHED, model="gpt-4o", rule="")


class StripsDetail(Endpoint):
    """A relay that takes ``detail`` out of every request."""

    def detail_of(self, image: Mapping[str, Json]) -> str:
        return "auto"


def of_detail(make: type[Endpoint]) -> tuple[Run, Standing]:
    seen = run(make, {*in_areas("detail"), *PLAIN}, target=NO_RULE)
    rows = [f for f in reported(seen, NO_RULE)["findings"] if f["area"] == "detail"]
    return seen, standing(rows, whole=True)


def test_c8_detail_that_changes_nothing_is_accepted_and_not_praised() -> None:
    seen, told = of_detail(StripsDetail)
    assert not seen.failed, seen.told()
    assert told.words == "accepted, no effect seen"
    assert told.verdict != "passed"
    found = seen.one("detail/low-and-high-differ-in-cost")
    assert found.verdict is not Verdict.PASSED
    # Looked for in both places.
    assert "token" in found.actual
    assert "legible" in found.actual


def test_c8_detail_that_costs_more_has_an_effect() -> None:
    seen, told = of_detail(Endpoint)
    assert not seen.failed, seen.told()
    assert seen.verdicts("detail/low-and-high-differ-in-cost") == {Verdict.PASSED}
    assert "no effect" not in told.words


# ---------------------------------------------------------------- C10


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("openai:gpt-4o", "gpt-4o"),
        ("azure/gpt-4o@2024", "gpt-4o"),
        ("vendor.gpt-4o-v1:0", "gpt-4o"),
        ("gpt-4o", "gpt-4o"),
        ("not-a-model-that-anybody-knows", ""),
        ("fake-gpt-4o", ""),
    ],
)
def test_c10_the_rule_is_that_of_the_family(name: str, rule: str) -> None:
    assert rule_name_for(name) == rule
    is_guess = bool(rule) and name != rule
    assert bool(how_known(rule, name)) is is_guess
    assert (name in how_known(rule, name)) is is_guess


NAME = "azure/gpt-4o@2024"


class UnderAnotherName(Endpoint):
    """A relay whose name for gpt-4o is its own."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        return body | {"model": self.model} if body.get("model") == NAME else body


RATE = "usage/rate-is-that-of-the-guide"


def test_c10_bills_are_judged_by_it_and_the_guess_is_told() -> None:
    target = replace(UNVOUCHED, model=NAME, rule=rule_name_for(NAME))
    seen = run(UnderAnotherName, {*in_areas("usage", "detail"), *PLAIN}, target=target)
    for check in (RATE, "usage/costs-follow-the-rule", "detail/high-follows-the-size"):
        assert seen.verdicts(check) == {Verdict.PASSED}, seen.told()
    must = [f for f in seen.findings if f.case.check.level is Level.MUST]
    assert {found.verdict for found in must} == {Verdict.PASSED}, seen.told()
    told = json.dumps(reported(seen, target))
    assert re.search(f"guessed from the name {NAME}", told)


# ---------------------------------------------------------------- C6


def hangs_with_pictures(scope_of: Any) -> Any:
    """The endpoint, but whatever has a picture in it is never answered."""

    async def hanging(scope: Scope, receive: Receive, send: Send) -> None:
        pieces: list[bytes] = []
        more = scope["method"] == "POST"
        while more:
            message = await receive()
            pieces.append(message.get("body", b""))
            more = message.get("more_body", False)
        body = b"".join(pieces)
        if has_picture(parsed(body)):
            await asyncio.sleep(60)
        given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return given.pop() if given else await receive()

        await scope_of(scope, again, send)

    return hanging


@pytest.mark.slow
def test_c6_every_request_with_a_picture_hangs_and_plain_ones_are_answered(tmp_path: Path) -> None:
    narrowed = [part for area in ("base64", "url", "errors") for part in ("--area", area)]
    with serve_in_thread(hangs_with_pictures(make_app(Endpoint()))) as url:
        asked = ("--timeout", "1", *narrowed, "-k", "plain")
        ended = command(tmp_path, *at(f"{url}/v1"), *asked)
    assert ended.seconds < 120
    assert ended.status == 1
    assert ended.verdicts["errors/plain-text-is-answered"] == "passed"
    for found in ended.report["findings"]:
        if found["case"] in PLAIN:
            assert (found["verdict"], found["symptom"]) == ("failed", "no-reply")
            assert re.search(r"no whole reply within 1 s, (\d) of \1 times", found["actual"])
    (told,) = ended.report["footer"]["diagnosis"]
    assert told["symptom"] == "no-reply"
    # Pictures get no answer, while words do; of what kind they were is not known.
    assert told["traits"] == ["pictures"], told["words"]
    assert (told["red"], told["judged"], told["red_without"]) == (2, 2, 0)
    assert ended.report["footer"]["banners"] == []


# ---------------------------------------------------------------- C13


def test_c13_the_words_of_the_endpoints_own_404_are_quoted(tmp_path: Path) -> None:
    words = "Resource not found: add the query parameter api-version."
    missing = JSONResponse({"error": {"code": "404", "message": words}}, 404)
    with serve_in_thread(missing) as url:
        ended = command(tmp_path, *at(f"{url}/openai/v1"))
    assert ended.status == 2, ended.said
    assert words in ended.stderr
    # The address is right: that is not what is advised.
    assert "a web page" not in ended.stderr
    assert not re.search("^[^“]*check --base-url", ended.stderr)
    assert len(ended.stderr.strip().splitlines()) == 1
    assert not ended.is_reported
