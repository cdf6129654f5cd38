"""Plays dialogues to their end, all at once, and turns what they say into findings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from conformance.model import (
    Blocked,
    Case,
    Claim,
    Exchange,
    Finding,
    Lab,
    Observed,
    Probe,
    Signal,
    Verdict,
)


class Sender(Protocol):
    """Where exchanges come from: the live endpoint, a cassette, or one backed by the other."""

    async def send(self, case: Case, probe: Probe) -> Exchange: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """Our own mistake while judging a case. Never the target's fault."""

    case: Case
    error: Exception


async def judge(case: Case, lab: Lab, sender: Sender) -> Finding:
    """The finding of one case: its dialogue played to the end."""
    reason = _reason_not_to_ask(case, lab)
    if reason:
        return Finding(case=case, verdict=Verdict.NOT_APPLICABLE, actual=reason)
    evidence: list[Exchange] = []
    try:
        seen = await _play(case, lab, sender, evidence)
    except Signal as signal:
        return _finding(case, signal, tuple(evidence))
    return Finding(
        case=case,
        verdict=Verdict.PASSED,
        expected=seen.expected,
        actual=seen.actual,
        evidence=tuple(evidence),
    )


def _reason_not_to_ask(case: Case, lab: Lab) -> str:
    if case.check.opt_in and not lab.target.security:
        return "this probe could do harm: it is sent with --security only"
    missing = sorted(case.needs & lab.target.unclaimed)
    return f"the target does not claim: {', '.join(missing)}" if missing else ""


async def _play(case: Case, lab: Lab, sender: Sender, evidence: list[Exchange]) -> Observed:
    check = case.check
    dialogue = check.dialogue(lab, case.param.value) if case.param else check.dialogue(lab)
    try:
        probe = next(dialogue)
        while True:
            exchange = await sender.send(case, probe)
            # Asked once more, a request is shown once, where it decided.
            evidence[:] = [*(e for e in evidence if e.probe != probe), exchange]
            probe = dialogue.send(exchange)
    except StopIteration as end:
        observed: Observed = end.value
        return observed


def _finding(case: Case, signal: Signal, evidence: tuple[Exchange, ...]) -> Finding:
    return Finding(
        case=case,
        verdict=signal.verdict,
        expected=signal.expected,
        actual=signal.actual,
        hint=signal.hint,
        blocked_by=signal.by if isinstance(signal, Blocked) else "",
        evidence=evidence,
    )


async def judge_all(
    cases: Sequence[Case],
    lab: Lab,
    sender: Sender,
    *,
    done: Callable[[Finding | Bug], None],
) -> None:
    """Judges every case; ``done`` hears of each as soon as it is judged.

    All dialogues begin at once; the sender bounds how many requests are under way. Those that
    could do harm begin when the others have ended. What ``done`` raises ends the whole run.
    """
    for harmful in (False, True):
        batch = [case for case in cases if case.check.opt_in is harmful]
        await _judge_at_once(batch, lab, sender, done)


async def _judge_at_once(
    cases: Sequence[Case], lab: Lab, sender: Sender, done: Callable[[Finding | Bug], None]
) -> None:
    async def one(case: Case) -> None:
        done(await _outcome(case, lab, sender))

    tasks = [asyncio.create_task(one(case)) for case in sorted(cases, key=_shortness)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _outcome(case: Case, lab: Lab, sender: Sender) -> Finding | Bug:
    try:
        return await judge(case, lab, sender)
    except Exception as error:
        return Bug(case=case, error=error)


def _shortness(case: Case) -> tuple[int, bool]:
    """Long chains of requests begin first; checks of cost next, for they compare replies."""
    return (-case.check.steps, Claim.USAGE not in case.needs)
