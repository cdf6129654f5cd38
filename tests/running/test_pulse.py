"""Whether an endpoint still lives."""

from __future__ import annotations

import pytest

from conformance.model import Exchange, Probe, Sent
from conformance.running import pulse as module
from conformance.running.pulse import MOST, OVER, Pulse

SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")
GOOD = Exchange(probe=Probe(), sent=SENT, status=200)
BAD = Exchange(probe=Probe(), sent=SENT, status=503, trouble="503")


@pytest.fixture
def felt(monkeypatch: pytest.MonkeyPatch):
    """A pulse that feels replies, each so many seconds after the one before."""
    pulse, now = Pulse(), [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    def feel(*replies: Exchange, seconds: float = 1.0) -> bool:
        for reply in replies:
            now[0] += seconds
            pulse.felt(reply, pulse.sent(reply.probe))
        return pulse.is_gone

    return feel


def test_silence_for_long_enough_is_the_end(felt) -> None:
    assert not felt(GOOD, *[BAD] * (MOST - 1))
    assert felt(BAD)


def test_a_burst_is_not_the_end(felt) -> None:
    """Many requests under way at once may all be refused in the same moment."""
    assert not felt(*[BAD] * (4 * MOST), seconds=0.01)
    assert felt(BAD, seconds=OVER)


def test_any_reply_between_shows_that_it_lives(felt) -> None:
    assert not felt(*([BAD] * (MOST - 1) + [GOOD]) * 5)


def test_a_reply_brings_it_back(felt) -> None:
    assert felt(*[BAD] * MOST)
    assert felt(BAD)
    assert not felt(GOOD)
    assert not felt(BAD)


@pytest.mark.parametrize("status", [400, 404, 302])
def test_a_refusal_is_a_reply(felt, status: int) -> None:
    refusal = Exchange(probe=Probe(), sent=SENT, status=status)
    assert not felt(*([BAD] * (MOST - 1) + [refusal]) * 3)
