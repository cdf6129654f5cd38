"""Whatever an endpoint sends, every dialogue ends in a verdict and never in an exception."""

from __future__ import annotations

import asyncio
import json
import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from graphlib import TopologicalSorter
from itertools import chain, islice
from typing import TypeAlias

import hostile
import pytest
from hostile import Steadiness
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.controls.abilities import controls
from conformance.drawing import variants
from conformance.model import (
    AREAS,
    Ability,
    Blocked,
    Case,
    Claim,
    Exchange,
    Finding,
    Lab,
    Observed,
    Picture,
    Probe,
    Signal,
    Verdict,
)
from conformance.proving.recorded import recorded
from conformance.proving.rehearsal import TARGET, rehearse
from tests.wire.contract.from_schema import texts

#: Status, content type and body, or why there is no reply.
Bad: TypeAlias = tuple[int, str, bytes] | str
UNTOLD = Steadiness.UNTOLD
IDS = [area.id for area in AREAS]

#: Of the plays of a dialogue one in so many is made; the slow tests make more.
SHARE = 400
#: Mutations of each good reply of each case.
MUTANTS = 2
#: Replies that are made from the schemas, for each area.
MADE = 60
#: Refusals, blindness, answers without usage, breakdowns: what makes one case look at another.
COMMON: tuple[Bad, ...] = (
    (200, hostile.JSON, json.dumps(hostile.completion(usage=None)).encode()),
    (200, hostile.JSON, json.dumps(hostile.completion(choices=[])).encode()),
    (400, hostile.JSON, b'{"error": {"message": "no"}}'),
    (400, "text/html", b"<html>"),
    (500, hostile.JSON, b"{}"),
)


