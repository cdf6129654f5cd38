"""An endpoint that waits for a silent picture host for ever is accused, and no other is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from hostile import SENT, play

from conformance.model import (
    Case,
    Exchange,
    Failed,
    Lab,
    Observed,
    Probe,
    Signal,
    Symptom,
    Unobserved,
)
from conformance.proving.rehearsal import TARGET, rehearse

CHECK = "url/silent-host-is-given-up"
OBJECT = b'{"error": {"message": "Timeout while downloading."}}'
PAGE = b"<html>"
NO_REPLY = "no whole reply within 120 s"
HANGS = {"failure": NO_REPLY, "trouble": "stall", "elapsed": 120.0}
RESET = {"failure": "the connection broke off", "trouble": "reset", "elapsed": 0.1}
GIVEN_UP = {"status": 504, "body": OBJECT, "elapsed": 75.0}

Ended = Callable[..., Observed | Signal]


@pytest.fixture(scope="session")
def ended(pictures, every_case: list[Case]) -> Ended:
    """How the case ends where the silent host leads to these replies, and all else goes well."""
    [case] = [c for c in every_case if c.check.id == CHECK]
    [finding] = asyncio.run(rehearse([case], pictures, patience=1.0))
    good = {e.probe: e for e in finding.evidence if not e.probe.is_risky}
    [silent] = [e for e in finding.evidence if e.probe.is_risky]
    plain = next(iter(good.values()))

    def ended(*replies: dict[str, object], control: int = 200) -> Observed | Signal:
        left = list(replies)

        def answer(_: int, probe: Probe) -> Exchange:
            if probe.is_risky:
                seen = {"fetches": silent.fetches, **left.pop(0)}
                return Exchange(**{"probe": probe, "sent": SENT, **seen})
            known = good.get(probe)
            return known or replace(plain, probe=probe, status=control)

        found = play(case, Lab(target=TARGET, pictures=pictures), answer)
        assert not left, "no more was asked than had to be"
        return found

    return ended


@pytest.mark.parametrize(
    ("replies", "symptom"),
    [
        ([HANGS, HANGS], Symptom.NO_REPLY),
        ([{"status": 504, "body": PAGE, "elapsed": 60.0}], Symptom.NO_ERROR_OBJECT),
        ([{"status": 500, "body": PAGE, "elapsed": 30.0}], Symptom.NO_ERROR_OBJECT),
        ([{"status": 400, "body": PAGE, "elapsed": 30.0}], Symptom.NO_ERROR_OBJECT),
        ([{"status": 200, "body": b"{}", "elapsed": 30.0}], Symptom.EMPTY),
    ],
)
def test_what_is_accused(replies: list[dict[str, object]], symptom: Symptom, ended: Ended) -> None:
    found = ended(*replies)
    assert isinstance(found, Failed)
    assert found.symptom is symptom
    assert found.about is not None
    assert found.about.probe.is_risky, "not the control is what decided"


@pytest.mark.parametrize("status", [400, 422, 424, 500, 502, 504])
def test_what_gives_up_with_an_error_object_is_right(status: int, ended: Ended) -> None:
    """As a client's fault or as a gateway's: nobody has said which."""
    found = ended({**GIVEN_UP, "status": status})
    assert isinstance(found, Observed)
    assert "75 s" in found.actual


def test_one_hang_may_be_weather(ended: Ended) -> None:
    assert isinstance(ended(HANGS, GIVEN_UP), Observed)


@pytest.mark.parametrize(
    ("replies", "control"),
    [
        # The caller was less patient than an endpoint may be.
        ([{**HANGS, "elapsed": 20.0}], 200),
        ([HANGS, {**HANGS, "elapsed": 20.0}], 200),
        ([RESET], 200),
        ([HANGS], 500),
        # It is not the picture host that was waited for.
        ([{**HANGS, "fetches": ()}], 200),
        ([{"status": 504, "body": PAGE}], 503),
        ([{"status": 429, "body": OBJECT}], 200),
        ([{"status": 408, "body": OBJECT}], 200),
    ],
)
def test_what_says_nothing_is_not_judged(replies, control: int, ended: Ended) -> None:
    assert isinstance(ended(*replies, control=control), Unobserved)
