"""A run on a thread of its own: waiting case by case, and stopping early."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from queue import Queue

import pytest

from conformance.background import Outcome, Run
from conformance.engine import Bug
from conformance.model import Finding
from conformance.senders import Live


@pytest.fixture
def start(lab):
    """Starts a run; ``closed`` tells whether its sender was closed."""
    closed = []

    def begin(cases, sender, *, heard=lambda _: None, concurrency=16, error=None, **more) -> Run:
        live = Live(sender.transmit, concurrency=concurrency)

        async def opened() -> Live:
            if error:
                raise error
            return live

        async def close(_: Live) -> None:
            await live.close()
            closed.append(True)

        return Run(cases, lab, opened, close, heard=heard, **more)

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


def test_findings_are_settled_together_before_any_is_an_outcome(start, make_case, counter) -> None:
    def settled(findings: Sequence[Finding]) -> list[Finding]:
        return [replace(f, hint=f"one of {len(findings)}") for f in findings]

    cases = [make_case(f"a/{n}", str(n)) for n in range(3)]
    run = start(cases, counter(), settled=settled)
    assert run.outcome("a/0").hint == "one of 3"
    assert {o.hint for o in run.stop()} == {"one of 3"}
