"""What a verdict needs before it is told: a reply, a cause in the same run, a model that can."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from conformance.judging import answers, sampling
from conformance.model import (
    Ability,
    Exchange,
    Finding,
    Reason,
    Symptom,
    Target,
    Verdict,
    pictures_of,
)

#: Bytes of a picture that any endpoint takes, as limits/common-weight-is-read has it.
COMMON_WEIGHT: Final = 500_000
_SETTLED: Final = (Verdict.PASSED, Verdict.FAILED)
#: What is seen in whatever came, be it no answer at all: bytes that leaked, a fetch that was made.
_SEEN_IN_ANYTHING: Final = (Symptom.LEAKED, Symptom.LET_IN)
#: What an answer can show because of what its model cannot do.
_OF_THE_MODEL: Final = frozenset(
    {
        Symptom.NOT_READ,
        Symptom.MADE_UP,
        Symptom.ANOTHERS,
        Symptom.WORDS_LOST,
        Symptom.ORDER,
        Symptom.DEGRADED,
        Symptom.EMPTY,
        Symptom.CUT,
        Symptom.MALFORMED,
    }
)
_MAYBE_ANOTHERS: Final = (Symptom.MADE_UP, Symptom.OVERLOOKED)
#: What a filter or a guard may show that steps in now and then.
_MAY_BE_CHANCE: Final = (Symptom.REFUSED, Symptom.ERROR_AS_ANSWER, Symptom.NO_ERROR_OBJECT)
#: A blocked case names at the end of its chain one of these.
_BLOCKING: Final = (Verdict.FAILED, Verdict.UNOBSERVED)


def with_a_reply(found: Finding) -> Finding:
    """PASSED and FAILED stay so only where the deciding exchange can be judged."""
    if found.verdict not in _SETTLED or _is_seen(found):
        return found
    said = "no request was made" if found.about is None else _silence(found.about)
    return replace(
        found,
        verdict=Verdict.UNOBSERVED,
        symptom=None,
        actual=f"no reply that can be judged: {said}",
        hint="",
    )


def _is_seen(found: Finding) -> bool:
    about = found.about
    if about is None:
        return False
    came = about.status > 0 or bool(about.fetches)
    return about.is_judgeable or (found.symptom in _SEEN_IN_ANYTHING and came)


def _silence(exchange: Exchange) -> str:
    tries = f", {exchange.attempts} tries" if exchange.attempts > 1 else ""
    return f"{exchange.failure or exchange.trouble or exchange.status}{tries}"


def whose(found: Finding, codes: frozenset[str]) -> Finding:
    """What seemed made up, or overlooked, is another's where it tells what only that one shows.

    ``codes`` are those of all pictures. A list of guesses tells nothing: it may hit one of them.
    """
    if found.symptom not in _MAYBE_ANOTHERS or found.about is None:
        return found
    own = {code for p in pictures_of(found.about.probe) for code in p.facts.all_codes}
    shown = codes - own
    named = set(answers.codes_in(found.about.reply.text))
    if len(named) <= answers.MOST_FOR_ONE and shown & named:
        return replace(found, symptom=Symptom.ANOTHERS)
    return found


# ---------------------------------------------------------------- refusals


def rests_on_a_refusal(found: Finding) -> bool:
    """True where a refusal decided that did not come again to each of several tries."""
    about = found.about
    if found.symptom not in _MAY_BE_CHANCE or about is None or about.trouble:
        return False
    asked = [e for e in found.evidence if e.probe.turns == about.probe.turns]
    return is_refused(about) and sum(map(is_refused, asked)) < sampling.REFUSALS


def with_later(found: Finding, later: Finding) -> Finding:
    """What holds after another play, with the evidence of both.

    It is the earlier one where the later says nothing, or stumbles over the same request.
    """
    same = found.about and later.about and found.about.probe.turns == later.about.probe.turns
    if later.verdict is Verdict.PASSED or (later.verdict is Verdict.FAILED and not same):
        return with_evidence(later, found)
    return with_evidence(found, later)


def with_evidence(found: Finding, other: Finding) -> Finding:
    """The finding with what another play of its dialogue saw, so that a cassette holds both."""
    known = {exchange.probe for exchange in found.evidence}
    more = (exchange for exchange in other.evidence if exchange.probe not in known)
    return replace(found, evidence=(*found.evidence, *more))


def is_refused(exchange: Exchange) -> bool:
    """True for a 4xx, and for an error that stands where an answer does."""
    return 400 <= exchange.status < 500 or exchange.reply.is_error


def pictures_refused(found: Finding) -> int:
    """How many pictures the request had whose refusal failed a case; 0 for all others."""
    about = found.about
    if about is None or found.symptom is not Symptom.REFUSED or not 400 <= about.status < 500:
        return 0
    return len(pictures_of(about.probe))


def is_too_heavy(found: Finding, target: Target) -> bool:
    """Whether a picture that was refused is heavier than the target promises to take.

    Where nobody says how heavy one may be, 413 is what says that it is too heavy.
    """
    if found.about is None or not pictures_refused(found):
        return False
    most = target.most_bytes
    if most is None:
        most = COMMON_WEIGHT if found.about.status == 413 else sys.maxsize
    return max(picture.weight for picture in pictures_of(found.about.probe)) > most


def limited(found: Finding, actual: str) -> Finding:
    """NOT_APPLICABLE: an open refusal above what is promised is a limit."""
    return replace(
        found,
        verdict=Verdict.NOT_APPLICABLE,
        symptom=None,
        why=Reason.LIMIT,
        actual=actual,
        blocked_by="",
    )


# ---------------------------------------------------------------- what blocks


def blocked(found: Finding, blockers: Sequence[Finding]) -> Finding:
    """BLOCKED by the first of these that is FAILED or UNOBSERVED, or by what blocks that one.

    Where there is none, for it is not in this run or all is well with it, the case is UNOBSERVED:
    what it needs did not work here, and that is all that is known.
    """
    causes = (_cause(blocker) for blocker in blockers)
    cause = next((c for c in causes if c), "")
    if cause:
        return replace(found, blocked_by=cause, hint=f"look at {cause} first")
    limit = next((b for b in blockers if b.why is Reason.LIMIT), None)
    if limit:
        return limited(found, limit.actual)
    missing = "is not in this run" if not blockers else "passed by itself"
    return replace(
        found,
        verdict=Verdict.UNOBSERVED,
        blocked_by="",
        hint=f"it needs what {found.blocked_by} is about, and that case {missing}",
    )


def _cause(blocker: Finding) -> str:
    if blocker.verdict is Verdict.BLOCKED:
        return blocker.blocked_by
    return blocker.case.id if blocker.verdict in _BLOCKING else ""


# ---------------------------------------------------------------- what the model cannot do


def may_be_the_model(found: Finding) -> bool:
    """True where an answer of status 200 is wrong as that of a modest model may be."""
    answered = found.about is not None and found.about.status == 200
    is_error = answered and found.about is not None and found.about.reply.is_error
    return (
        found.verdict is Verdict.FAILED
        and found.symptom in _OF_THE_MODEL
        and answered
        and not is_error
    )


def excused(found: Finding, controls: Mapping[Ability, Finding]) -> Finding:
    """UNOBSERVED where the control of an ability that the question needs does not pass."""
    for ability, control in controls.items():
        if control.verdict is not Verdict.PASSED:
            return replace(
                found,
                verdict=Verdict.UNOBSERVED,
                symptom=None,
                ability=ability,
                actual=f"{control.case.check.requirement[:-1]}: {_unable(control)}",
                hint=f"here: {found.actual}",
            )
    return found


def _unable(control: Finding) -> str:
    unable = control.verdict is Verdict.FAILED
    return f"{'no' if unable else 'not known'}, {control.actual}"
