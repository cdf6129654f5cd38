"""Section C, told wrongly: a picture host that keeps silent, and an endpoint that waits for it."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from between import PAGE
from rehearsed import UNVOUCHED, Run, every_case, pictures

from conformance.model import (
    Case,
    Exchange,
    Fetch,
    Hosted,
    ImagePart,
    Lab,
    Probe,
    Reply,
    Sent,
    Symptom,
    Verdict,
)
from conformance.running.engine import judge

# ---------------------------------------------------------------- C1

SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")
FETCH = Fetch(at=0.0, method="GET", path="/picture.png", headers=(), status=200, bytes_sent=0)


class Silent:
    """Sends nothing: every picture is read, and the silent host leads to this reply."""

    def __init__(self, **reply: Any) -> None:
        self._reply = {"elapsed": 120.0, "fetches": (FETCH,)} | reply

    async def send(self, _: Case, probe: Probe) -> Exchange:
        parts = [part for turn in probe.turns for part in turn.parts]
        images = [part for part in parts if isinstance(part, ImagePart)]
        if any(isinstance(i.via, Hosted) and i.via.first_byte > 1 for i in images):
            return Exchange(**{"probe": probe, "sent": SENT, **self._reply})
        codes = [image.picture.facts.code for image in images if image.picture]
        said = Reply(text=" ".join(codes) or "Ready.", finish_reason="stop")
        return Exchange(probe=probe, sent=SENT, status=200, body=b"{}", reply=said)


SILENT = "url/silent-host-is-given-up"


@pytest.mark.parametrize(
    ("answer", "symptoms"),
    [
        ({"failure": "no whole reply within 120 s", "trouble": "stall"}, {Symptom.NO_REPLY}),
        *(
            ({"status": status, "body": PAGE}, {Symptom.NO_ERROR_OBJECT, Symptom.REFUSAL_BREAKS})
            for status in (502, 503, 504)
        ),
    ],
    ids=["no reply", "502", "503", "504"],
)
def test_c1_a_silent_host_that_is_waited_for(
    answer: dict[str, Any], symptoms: set[Symptom]
) -> None:
    cases = [case for case in every_case() if case.check.id in (SILENT, "url/plain")]
    lab = Lab(target=UNVOUCHED, pictures=pictures())

    async def judged() -> list[Any]:
        return [await judge(case, lab, Silent(**answer)) for case in cases]

    seen = Run(tuple(asyncio.run(judged())))
    found = seen.one(SILENT)
    assert found.verdict is Verdict.FAILED, found.actual
    # The reply that decided is the one that was waited for, not that of the control.
    assert found.about is not None
    assert found.about.elapsed == 120.0
    (told,) = seen.statements
    assert told.symptom in symptoms
    assert "Not met" in told.words
    assert re.search("no reply|hang|error object|status of 500", told.words)
