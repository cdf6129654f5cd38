"""Every check is caught failing by a fault, and nothing fails where there is none."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from conformance.diagnosis.attribution import attributed
from conformance.model import Case, Finding, Verdict
from conformance.reference import faults
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import Fault, all_faults, fault_named
from conformance.reference.voice import STYLES, VARIED
from conformance.registry import all_checks
from conformance.rehearsal import TARGET

FAULTS = list(all_faults().values())


def told(findings: list[Finding]) -> str:
    return "\n".join(f"{f.case.id} {f.verdict}: {f.actual}" for f in findings)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_a_fault_is_caught_by_every_check_it_names(fault: Fault, run) -> None:
    findings = run(fault.make, fault.caught_by)
    failed = {f.case.check.id for f in findings if f.verdict is Verdict.FAILED}
    assert failed == set(fault.caught_by), told(findings)


def test_every_check_is_named_by_a_fault_and_every_name_is_a_check() -> None:
    named = {check for fault in FAULTS for check in fault.caught_by}
    assert named == {check.id for check in all_checks()}


def test_faults_are_many_and_none_hides_another() -> None:
    files = Path(faults.__path__[0]).glob("*.py")
    written = sum(len(re.findall(r"^@fault\(", f.read_text(), re.M)) for f in files)
    assert len(FAULTS) == written >= 60


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_a_fault_is_summed_up_in_one_line(fault: Fault) -> None:
    assert fault.summary.endswith((".", "500."))
    assert 10 <= len(fault.summary) <= 100
    assert fault.summary not in {f.summary for f in FAULTS if f is not fault}


def test_an_unknown_fault_is_answered_with_the_nearest() -> None:
    with pytest.raises(LookupError, match="did you mean 'blind'"):
        fault_named("blnd")


def test_the_reference_passes_everything(run, every_case: list[Case]) -> None:
    findings = run(Endpoint)
    assert len(findings) == len(every_case) >= 150
    assert all(f.verdict is Verdict.PASSED for f in findings), unlike(findings, Verdict.PASSED)


@pytest.mark.parametrize("style", [*STYLES, VARIED])
def test_the_reference_passes_in_every_style(style: str, run, quick: set[str]) -> None:
    findings = run(partial(Endpoint, style=style), quick)
    assert all(f.verdict is Verdict.PASSED for f in findings), unlike(findings, Verdict.PASSED)


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-5.4", "gpt-5.6"])
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
    findings = attributed(run(fault_named("blind").make))
    failed = [f.case.id for f in findings if f.verdict is Verdict.FAILED]
    assert failed == ["url/plain", "base64/plain"]
    blocked = [f for f in findings if f.verdict is Verdict.BLOCKED]
    assert {f.blocked_by for f in blocked} == {"url/plain", "base64/plain"}
    passed = [f.case for f in findings if f.verdict is Verdict.PASSED]
    blind = {"errors", "shape", "placeholders", "models", "leaks", "sdk", "security"}
    assert {case.check.area for case in passed} <= blind
    assert Counter(f.verdict for f in findings).total() == len(every_case)
    others = [f for f in findings if f.verdict is Verdict.NOT_APPLICABLE]
    assert len(failed) + len(blocked) + len(passed) + len(others) == len(every_case)
