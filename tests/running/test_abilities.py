"""What a model cannot do is asked once a run, where it matters, and held against nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.model import (
    Ability,
    Case,
    Dialogue,
    Failed,
    Lab,
    Probe,
    Symptom,
    TextPart,
    Turn,
    Verdict,
)
from conformance.running.engine import Bug, Judging

COUNTS = "count"


def counts(control: Exception | None = None) -> Callable[[Lab], Dialogue]:
    """A dialogue that asks for a count and then fails, or what is given."""

    def dialogue(lab: Lab) -> Dialogue:
        yield Probe(turns=(Turn(parts=(TextPart(text=COUNTS),)),))
        raise control or Failed("it counts 7", symptom=Symptom.DEGRADED)

    return dialogue


@pytest.fixture
def able(make_case) -> Callable[..., dict[Ability, Case]]:
    """The control of counting: it asks one thing and passes, or ends in a signal."""

    def make(signal: Exception | None = None) -> dict[Ability, Case]:
        dialogue = counts(signal) if signal else COUNTS
        return {Ability.COUNT: make_case("abilities/count", dialogue)}

    return make


@pytest.fixture
def cases(make_case) -> list[Case]:
    return [make_case(f"a/{n}", counts(), abilities=[Ability.COUNT]) for n in range(3)]


CANNOT = Failed("it counts 9", symptom=Symptom.NOT_READ)


def test_what_the_model_can_is_the_endpoints_fault(play, cases, able, counter) -> None:
    found = play(cases, counter(), controls=able())
    assert {f.verdict for f in found.values()} == {Verdict.FAILED}


def test_what_it_cannot_is_not(play, cases, able, counter) -> None:
    sender = counter()
    found = play(cases, sender, controls=able(CANNOT))
    assert {f.verdict for f in found.values()} == {Verdict.UNOBSERVED}
    assert {f.ability for f in found.values()} == {Ability.COUNT}
    assert len(sender.sent) == len(cases) + 1, "a control is asked once a run"


def test_only_what_failed_asks_for_a_control(play, make_case, able, counter) -> None:
    sender = counter()
    found = play(
        [make_case("a/b", "one", abilities=[Ability.COUNT])], sender, controls=able(CANNOT)
    )
    assert found["a/b"].verdict is Verdict.PASSED
    assert len(sender.sent) == 1


def test_a_check_that_needs_no_ability_excuses_nobody(play, make_case, able, counter) -> None:
    found = play([make_case("a/b", counts())], counter(), controls=able(CANNOT))
    assert found["a/b"].verdict is Verdict.FAILED


def test_who_is_vouched_for_is_not_asked(lab, cases, able, counter) -> None:
    sender, found = counter(), []
    vouched = replace(lab, target=replace(lab.target, vouched=frozenset({Ability.COUNT})))
    asyncio.run(Judging(cases, vouched, sender, controls=able(CANNOT), done=found.append).run())
    assert {f.verdict for f in found} == {Verdict.FAILED}
    assert len(sender.sent) == len(cases)


def test_a_control_that_breaks_is_our_mistake(lab, cases, able, counter) -> None:
    found, controls = [], able(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        asyncio.run(Judging(cases, lab, counter(), controls=controls, done=found.append).run())
    assert [type(outcome) for outcome in found] == [Bug] * len(cases)


@pytest.mark.parametrize(("measured", "asked"), [((Ability.COUNT,), 1), ((Ability.PLACE,), 0)])
def test_abilities_are_measured_where_that_is_wanted(
    lab, make_case, able, counter, measured, asked
) -> None:
    """What has no control is not known; the others are asked though nothing failed."""
    sender = counter()
    judging = Judging([make_case("a/b", "one")], lab, sender, controls=able(), done=lambda _: None)
    found = asyncio.run(judging.run(measured))
    assert len(sender.sent) == 1 + asked
    assert len(found) == asked


def test_what_a_run_had_to_ask_is_told(lab, cases, able, counter) -> None:
    judging = Judging(cases, lab, counter(), controls=able(CANNOT), done=lambda _: None)
    found = asyncio.run(judging.run())
    assert {a: f.verdict for a, f in found.items()} == {Ability.COUNT: Verdict.FAILED}
