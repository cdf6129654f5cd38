"""A run on a thread of its own: waiting case by case, and stopping early."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from queue import Queue
from threading import Event

import pytest

from conformance.asking.questions import READY as CONTROL
from conformance.model import (
    Ability,
    Blocked,
    Case,
    Exchange,
    Failed,
    Finding,
    Probe,
    Sent,
    Symptom,
    Verdict,
)
from conformance.running.background import Outcome, Run
from conformance.running.engine import Bug
from conformance.running.live import Live

NONE: Mapping[Ability, Case] = {}
SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")


@pytest.fixture
def start(lab):
    """Starts a run; ``closed`` tells whether its sender was closed."""
    closed = []

    def begin(
        cases, sender, *, heard=lambda _: None, concurrency=16, error=None, controls=NONE, **more
    ) -> Run:
        live = Live(sender.transmit, control=CONTROL, concurrency=concurrency)

        @asynccontextmanager
        async def opened() -> AsyncIterator[Live]:
            if error:
                raise error
            try:
                yield live
            finally:
                await live.close()
                closed.append(True)

        return Run(cases, lab, opened, heard=heard, controls=controls, **more)

    begin.closed = closed
    return begin


def test_outcomes_in_any_order(start, make_case, counter) -> None:
    cases = [make_case(f"a/{n}", str(n)) for n in range(20)]
    run = start(cases, counter(0.01))
    for case in reversed(cases):
        assert run.outcome(case.id).case is case
    assert [o.case for o in run.stop()] == cases
    assert start.closed


def test_everybody_is_heard_once(start, make_case, counter) -> None:
    heard = []
    cases = [make_case(f"a/{n}", str(n)) for n in range(20)]
    run = start(cases, counter(), heard=heard.append)
    for case in cases:
        run.outcome(case.id)
    run.stop()
    assert sorted(o.case.id for o in heard) == sorted(c.id for c in cases)


def test_stop_keeps_what_is_done_and_does_not_wait(start, make_case, counter) -> None:
    quick, slow = make_case("a/quick"), [make_case(f"a/{n}", str(n)) for n in range(8)]
    sender = counter(60)
    heard: Queue[Outcome] = Queue()
    run = start([*slow, quick], sender, heard=heard.put)
    assert heard.get(timeout=10).case is quick
    began = time.monotonic()
    assert [o.case.id for o in run.stop()] == ["a/quick"]
    assert time.monotonic() - began < 1
    assert sender.cancelled == 8
    assert start.closed


@pytest.mark.parametrize("wait", [0.0, 0.01])
def test_a_run_can_be_stopped_at_once_and_twice(start, make_case, counter, wait) -> None:
    began = time.monotonic()
    for _ in range(20):
        run = start([make_case("a/b", "one")], counter(60))
        time.sleep(wait)
        assert run.stop() == []
        assert run.stop() == []
    assert time.monotonic() - began < 5


def test_what_cannot_be_opened_is_told_to_everybody(start, make_case, counter) -> None:
    cases = [make_case(f"a/{n}", "x") for n in range(3)]
    run = start(cases, counter(), error=LookupError("no endpoint"))
    for case in cases:
        with pytest.raises(LookupError, match="no endpoint"):
            run.outcome(case.id)
    assert run.stop() == []


def test_a_listener_that_fails_is_told_to_those_who_wait(start, make_case, counter) -> None:
    def heard(outcome: object) -> None:
        raise OSError("disk full")

    cases = [make_case("a/quick"), make_case("a/slow", "x")]
    run = start(cases, counter(60), heard=heard)
    with pytest.raises(OSError, match="disk full"):
        run.outcome("a/slow")
    assert [o.case.id for o in run.stop()] == ["a/quick"]


def test_a_bug_is_an_outcome(start, make_case, counter) -> None:
    def dialogue(lab: object):
        raise ZeroDivisionError
        yield

    run = start([make_case("a/bug", dialogue), make_case("a/sound", "x")], counter())
    assert isinstance(run.outcome("a/bug"), Bug)
    assert isinstance(run.outcome("a/sound"), Finding)
    run.stop()


def fails(lab: object):
    yield Probe()
    raise Failed("no", symptom=Symptom.CUT)


def waits_for(name: str):
    def dialogue(lab: object):
        yield Probe()
        raise Blocked(name, "it does not work here")

    return dialogue


@dataclass(slots=True)
class Halting:
    """Answers at once, but for one question, which is answered when it is let go."""

    words: str
    let_go: Event = field(default_factory=Event)

    async def transmit(self, probe: Probe) -> Exchange:
        if self.words in str(probe.turns):
            while not self.let_go.is_set():
                await asyncio.sleep(0.005)
        return Exchange(probe=probe, sent=SENT, status=200)


def test_what_is_known_is_told_while_others_are_under_way(start, make_case) -> None:
    """So that whoever stops at the first failure, stops there."""
    sender = Halting("slow")
    run = start([make_case("a/slow", "slow"), make_case("a/ill", fails)], sender)
    assert run.outcome("a/ill").verdict is Verdict.FAILED
    assert not sender.let_go.is_set()
    assert [o.case.id for o in run.stop()] == ["a/ill"]


def test_who_is_blocked_waits_for_its_cause_and_for_nobody_else(start, make_case) -> None:
    sender = Halting("slow")
    cases = [
        make_case("a/slow", "slow"),
        make_case("a/then", waits_for("a/ill")),
        make_case("a/ill", fails),
        make_case("a/after", waits_for("a/slow")),
    ]
    run = start(cases, sender)
    assert run.outcome("a/then").blocked_by == "a/ill"
    sender.let_go.set()
    assert run.outcome("a/after").verdict is Verdict.UNOBSERVED
    assert [o.case.id for o in run.stop()] == [c.id for c in cases]


# ---------------------------------------------------------------- what the model can do


@pytest.fixture
def controls(make_case) -> dict[Ability, Case]:
    return {Ability.COUNT: make_case("abilities/count", "count")}


def test_abilities_are_measured_when_all_is_judged(start, make_case, controls, counter) -> None:
    run = start(
        [make_case("a/b", "one")], counter(0.01), controls=controls, measured=[Ability.COUNT]
    )
    assert run.outcome("a/b").verdict is Verdict.PASSED
    assert [o.case.id for o in run.stop()] == ["a/b"]
    assert {a: f.verdict for a, f in run.abilities.items()} == {Ability.COUNT: Verdict.PASSED}


def test_who_must_stop_at_once_does_not_wait_for_abilities(start, make_case, controls) -> None:
    sender = Halting("count")
    run = start([make_case("a/b", "one")], sender, controls=controls, measured=[Ability.COUNT])
    run.outcome("a/b")
    assert [o.case.id for o in run.stop(at_once=True)] == ["a/b"]
    assert run.abilities == {}
    assert start.closed