@pytest.fixture(autouse=True)
def _drawn_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked again shows another drawing; here nobody looks, and drawing takes longest."""

    def moved(picture: Picture, number: int) -> Picture:
        return replace(picture, sha256=f"{picture.sha256[:-2]}{number:02x}")

    monkeypatch.setattr(variants, "moved", moved)


@pytest.fixture(scope="session")
def rehearsed() -> dict[str, list[Finding]]:
    """The findings of a faultless run by area; their evidence is what good replies look like."""
    findings = recorded().cases
    return {area: [f for f in findings if f.case.check.area == area] for area in IDS}


@pytest.fixture(scope="session")
def abilities(pictures) -> list[Finding]:
    """The findings of the controls, for a model that has every ability."""
    return asyncio.run(rehearse(list(controls().values()), pictures))


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
    good: tuple[Exchange, ...], first: int, bad: Bad, steadiness: Steadiness = UNTOLD
) -> Callable[[int, Probe], Exchange]:
    """Good replies before a step and bad ones from there on."""

    def answer(step: int, probe: Probe) -> Exchange:
        if step < first:
            return good[step]
        if isinstance(bad, str):
            return hostile.silence(probe, bad, steadiness)
        return hostile.exchange(probe, *bad, steadiness)

    return answer


def steps(good: tuple[Exchange, ...]) -> list[int]:
    """Where the bad replies begin: at each of the first steps, and at the last of many."""
    return sorted({*range(min(len(good), 6)), len(good) - 1} - {-1})


def only(good: tuple[Exchange, ...], at: int, bad: Exchange) -> Callable[..., Exchange]:
    """Good replies with a bad one among them; the last good one when they run out."""
    return lambda step, _: bad if step == at else good[min(step, len(good) - 1)]


def plays(good: tuple[Exchange, ...]) -> Iterator[Callable[[int, Probe], Exchange]]:
    """Any reply at any step, whatever is known of the trouble it is in."""
    for first in steps(good):
        for bad in (*hostile.REPLIES, "the connection broke off"):
            is_troubled = isinstance(bad, str) or hostile.is_troubled(bad[0])
            for steadiness in Steadiness if is_troubled else [UNTOLD]:
                yield after(good, first, bad, steadiness)


def survives(finding: Finding, lab: Lab, share: int = 1) -> None:
    """One play in ``share`` of them, for each case others."""
    first = zlib.crc32(finding.case.id.encode()) % share
    for answer in islice(plays(finding.evidence), first, None, share):
        holds(finding.case, hostile.play(finding.case, lab, answer))


@pytest.mark.parametrize("share", [SHARE, pytest.param(8, marks=pytest.mark.slow)])
@pytest.mark.parametrize("area", IDS)
def test_hostile_replies_from_any_step_on(area: str, share: int, rehearsed, lab: Lab) -> None:
    for finding in rehearsed[area]:
        survives(finding, lab, share)


@pytest.mark.parametrize("ability", controls())
def test_hostile_replies_to_a_control(ability: Ability, abilities, lab: Lab) -> None:
    [finding] = [f for f in abilities if f.case.id == controls()[ability].id]
    assert finding.verdict is Verdict.PASSED
    survives(finding, lab)


@pytest.mark.parametrize("mutants", [MUTANTS, pytest.param(4 * MUTANTS, marks=pytest.mark.slow)])
@pytest.mark.parametrize("area", IDS)
def test_one_wrong_value_anywhere(area: str, mutants: int, rehearsed, lab: Lab) -> None:
    ends: Counter[str] = Counter()
    for finding in rehearsed[area]:
        good = finding.evidence
        rng = random.Random(zlib.crc32(finding.case.id.encode()))
        for at, exchange in enumerate(good):
            for bad in hostile.mutants(exchange, rng, mutants):
                ended = hostile.play(finding.case, lab, only(good, at, bad))
                holds(finding.case, ended)
                ends[type(ended).__name__] += 1
    assert ends["Observed"] > 0, "no mutation was harmless: they hit nothing but the JSON itself"
    assert ends["Failed"] + ends["Blocked"] > 0, "no mutation was noticed"


@pytest.mark.parametrize("share", [SHARE, pytest.param(9, marks=pytest.mark.slow)])
@pytest.mark.parametrize("area", IDS)
def test_hostile_replies_to_an_endpoint_that_claims_little(
    area: str, share: int, rehearsed, lab: Lab
) -> None:
    """Test weights: pictures need not be read, and so other branches are taken."""
    few = replace(lab, target=replace(TARGET, unclaimed=frozenset({Claim.READING}), rule=""))
    for finding in rehearsed[area]:
        for first in steps(finding.evidence):
            for bad in hostile.REPLIES[first % share :: share]:
                play = after(finding.evidence, first, bad)
                holds(finding.case, hostile.play(finding.case, few, play))


@pytest.mark.slow
@pytest.mark.parametrize("area", IDS)
def test_replies_that_are_made_from_the_schemas(area: str, rehearsed, lab: Lab) -> None:
    """Each reply is given to every dialogue of the area, from one of its first steps on."""

    @settings(max_examples=MADE, deadline=None, derandomize=True, database=None)
    @given(bad=made_replies(), first=st.integers(0, 5))
    def each(bad: Bad, first: int) -> None:
        for finding in rehearsed[area]:
            good = finding.evidence
            play = after(good, min(first, len(good) - 1), bad)
            holds(finding.case, hostile.play(finding.case, lab, play))

    each()


def made_replies() -> st.SearchStrategy[Bad]:
    """Status, content type and body by the schemas, with wrong values anywhere in them."""
    kinds = {
        "chat_response": hostile.JSON,
        "error": hostile.JSON,
        "chat_chunk": "text/event-stream",
    }

    def written(name: str, found: list[str]) -> bytes:
        events = "".join(f"data: {text}\n\n" for text in found)
        whole = f"{events}data: [DONE]\n\n" if name == "chat_chunk" else found[0]
        return whole.encode("utf-8", "surrogatepass")

    def reply(name: str) -> st.SearchStrategy[Bad]:
        bodies = st.lists(texts(name), min_size=1, max_size=3).map(partial(written, name))
        return st.tuples(st.sampled_from([200, 200, 400, 500]), st.just(kinds[name]), bodies)

    return st.sampled_from(sorted(kinds)).flatmap(reply)


@pytest.mark.slow
def test_what_blocks_is_a_case_and_never_in_a_ring(rehearsed, lab: Lab) -> None:
    """Each case waits for what it is blocked by: two that wait for each other would do so for ever.

    Nor does a case wait for another of its own check, for that one may wait for it.
    """
    blocked_by: dict[str, set[str]] = {}
    for finding in chain.from_iterable(rehearsed.values()):
        named = blocked_by.setdefault(finding.case.check.id, set())
        for first in steps(finding.evidence):
            for bad in COMMON:
                for steadiness in (UNTOLD, Steadiness.REPRODUCED):
                    answer = after(finding.evidence, first, bad, steadiness)
                    ended = hostile.play(finding.case, lab, answer)
                    named |= {ended.by} if isinstance(ended, Blocked) else set()
    every = {finding.case.id for finding in chain.from_iterable(rehearsed.values())}
    assert set().union(*blocked_by.values()) <= every | set(blocked_by)
    of_checks = {one: {by.partition("[")[0] for by in named} for one, named in blocked_by.items()}
    assert sum(map(bool, of_checks.values())) > 100
    assert tuple(TopologicalSorter(of_checks).static_order())
