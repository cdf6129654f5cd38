"""What holds for the statements of any run, made up, merged of real ones, or hostile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise, permutations, product
from random import Random

import pytest
from drawn import exchanges, hostile_runs, runs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up import failed, finding, looking, merged
from swept import SWEEPING

from conformance.asking.traits import traits
from conformance.diagnosis import Diagnosis, Statement, diagnose
from conformance.diagnosis.green import green
from conformance.model import GRAVITY, Exchange, Finding, Level, Probe, Symptom, Verdict

Findings = Sequence[Finding]
LEVELS = tuple(Level)
by_chance = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def red_of(findings: Findings) -> list[Finding]:
    return [found for found in findings if found.verdict is Verdict.FAILED]


# ---------------------------------------------------------------- what must hold


def verify_conserved(findings: Findings, said: Diagnosis) -> None:
    """What failed is told once, whoever else failed; nothing else is told."""
    told = Counter(case for statement in said.statements for case in statement.cases)
    assert told == Counter(found.case.id for found in red_of(findings))
    symptoms = {found.case.id: found.symptom for found in findings}
    for statement in said.statements:
        assert statement.cases
        assert {symptoms[case] for case in statement.cases} == {statement.symptom}


def verify_levels(findings: Findings, said: Diagnosis) -> None:
    """A MUST stands before a SHOULD, and within a level the graver symptom before the other."""
    levels = {found.case.id: LEVELS.index(found.case.check.level) for found in findings}
    for statement in said.statements:
        assert LEVELS.index(statement.level) == min(levels[case] for case in statement.cases)
    ranks = [(LEVELS.index(s.level), GRAVITY.index(s.symptom)) for s in said.statements]
    assert all(one <= next_ for one, next_ in pairwise(ranks))


def bare(probe: Probe) -> Probe:
    return replace(probe, sample=0, crowd=())


def recounted(findings: Findings, statement: Statement) -> tuple[int, int, int, int]:
    """Both counts of a statement, from the requests of the findings themselves."""
    ours = [found for found in red_of(findings) if found.symptom is statement.symptom]
    red = {bare(shown.probe) for found in ours for shown in found.red}
    judged = red | {bare(probe) for probe in green(statement.symptom, findings)}
    wanted = set(zip(statement.dimensions, statement.traits, strict=True))

    def has(probe: Probe) -> bool:
        return wanted <= {tuple(trait) for trait in traits(probe)}

    with_, without = {p for p in judged if has(p)}, {p for p in judged if not has(p)}
    return len(with_ & red), len(with_), len(without & red), len(without)


def verify_explained(findings: Findings, said: Diagnosis) -> None:
    """Both counts are right, are those that are told, and of one request no cause is claimed."""
    for told in said.statements:
        counts = (told.red, told.judged, told.red_without, told.judged_without)
        assert min(counts) >= 0
        assert told.red <= told.judged
        assert told.red_without <= told.judged_without
        if not told.traits:
            continue
        assert counts == recounted(findings, told)
        assert told.red >= 2
        with_, without = re.findall(
            r"(\d+) of (\d+)(?: requests with .*?; | without\.)", told.words
        )
        assert tuple(map(int, (*with_, *without))) == counts
        assert all(trait in told.words for trait in told.traits)


def verify(findings: Findings) -> Diagnosis:
    said = diagnose(findings)
    verify_conserved(findings, said)
    verify_levels(findings, said)
    verify_explained(findings, said)
    return said


def symptoms(said: Diagnosis) -> set[Symptom]:
    return {statement.symptom for statement in said.statements}


def content(said: Diagnosis) -> Counter[tuple[Statement, frozenset[str]]]:
    """What is said, in whatever order."""
    return Counter(
        (replace(told, words="", cases=()), frozenset(told.cases)) for told in said.statements
    )


# ---------------------------------------------------------------- of runs by chance


@given(runs())
@by_chance
def test_any_run(findings: list[Finding]) -> None:
    verify(findings)


@given(hostile_runs())
@by_chance
def test_a_run_of_requests_that_nobody_would_send(findings: list[Finding]) -> None:
    said = verify(findings)
    assert all(statement.words.strip() for statement in said.statements)


@given(runs(), exchanges() | st.none(), st.sampled_from(Symptom), st.sampled_from(Level))
@by_chance
def test_another_red_finding_removes_nothing(
    findings: list[Finding], about: Exchange | None, symptom: Symptom, level: Level
) -> None:
    more = finding("another/one", Verdict.FAILED, about, symptom=symptom, level=level)
    assert symptoms(verify([*findings, more])) == symptoms(diagnose(findings)) | {symptom}


@given(runs(), st.lists(exchanges(), max_size=8))
@by_chance
def test_other_green_findings_remove_nothing(
    findings: list[Finding], replies: list[Exchange]
) -> None:
    more = [finding(f"others/{n}", Verdict.PASSED, reply) for n, reply in enumerate(replies)]
    assert symptoms(verify([*findings, *more])) == symptoms(diagnose(findings))


@given(runs(), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
@by_chance
def test_prose_is_never_read(
    findings: list[Finding], expected: str, actual: str, hint: str
) -> None:
    other = [replace(f, expected=expected, actual=actual, hint=hint) for f in findings]
    assert diagnose(other) == diagnose(findings)


@given(runs(), st.randoms(use_true_random=False))
@by_chance
def test_the_order_of_findings_changes_nothing(findings: list[Finding], random: Random) -> None:
    other = list(findings)
    random.shuffle(other)
    assert content(diagnose(other)) == content(diagnose(findings))


@given(runs())
@by_chance
def test_what_is_neither_red_nor_green_is_not_told(findings: list[Finding]) -> None:
    closed = (Verdict.FAILED, Verdict.PASSED)
    others = [found for found in findings if found.verdict not in closed]
    assert diagnose(others).statements == ()


# ---------------------------------------------------------------- hostile ones, by hand


HOSTILE: dict[str, Callable[[], list[Finding]]] = {
    "nothing": list,
    "nothing was sent": lambda: [
        finding("a/b", Verdict.FAILED, None, symptom=Symptom.NOT_READ),
        finding("a/c", Verdict.PASSED, None),
    ],
    "nothing is in evidence": lambda: [
        replace(found, evidence=()) for found in failed(Symptom.ORDER, looking(), looking(1))
    ],
    "one request is red and green": lambda: [
        *failed(Symptom.REFUSED, looking(), looking(1)),
        finding("a/b", Verdict.PASSED, failed(Symptom.REFUSED, looking())[0].about),
    ],
    "an empty request": lambda: failed(Symptom.MALFORMED, Probe(), Probe(raw_body=b"")),
    "all that there is": lambda: [
        found
        for n, symptom in enumerate(Symptom)
        for found in failed(symptom, looking(), looking(n, stream=True), name=f"all/{symptom}")
    ],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_findings(name: str) -> None:
    verify(HOSTILE[name]())


def test_nothing_fails_without_a_symptom() -> None:
    """It would be in no statement."""
    with pytest.raises(ValueError, match="without a symptom"):
        finding("a/b", Verdict.FAILED, None)


# ---------------------------------------------------------------- merged of real ones


@pytest.mark.parametrize("pair", list(permutations(SWEEPING, 2)), ids="+".join)
def test_no_defect_hides_another(
    pair: tuple[str, str], real_runs: dict[str, list[Finding]]
) -> None:
    first, second = (real_runs[name] for name in pair)
    assert red_of(first)
    both = merged(first, second)
    said = verify(both)
    assert symptoms(said) == {found.symptom for found in red_of(both)}
    # Whatever the first leaves of the second is told as the second's, and by its own trait.
    hidden = {found.case.id for found in red_of(first)}
    left = [found for found in red_of(second) if found.case.id not in hidden]
    assert {found.symptom for found in left} <= symptoms(said)


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_part_of_any_pair(real_runs: dict[str, list[Finding]], data: st.DataObject) -> None:
    pairs = list(product(SWEEPING, repeat=2))
    first, second = data.draw(st.sampled_from(pairs))
    both = merged(real_runs[first], real_runs[second])
    kept = data.draw(st.lists(st.sampled_from(both), unique_by=lambda f: f.case.id, max_size=30))
    verify(kept)


def test_the_faultless_endpoint_has_no_statement(real_runs: dict[str, list[Finding]]) -> None:
    assert diagnose(real_runs[""]) == Diagnosis()
