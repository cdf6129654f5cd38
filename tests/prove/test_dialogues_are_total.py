"""Whatever an endpoint sends, every dialogue ends in a verdict and never in an exception."""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import hostile
import pytest

from conformance.model import Case, Claim, Exchange, Finding, Lab, Observed, Probe, Signal
from conformance.reference.endpoint import Endpoint
from conformance.registry import AREAS
from conformance.rehearsal import TARGET

#: Mutations of each good reply of each case.
MUTANTS = 12


@pytest.fixture(scope="session")
def rehearsed(run) -> dict[str, list[Finding]]:
    """The findings of a faultless run by area; their evidence is what good replies look like."""
    findings: list[Finding] = run(Endpoint)
    return {area: [f for f in findings if f.case.check.area == area] for area in AREAS}


@pytest.fixture(scope="session")
def lab(pictures) -> Lab:
    return Lab(target=TARGET, pictures=pictures)


def holds(case: Case, ended: Observed | Signal) -> None:
    """What a dialogue says must fit into a report: text that can be written, and not too long."""
    for words in (ended.expected, ended.actual):
        assert isinstance(words, str), case.id
        assert len(words) < 5000, f"{case.id}: {words[:200]}"
        words.encode()


def after(
    good: tuple[Exchange, ...], first: int, bad: tuple[int, str, bytes] | str
) -> Callable[[int, Probe], Exchange]:
    """Good replies before a step and bad ones from there on."""

    def answer(step: int, probe: Probe) -> Exchange:
        if step < first:
            return good[step]
        if isinstance(bad, str):
            return Exchange(probe=probe, sent=hostile.SENT, failure=bad)
        return hostile.exchange(probe, *bad)

    return answer


def steps(good: tuple[Exchange, ...]) -> list[int]:
    """Where the bad replies begin: at each of the first steps, and at the last of many."""
    return sorted({*range(min(len(good), 6)), len(good) - 1} - {-1})


def only(good: tuple[Exchange, ...], at: int, bad: Exchange) -> Callable[..., Exchange]:
    """Good replies with a bad one among them; the last good one when they run out."""
    return lambda step, _: bad if step == at else good[min(step, len(good) - 1)]


@pytest.mark.parametrize("area", AREAS)
def test_hostile_replies_from_any_step_on(area: str, rehearsed, lab: Lab) -> None:
    for finding in rehearsed[area]:
        good = finding.evidence
        for first in steps(good):
            for bad in (*hostile.REPLIES, "the connection broke off"):
                holds(finding.case, hostile.play(finding.case, lab, after(good, first, bad)))


@pytest.mark.parametrize("area", AREAS)
def test_one_wrong_value_anywhere(area: str, rehearsed, lab: Lab) -> None:
    ends: Counter[str] = Counter()
    for finding in rehearsed[area]:
        good = finding.evidence
        rng = random.Random(zlib.crc32(finding.case.id.encode()))
        for at, exchange in enumerate(good):
            for bad in hostile.mutants(exchange, rng, MUTANTS):
                ended = hostile.play(finding.case, lab, only(good, at, bad))
                holds(finding.case, ended)
                ends[type(ended).__name__] += 1
    assert ends["Observed"] > 0, "no mutation was harmless: they hit nothing but the JSON itself"
    assert ends["Failed"] + ends["Blocked"] > 0, "no mutation was noticed"


@pytest.mark.parametrize("area", AREAS)
def test_hostile_replies_to_an_endpoint_that_claims_little(area: str, rehearsed, lab: Lab) -> None:
    """Test weights: pictures need not be read, and so other branches are taken."""
    few = replace(lab, target=replace(TARGET, unclaimed=frozenset({Claim.READING}), rule=""))
    for finding in rehearsed[area]:
        for first in steps(finding.evidence):
            for bad in hostile.REPLIES[::3]:
                play = after(finding.evidence, first, bad)
                holds(finding.case, hostile.play(finding.case, few, play))
