"""Dialogues to findings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from conformance.engine import Bug, judge_all
from conformance.model import (
    Blocked,
    Claim,
    Dialogue,
    Failed,
    Finding,
    Lab,
    NotApplicable,
    Observed,
    Probe,
    Signal,
    Unobserved,
    Verdict,
)

SIGNALS: list[tuple[Signal, Verdict]] = [
    (Failed("a", expected="e", hint="h"), Verdict.FAILED),
    (Unobserved("a", expected="e", hint="h"), Verdict.UNOBSERVED),
    (NotApplicable("a", expected="e", hint="h"), Verdict.NOT_APPLICABLE),
    (Blocked("url/plain", "a"), Verdict.BLOCKED),
]


def ends(signal: Exception) -> Callable[[Lab], Dialogue]:
    def dialogue(lab: Lab) -> Dialogue:
        yield Probe()
        yield Probe(sample=1)
        raise signal

    return dialogue


def test_a_dialogue_that_ends_well(play, make_case, counter) -> None:
    found = play([make_case("a/b", "one", "two")], counter())["a/b"]
    assert isinstance(found, Finding)
    assert (found.verdict, found.expected, found.actual) == (Verdict.PASSED, "an answer", "one")
    assert [e.probe.turns[0].parts[0].text for e in found.evidence] == ["one", "two"]


@pytest.mark.parametrize(("signal", "verdict"), SIGNALS, ids=[v.value for _, v in SIGNALS])
def test_a_signal_is_the_verdict(play, make_case, counter, signal, verdict) -> None:
    found = play([make_case("a/b", ends(signal))], counter())["a/b"]
    assert (found.verdict, found.actual, found.expected) == (verdict, "a", signal.expected)
    assert found.hint == signal.hint
    assert len(found.evidence) == 2


def test_blocked_names_the_check_to_look_at(play, make_case, counter) -> None:
    found = play([make_case("a/b", ends(Blocked("url/plain", "a")))], counter())["a/b"]
    assert found.blocked_by == "url/plain"
    assert "url/plain" in found.hint


def test_what_is_not_claimed_is_not_asked(play, make_case, counter) -> None:
    sender = counter()
    found = play([make_case("a/b", "one", needs=[Claim.GIF])], sender)["a/b"]
    assert (found.verdict, found.evidence) == (Verdict.NOT_APPLICABLE, ())
    assert found.actual == "the target does not claim: gif"
    assert sender.sent == []


def _no_return(lab: Lab) -> Dialogue:
    yield Probe()
    return None  # type: ignore[return-value]


def _raises_at_once(lab: Lab) -> Dialogue:
    raise KeyError("sheet-99")
    yield Probe()


@pytest.mark.parametrize("dialogue", [ends(ZeroDivisionError()), _no_return, _raises_at_once])
def test_our_own_mistake_is_no_finding(play, make_case, counter, dialogue) -> None:
    found = play([make_case("a/bug", dialogue), make_case("a/sound", "one")], counter())
    assert isinstance(found["a/bug"], Bug)
    assert found["a/sound"].verdict is Verdict.PASSED


def test_a_sender_that_breaks_is_our_mistake(play, make_case) -> None:
    class Broken:
        async def send(self, case: object, probe: Probe) -> None:
            raise RuntimeError("no")

    found = play([make_case("a/b", "one")], Broken())["a/b"]
    assert isinstance(found, Bug)
    assert repr(found.error) == "RuntimeError('no')"


def test_a_listener_that_fails_ends_the_run(lab, make_case, counter) -> None:
    """Such as a cassette that cannot be written: one sentence, not one per case."""
    heard = []

    def done(outcome: object) -> None:
        heard.append(outcome)
        raise OSError("disk full")

    cases = [make_case(f"a/{n}", "one") for n in range(3)]
    with pytest.raises(OSError, match="disk full"):
        asyncio.run(judge_all(cases, lab, counter(0.01), done=done))
    assert all(isinstance(outcome, Finding) for outcome in heard)


def test_observed_needs_both_halves() -> None:
    with pytest.raises(TypeError):
        Observed(expected="only this")  # type: ignore[call-arg]
