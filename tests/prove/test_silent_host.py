"""An endpoint that waits for a silent picture host for ever is accused, and no other is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hostile import SENT, play

from conformance.model import Case, Exchange, Failed, Lab, Observed, Probe, Signal, Unobserved
from conformance.reference.endpoint import Endpoint
from conformance.rehearsal import TARGET

CHECK = "url/silent-host-is-given-up"
OBJECT = b'{"error": {"message": "Timeout while downloading."}}'
PAGE = b"<html>"
NO_REPLY = "no whole reply within 120 s"

Ended = Callable[..., Observed | Signal]


@pytest.fixture(scope="session")
def ended(run, pictures, every_case: list[Case]) -> Ended:
    """How the case ends where the silent host leads to this reply, and all else goes well."""
    [case] = [c for c in every_case if c.check.id == CHECK]
    [finding] = run(Endpoint, [CHECK])
    good, last = finding.evidence, len(finding.evidence) - 1

    def ended(control: int = 200, **reply: object) -> Observed | Signal:
        def answer(step: int, probe: Probe) -> Exchange:
            if step == last:
                seen = {"fetches": good[last].fetches, **reply}
                return Exchange(**{"probe": probe, "sent": SENT, **seen})
            return good[step] if step < last else replace(good[0], status=control)

        return play(case, Lab(target=TARGET, pictures=pictures), answer)

    return ended


@pytest.mark.parametrize(
    "reply",
    [
        {"failure": NO_REPLY, "elapsed": 120.0},
        {"status": 504, "body": PAGE, "elapsed": 60.0},
        {"status": 502, "body": OBJECT, "elapsed": 30.0},
        {"status": 500, "body": OBJECT, "elapsed": 30.0},
        {"status": 400, "body": PAGE, "elapsed": 30.0},
        {"status": 200, "body": b"{}", "elapsed": 30.0},
    ],
)
def test_what_is_accused(reply: dict[str, object], ended: Ended) -> None:
    assert isinstance(ended(**reply), Failed)


@pytest.mark.parametrize("status", [400, 408, 422, 424, 504])
def test_what_gives_up_with_an_error_object_is_right(status: int, ended: Ended) -> None:
    found = ended(status=status, body=OBJECT, elapsed=75.0)
    assert isinstance(found, Observed)
    assert "75 s" in found.actual


@pytest.mark.parametrize(
    "reply",
    [
        # The caller was less patient than an endpoint may be.
        {"failure": NO_REPLY, "elapsed": 20.0},
        {"failure": "the connection broke off", "elapsed": 0.1},
        {"failure": NO_REPLY, "elapsed": 120.0, "control": 500},
        # It is not the picture host that was waited for.
        {"failure": NO_REPLY, "elapsed": 120.0, "fetches": ()},
        {"status": 504, "body": PAGE, "control": 503},
        {"status": 429, "body": OBJECT},
    ],
)
def test_what_says_nothing_is_not_judged(reply: dict[str, object], ended: Ended) -> None:
    assert isinstance(ended(**reply), Unobserved)
