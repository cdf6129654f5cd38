"""The suite against an endpoint as it was recorded: at once, and nothing is sent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conformance import data
from conformance.controls.abilities import controls
from conformance.model import Ability, Finding, Lab, cases_of
from conformance.recording import origin
from conformance.recording.cassette import Cassette
from conformance.recording.line import Key, key_of
from conformance.recording.replay import Replay
from conformance.registry import all_checks
from conformance.running.engine import Bug, Judging, Outcome
from conformance.session.pictures import pictures_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The outcome of every case, in order, and what was found of the model."""

    outcomes: tuple[Finding | Bug, ...]
    abilities: dict[Ability, Finding]

    @property
    def cases(self) -> list[Finding]:
        """Of every case; bugs of ours left out."""
        return [each for each in self.outcomes if isinstance(each, Finding)]

    @property
    def findings(self) -> list[Finding]:
        """Of every case and of every control."""
        return [*self.cases, *self.abilities.values()]

    @property
    def asked(self) -> frozenset[Key]:
        """Every request whose reply some case or control looks at."""
        exchanges = (e for finding in self.findings for e in finding.evidence)
        return frozenset(key_of(e.probe, e.sent) for e in exchanges)


def judged_again(folder: Path) -> Judged:
    """A whole run from its cassette. Raises CassetteError and CorpusError.

    A case that asks what was not recorded is UNOBSERVED.
    """
    recording = origin.read(folder)
    lab = Lab(target=recording.target, pictures=pictures_of(recording.seed, folder, None))
    found: dict[str, Outcome] = {}
    cases = cases_of(all_checks())
    judging = Judging(
        cases,
        lab,
        Replay(Cassette(folder), recording.target),
        controls=controls(),
        done=lambda outcome: found.update({outcome.case.id: outcome}),
    )
    abilities = asyncio.run(judging.run(tuple(Ability)))
    return Judged(outcomes=tuple(found[case.id] for case in cases), abilities=abilities)


@cache
def recorded() -> Judged:
    """The reference endpoint, as it is recorded in this repository."""
    return judged_again(data.folder("cassettes") / "reference")
