"""Findings that nobody measured: made up, so that each test says what it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.dialogue import ask, ask_code
from conformance.model import (
    Case,
    Check,
    Dialogue,
    Exchange,
    Finding,
    Lab,
    Level,
    Picture,
    Probe,
    Reply,
    Sent,
    Source,
    Verdict,
)
from conformance.symptom import Symptom

Make = Callable[..., Finding]


def nothing_asked(_: Lab) -> Dialogue:
    raise AssertionError("these checks are never played")
    yield


def exchange(probe: Probe, text: str = "", status: int = 200, **more: object) -> Exchange:
    sent = Sent(method="POST", path="/chat/completions", headers=(), body=b"{}")
    body = b'{"error": {"message": "no"}}' if status >= 400 else b"{}"
    made = Exchange(probe=probe, sent=sent, status=status, body=body, reply=Reply(text=text))
    return replace(made, **more)


@pytest.fixture
def finding() -> Make:
    """A finding about one exchange."""

    def make(
        name: str,
        verdict: Verdict,
        about: Exchange,
        *,
        symptom: Symptom | None = None,
        level: Level = Level.MUST,
        guess: float = 1e-6,
        **more: object,
    ) -> Finding:
        check = Check(
            id=name,
            area=name.partition("/")[0],
            level=level,
            requirement=f"What {name} is about is so.",
            spec=Source(title="none", url=""),
            dialogue=nothing_asked,
            guess=guess,
        )
        made = Finding(
            case=Case(id=name, check=check),
            verdict=verdict,
            symptom=symptom,
            evidence=(about,),
            about=about,
        )
        return replace(made, **more)

    return make


__all__ = ["Picture", "ask", "ask_code", "exchange"]
