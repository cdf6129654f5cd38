"""The suite against the reference endpoint as it was recorded: at once, and nothing is sent."""

from __future__ import annotations

from functools import cache

from conformance import data
from conformance.model import Finding, cases_of
from conformance.registry import all_checks
from conformance.session.session import Session
from conformance.session.settings import ReplaySettings


@cache
def recorded() -> tuple[Finding, ...]:
    """The finding of every case, in order, with all that was sent and came. Raises CassetteError.

    A case that has no cassette yet, or asks otherwise by now, is UNOBSERVED.
    """
    cases = cases_of(all_checks())
    session = Session(ReplaySettings(cassettes=data.folder("cassettes") / "reference"), cases)
    session.prepare()
    session.begin()
    try:
        found = [session.outcome(case) for case in cases]
    finally:
        session.finish(interrupted=False)
    return tuple(outcome for outcome in found if isinstance(outcome, Finding))
