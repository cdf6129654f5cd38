"""Bounds of a run on the command line: what reaches the endpoint, and how the report begins."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.reference.account import MODEL
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.wire import contract

REVOKED = JSONResponse(
    {"error": {"message": "Incorrect API key.", "type": "x", "code": "invalid_api_key"}}, 401
)
PRICES = "[prices]\ninput = 2.5\noutput = 10\ncurrency = 'USD'\n"


class Counted:
    """The reference endpoint, how many requests reached it, and what it says after ``most``."""

    def __init__(self, most: int | None = None, then: ASGIApp = REVOKED) -> None:
        self._app = make_app(Endpoint())
        self._most, self._then = most, then
        self.number = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.number += scope["type"] == "http"
        is_over = self._most is not None and self.number > self._most
        await (self._then if is_over else self._app)(scope, receive, send)


@pytest.fixture
def tested(command, serve: Callable[..., str], tmp_path: Path) -> Callable[..., object]:
    """``tested(endpoint, options…)``: how the command ended, and the report."""

    def run(endpoint: Counted, *options: object) -> tuple[object, dict]:
        (tmp_path / "t.toml").write_text(PRICES)
        at = ("--base-url", f"{serve(endpoint)}/v1", "--model", MODEL, "--target", "t.toml")
        ended = command("run", *at, "--area", "base64", "--seed", "committed", *options)
        doc = json.loads((tmp_path / "out" / "report.json").read_text())
        assert contract.problems("report", doc) == []
        return ended, doc

    return run


@pytest.mark.slow
def test_the_report_begins_with_what_was_not_sent(tested, tmp_path: Path) -> None:
    endpoint = Counted()
    ended, doc = tested(endpoint, "--max-requests", 7)
    assert ended.status == 3
    assert endpoint.number == doc["footer"]["spent"]["requests"] == 7
    told = "Not all was asked: the budget of 7 requests is spent (--max-requests)."
    assert doc["footer"]["banners"][0]["words"].startswith(told)
    assert ended.stdout.index(told) < ended.stdout.index("Area")
    assert "Sent: 7 requests" in ended.stdout.splitlines()[-2]
    page = (tmp_path / "out" / "report.html").read_text()
    assert told in page
    assert "7 requests, of which 0 retries" in page
    rest = [f for f in doc["findings"] if f["verdict"] not in ("passed", "not-applicable")]
    assert {f["verdict"] for f in rest} <= {"unobserved", "blocked"}
    assert any("is spent (--max-requests)" in f["actual"] for f in rest)


@pytest.mark.slow
def test_what_was_not_sent_is_sent_another_time(tested) -> None:
    tested(Counted(), "--max-requests", 7)
    endpoint = Counted()
    ended, doc = tested(endpoint)
    assert (ended.status, "goes on with the run" in ended.stderr) == (0, True)
    assert set(doc["footer"]["verdicts"]) <= {"passed", "not-applicable"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--max-tokens", 30_000), "--max-tokens"),
        (("--max-cost", 0.3), "0.3000 USD (--max-cost)"),
        (("--deadline", 0), "--deadline"),
        (("--max-requests", 0), "--max-requests"),
    ],
)
def test_each_bound_holds(tested, options: tuple[str, float], words: str) -> None:
    ended, doc = tested(Counted(), *options)
    assert ended.status == 3
    assert words in doc["footer"]["banners"][0]["words"]
    spent = doc["footer"]["spent"]
    tokens = spent["prompt_tokens"] + spent["completion_tokens"]
    assert spent["cost"] <= 0.3 if "--max-cost" in options else tokens <= 30_000


@pytest.mark.slow
def test_a_key_that_is_revoked_ends_the_run(tested) -> None:
    endpoint = Counted(20)
    ended, doc = tested(endpoint)
    assert ended.status == 3
    assert "refuses the key in OPENAI_API_KEY" in doc["footer"]["banners"][0]["words"]
    assert "failed" not in doc["footer"]["verdicts"]
    assert endpoint.number <= 20 + 16 * 2 + 3


def test_a_bound_of_the_cost_needs_prices(command) -> None:
    ended = command("run", "--base-url", "http://127.0.0.1:1/v1", "--model", "m", "--max-cost", 1)
    assert ended.status == 2
    assert "--max-cost needs prices" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_a_plan_tells_what_bounds_mean(command) -> None:
    ended = command("plan", "--area", "shape", "--rpm", 2, "--max-requests", 3, "--deadline", 9)
    assert ended.status == 0
    assert "at most 3 requests" in ended.stdout
    assert "at least 60 s in all" in ended.stdout
    assert "nothing is sent after 9 s" in ended.stdout
