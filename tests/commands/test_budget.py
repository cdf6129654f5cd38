"""A run sends no more, and lasts no longer, than it was told: not by one request."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint

#: Random budgets that are tried; more are worth their time now and then.
BUDGETS = int(os.environ.get("BUDGETS", "6"))


class Troubled:
    """The reference endpoint, a share of whose replies are 429 and 500; it counts requests."""

    def __init__(self, share: float = 0.0, seed: int = 0) -> None:
        self.app: ASGIApp = make_app(Endpoint())
        self.count = 0
        self._share = share
        self._random = random.Random(seed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += scope["type"] == "http"
        if scope["type"] == "http" and self._random.random() < self._share:
            status = self._random.choice([429, 500])
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})
            return
        await self.app(scope, receive, send)


async def silent(scope: Scope, receive: Receive, send: Send) -> None:
    """Takes every request and never answers."""
    if scope["type"] == "http":
        await asyncio.sleep(60)


def footer(out: Path) -> dict:
    return json.loads((out / "report.json").read_text())["footer"]


def test_no_request_beyond_the_budget(command, serve, tmp_path: Path) -> None:
    endpoint = Troubled()
    run = ("run", "--base-url", f"{serve(endpoint)}/v1", "--model", "gpt-4o", "--area", "history")
    ended = command(*run, "--max-requests", 3)
    assert endpoint.count == 3
    assert ended.status == 3, ended
    told = footer(tmp_path / "out")
    assert told["banners"][0]["kind"] == "ended"
    assert "the budget of 3 requests is spent" in told["banners"][0]["words"]
    assert set(told["verdicts"]) <= {"unobserved", "passed", "not-applicable"}
    assert "the budget of 3 requests is spent" in ended.stdout
    assert "the budget of 3 requests is spent" in (tmp_path / "out" / "report.html").read_text()


@pytest.mark.long
def test_a_budget_that_suffices_changes_nothing(command, serve, tmp_path: Path) -> None:
    endpoint = Troubled()
    run = ("run", "--base-url", f"{serve(endpoint)}/v1", "--model", "gpt-4o", "--area", "history")
    assert command(*run, "--max-requests", 500, "--deadline", 300).status == 0
    assert footer(tmp_path / "out")["banners"] == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(BUDGETS))
def test_no_budget_is_ever_exceeded(command, serve, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    most, at_once = chance.randint(0, 60), chance.randint(1, 64)
    endpoint = Troubled(chance.choice([0.0, 0.2, 0.6]), seed)
    at = ("run", "--base-url", f"{serve(endpoint)}/v1", "--model", "gpt-4o", "--area", "history")
    ended = command(*at, "--max-requests", most, "--concurrency", at_once, "--deadline", 20)
    assert endpoint.count <= most, ended
    assert "failed" not in footer(tmp_path / "out")["verdicts"]


def test_the_deadline_ends_a_run_that_nobody_answers(command, serve, tmp_path: Path) -> None:
    at = ("run", "--base-url", f"{serve(silent)}/v1", "--model", "gpt-4o", "--area", "history")
    began = time.monotonic()
    ended = command(*at, "--deadline", 0.5)
    assert time.monotonic() - began < 0.5 + 3
    assert ended.status == 3, ended
    told = footer(tmp_path / "out")
    assert set(told["verdicts"]) <= {"unobserved", "not-applicable"}
    assert "the deadline of 0.5 s is over" in told["banners"][0]["words"]
