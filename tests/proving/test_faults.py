"""Every check is caught failing by a fault, and nothing fails where there is none."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from conformance.asking.traits import DIMENSIONS
from conformance.diagnosis import diagnose
from conformance.model import Case, Finding, Symptom, Verdict
from conformance.proving.rehearsal import TARGET
from conformance.reference import faults
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import Fault, all_faults, composed, fault_named, name_of
from conformance.reference.voice import STYLES, VARIED
from conformance.registry import all_checks

FAULTS = list(all_faults().values())
#: One fault in so many is proved, unless every slow test is asked for; PROVE.md holds the rest.
SAMPLE = 24
PLAIN = "base64/plain"


def told(findings: list[Finding]) -> str:
    return "\n".join(f"{f.case.id} {f.verdict} {f.symptom or ''}: {f.actual}" for f in findings)


@pytest.mark.sampled(SAMPLE, 3)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_a_fault_is_caught_by_every_check_it_names(fault: Fault, run) -> None:
    named = set(fault.caught_by)
    # Something else is answered as well, so that trouble of one request can be told from all.
    findings = [f for f in run(fault.make, named | {PLAIN}) if f.case.check.id in named]
    failed = [f for f in findings if f.verdict is Verdict.FAILED]
    if {f.case.check.id for f in failed} != named:
        # What takes the endpoint down, or needs others beside it, is seen in the whole suite.
        findings = [f for f in run(fault.make) if f.case.check.id in named]
        failed = [f for f in findings if f.verdict is Verdict.FAILED]
    assert {f.case.check.id for f in failed} == named, told(findings)
    assert {fault.symptom, *fault.also} & {f.symptom for f in failed}, told(failed)


def test_a_fault_is_known_by_its_symptom_and_its_place() -> None:
    assert {type(fault.symptom) for fault in FAULTS} == {Symptom}
    assert [fault.name for fault in FAULTS if fault.symptom in fault.also] == []
    assert {place for fault in FAULTS for place in fault.where} <= set(DIMENSIONS)


def test_every_symptom_has_its_faults() -> None:
    """Whoever is asked in this process always says something."""
    assert {fault.symptom for fault in FAULTS} == set(Symptom) - {Symptom.NO_REPLY}


def test_every_check_is_named_by_a_fault_and_every_name_is_a_check() -> None:
    named = {check for fault in FAULTS for check in fault.caught_by}
    assert named == {check.id for check in all_checks()}


def test_faults_are_many_and_none_hides_another() -> None:
    files = Path(faults.__path__[0]).rglob("*.py")
    written = sum(len(re.findall(r"^@fault\(", f.read_text(), re.M)) for f in files)
    assert len(FAULTS) == written >= 60


def test_a_fault_is_summed_up_in_one_line() -> None:
    assert [f.name for f in FAULTS if not re.fullmatch(r".{9,99}\.", f.summary)] == []
    assert len({fault.summary for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize(
    ("made", "name"),
    [
        ("Blind", "blind"),
        ("IgnoresN", "ignores-n"),
        ("WantsALowerCasePrefix", "wants-a-lower-case-prefix"),
        ("CachesByAShortHash", "caches-by-a-short-hash"),
        ("ErrorsAre200", "errors-are-200"),
        ("Keeps8Of16Bits", "keeps-8-of-16-bits"),
        ("CountsBase64AsText", "counts-base64-as-text"),
    ],
)
def test_a_name_reads_as_english(made: str, name: str) -> None:
    assert name_of(type(made, (Endpoint,), {})) == name


def test_a_name_has_every_letter_of_its_class() -> None:
    given = [(f.name.replace("-", ""), f.make.__name__.lower()) for f in FAULTS]
    assert [pair for pair in given if pair[0] != pair[1]] == []


def test_faults_are_sorted_by_name() -> None:
    assert list(all_faults()) == sorted(all_faults())


def test_an_unknown_fault_is_answered_with_the_nearest() -> None:
    with pytest.raises(LookupError, match="did you mean 'blind'"):
        fault_named("blnd")


@pytest.mark.slow
def test_the_reference_passes_everything(run, every_case: list[Case]) -> None:
    findings = run(Endpoint)
    assert len(findings) == len(every_case) >= 150
    assert all(f.verdict is Verdict.PASSED for f in findings), unlike(findings, Verdict.PASSED)


@pytest.mark.slow
@pytest.mark.parametrize("style", [*STYLES, VARIED])
def test_the_reference_passes_in_every_style(style: str, run, quick: set[str]) -> None:
    findings = run(partial(Endpoint, style=style), quick)
    assert all(f.verdict is Verdict.PASSED for f in findings), unlike(findings, Verdict.PASSED)


@pytest.mark.slow
@pytest.mark.parametrize(
    "model",
    [
        "gpt-5.6",
        "gpt-4o-mini",
        "gpt-5.4",
    ],
)
def test_the_reference_passes_as_any_model(model: str, run, quick: set[str]) -> None:
    target = replace(TARGET, model=model, rule=model)
    findings = run(partial(Endpoint, model=model), quick, target)
    allowed = {Verdict.PASSED, Verdict.NOT_APPLICABLE}
    assert {f.verdict for f in findings} <= allowed, unlike(findings, Verdict.PASSED)
    without_rule = [f.case.check.area for f in findings if f.verdict is Verdict.NOT_APPLICABLE]
    assert set(without_rule) <= {"detail"}


def unlike(findings: list[Finding], verdict: Verdict) -> str:
    return told([f for f in findings if f.verdict is not verdict])


def test_blindness_is_one_diagnosis(run, every_case: list[Case]) -> None:
    findings = run(fault_named("blind").make)
    red = {f.case.id: f for f in findings if f.verdict is Verdict.FAILED}
    assert {"url/plain", "base64/plain"} <= set(red)
    blocked = [f for f in findings if f.verdict is Verdict.BLOCKED]
    assert len(blocked) > len(every_case) / 2
    assert {f.blocked_by for f in blocked} <= set(red)
    assert {"url/plain", "base64/plain"} >= {f.blocked_by for f in blocked}
    assert {f.symptom for f in red.values()} == {Symptom.NOT_READ}
    [statement] = diagnose(findings).statements
    assert statement.symptom is Symptom.NOT_READ
    assert set(statement.cases) == set(red)
    passed = {f.case.check.area for f in findings if f.verdict is Verdict.PASSED}
    blind = {"errors", "shape", "placeholders", "models", "leaks", "sdk", "security"}
    assert passed <= blind


def test_nothing_is_hidden_behind_another(run) -> None:
    """What a dialogue failed stays FAILED, whoever else failed."""
    names = ("errors-are-200", "reverses-pictures")
    wanted = {check for name in names for check in fault_named(name).caught_by}
    findings = run(composed(names), wanted)
    failed = {f.case.check.id for f in findings if f.verdict is Verdict.FAILED}
    assert failed == wanted, told(findings)
    assert {fault_named(name).symptom for name in names} <= {f.symptom for f in findings}
