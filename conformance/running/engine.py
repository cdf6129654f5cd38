"""Plays dialogues to their end, all at once, and turns what they say into findings."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Protocol

from conformance.model import (
    Ability,
    Blocked,
    Case,
    Claim,
    Exchange,
    Finding,
    Lab,
    Observed,
    Probe,
    Reason,
    Signal,
    Unsent,
    Verdict,
    again,
)
from conformance.running import verdicts

#: Samples of requests that are asked anew are counted in steps of this.
AGAIN = 10_000
#: How often a dialogue is played at most. Of requests that are refused one by one by chance, so
#: many must be refused in a row before the last of them decides.
MOST_PLAYS = 8


class Sender(Protocol):
    """Where exchanges come from: the live endpoint, a cassette, or one backed by the other."""

    async def send(self, case: Case, probe: Probe) -> Exchange: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """Our own mistake while judging a case. Never the target's fault."""

    case: Case
    error: Exception
    raised_at: TracebackType | None = None


Outcome = Finding | Bug
Done = Callable[[Outcome], None]


class Judging:
    """All cases of a run under way. What one needs of another's outcome, it waits for here."""

    def __init__(
        self,
        cases: Sequence[Case],
        lab: Lab,
        sender: Sender,
        *,
        controls: Mapping[Ability, Case],
        ceiling: Callable[[int], Case] | None = None,
        done: Done,
    ) -> None:
        self._lab = lab
        self._sender = sender
        self._controls = controls
        #: Of a number of pictures, the case that passes where so many are refused in any case.
        self._ceiling = ceiling
        self._done = done
        self._cases = tuple(cases)
        self._tasks: dict[str, asyncio.Task[Outcome]] = {}
        self._measured: dict[Ability, asyncio.Task[Finding]] = {}
        self._one_by_one = asyncio.Lock()
        #: Cases that are asked one by one and are not judged yet.
        self._chain = {case.id for case in cases if case.check.one_by_one}
        self._chain_is_over = asyncio.Event()

    async def run(self, measured: Sequence[Ability] = ()) -> dict[Ability, Finding]:
        """Judges every case; ``done`` hears of each as soon as it is judged.

        All dialogues begin at once; the sender bounds how many requests are under way. Those that
        could do harm begin when the others have ended. What ``done`` raises ends the whole run.
        Returns what the controls found, those of ``measured`` asked in any case.
        """
        try:
            for ability in measured:
                if ability in self._controls:
                    self._control(ability)
            for harmful in (False, True):
                await self._judge_at_once([c for c in self._cases if c.check.opt_in is harmful])
            return await self.abilities([*measured, *self._measured])
        finally:
            tasks = [*self._tasks.values(), *self._measured.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def abilities(self, wanted: Sequence[Ability]) -> dict[Ability, Finding]:
        """What the controls of these abilities found, asked now where nobody has asked yet."""
        known = [ability for ability in dict.fromkeys(wanted) if ability in self._controls]
        tasks = [self._control(ability) for ability in known]
        found = await asyncio.gather(*map(asyncio.shield, tasks))
        return dict(zip(known, found, strict=True))

    async def _judge_at_once(self, cases: Sequence[Case]) -> None:
        for case in sorted(cases, key=_shortness):
            self._tasks[case.id] = asyncio.create_task(self._one(case))
        await asyncio.gather(*(self._tasks[case.id] for case in cases))

    async def _one(self, case: Case) -> Outcome:
        try:
            outcome: Outcome = await self.judge(case)
        except Exception as error:
            outcome = Bug(case=case, error=error, raised_at=error.__traceback__)
        self._done(outcome)
        return outcome

    async def judge(self, case: Case) -> Finding:
        """The finding of one case: its dialogue played to the end, and what others make of it."""
        if case.check.may_end_it and self._chain:
            await self._chain_is_over.wait()
        try:
            async with self._one_by_one if case.check.one_by_one else nullcontext():
                found = await self._reproduced(case)
        finally:
            self._chain.discard(case.id)
            if not self._chain:
                self._chain_is_over.set()
        found = await self._within_limits(found)
        if found.verdict is Verdict.BLOCKED:
            return verdicts.blocked(found, await self._blockers(found))
        if verdicts.may_be_the_model(found):
            vouched = self._lab.target.vouched
            wanted = [a for a in sorted(case.check.abilities) if a not in vouched]
            return verdicts.excused(found, await self.abilities(wanted))
        return found

    async def _reproduced(self, case: Case) -> Finding:
        """What the dialogue says; where a refusal decided, what it says once that is reproduced.

        A refusal may be chance: a filter, a guard, one channel of several. So the dialogue is
        played again, what was refused asked anew, until the same request was refused each time.
        """
        sender = Anew(self._sender)
        found = await _played(case, self._lab, sender)
        for _ in range(MOST_PLAYS - 1):
            if not verdicts.rests_on_a_refusal(found):
                break
            sender.ask_anew()
            later = await _played(case, self._lab, sender)
            if later.is_unsent:
                return verdicts.with_evidence(later, found)
            found = verdicts.with_later(found, later)
        return found

    async def _within_limits(self, found: Finding) -> Finding:
        """NOT_APPLICABLE where what is refused openly is more, or heavier, than is taken at all."""
        target, count = self._lab.target, verdicts.pictures_refused(found)
        if verdicts.is_too_heavy(found, target):
            words = f"a picture of that weight is refused openly: {found.actual}"
            return verdicts.limited(found, words)
        if count <= target.promised_pictures:
            return found
        beyond = verdicts.limited(found, f"{count} pictures are refused openly: {found.actual}")
        if target.most_pictures is not None:
            return beyond
        if self._ceiling is None:
            return found
        # Nobody says how many are taken: as many in the plainest way, in the cassette of this case.
        control = replace(self._ceiling(count), id=found.case.id)
        plainly = await _played(control, self._lab, self._sender)
        if plainly.is_unsent:
            return verdicts.with_evidence(replace(plainly, case=found.case), found)
        return verdicts.with_evidence(
            beyond if plainly.verdict is Verdict.PASSED else found, plainly
        )

    async def _blockers(self, found: Finding) -> list[Finding]:
        """What became of the cases that a blocked finding names. Empty where none is in the run."""
        name = found.blocked_by
        named = [c for c in self._cases if name in (c.id, c.check.id) and c.id != found.case.id]
        tasks = [self._tasks[case.id] for case in named if case.id in self._tasks]
        outcomes = await asyncio.gather(*tasks)
        return [outcome for outcome in outcomes if isinstance(outcome, Finding)]

    def _control(self, ability: Ability) -> asyncio.Task[Finding]:
        """The control of an ability, begun now where nobody has asked yet."""
        task = self._measured.get(ability)
        if task is None:
            control = _played(self._controls[ability], self._lab, self._sender)
            task = self._measured[ability] = asyncio.create_task(control)
        return task


class Anew:
    """Sends on, and keeps in mind what was refused, so that it can be asked anew."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._refused: Counter[Probe] = Counter()
        self._times: Counter[Probe] = Counter()

    def ask_anew(self) -> None:
        """From now on what was refused so far is sent again, and all else answered as before."""
        self._times = self._refused.copy()

    async def send(self, case: Case, probe: Probe) -> Exchange:
        times = self._times[probe]
        exchange = await self._sender.send(case, again(probe, times * AGAIN) if times else probe)
        if verdicts.is_refused(exchange):
            self._refused[probe] = times + 1
        return exchange


async def judge(case: Case, lab: Lab, sender: Sender) -> Finding:
    """The finding of one case by itself. One that is blocked by another is UNOBSERVED then."""
    return await Judging([case], lab, sender, controls={}, done=lambda _: None).judge(case)


async def _played(case: Case, lab: Lab, sender: Sender) -> Finding:
    reason = reason_not_to_ask(case, lab)
    if reason:
        why, words = reason
        return Finding(case=case, verdict=Verdict.NOT_APPLICABLE, actual=words, why=why)
    evidence: list[Exchange] = []
    try:
        seen = await _play(case, lab, sender, evidence)
    except Signal as signal:
        found = verdicts.whose(_finding(case, signal, evidence), lab.codes)
        return verdicts.with_a_reply(found)
    passed = Finding(case=case, verdict=Verdict.PASSED, expected=seen.expected, actual=seen.actual)
    return verdicts.with_a_reply(_decided(passed, evidence, seen.about))


def reason_not_to_ask(case: Case, lab: Lab) -> tuple[Reason, str] | None:
    if case.check.opt_in and not lab.target.security:
        return Reason.NOT_ASKED, "this probe could do harm: it is sent with --security only"
    missing = sorted(case.needs & lab.target.unclaimed)
    if missing:
        return Reason.UNCLAIMED, f"the target does not claim: {', '.join(missing)}"
    return None


async def _play(case: Case, lab: Lab, sender: Sender, evidence: list[Exchange]) -> Observed:
    check = case.check
    dialogue = check.dialogue(lab, case.param.value) if case.param else check.dialogue(lab)
    try:
        probe = next(dialogue)
        while True:
            exchange = await sender.send(case, probe)
            # Asked once more, a request is shown once, where it was asked last.
            evidence[:] = [*(e for e in evidence if e.probe != exchange.probe), exchange]
            probe = dialogue.send(exchange)
    except StopIteration as end:
        observed: Observed = end.value
        return observed


def _finding(case: Case, signal: Signal, evidence: Sequence[Exchange]) -> Finding:
    found = Finding(
        case=case,
        verdict=signal.verdict,
        expected=signal.expected,
        actual=signal.actual,
        hint=signal.hint,
        symptom=getattr(signal, "symptom", None),
        measured=getattr(signal, "measured", ""),
        shown_by=getattr(signal, "shown_by", ()),
        spared=getattr(signal, "spared", ()),
        why=getattr(signal, "why", None),
        ability=getattr(signal, "ability", None),
        blocked_by=signal.by if isinstance(signal, Blocked) else "",
        is_unsent=isinstance(signal, Unsent),
    )
    return _decided(found, evidence, signal.about)


def _decided(found: Finding, evidence: Sequence[Exchange], about: Exchange | None) -> Finding:
    """The finding with its evidence, and the exchange that decided."""
    known = next((e for e in evidence if about is not None and e.probe == about.probe), None)
    last = evidence[-1] if evidence else None
    first = found.shown_by[0] if found.shown_by else None
    return replace(found, evidence=tuple(evidence), about=known or first or last)


def _shortness(case: Case) -> tuple[bool, int, bool]:
    """What begins first: those that wait for one another, which are one long chain together; then
    long chains; then checks of cost, for they compare replies.
    """
    check = case.check
    return (not check.one_by_one, -check.steps, Claim.USAGE not in case.needs)
