"""What is said of an endpoint: the right thing, with its evidence, whatever was recorded."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.commands.proving import findings_of
from conformance.diagnosis.causes import causes
from conformance.diagnosis.context import look_over
from conformance.diagnosis.diagnose import MOST, diagnose
from conformance.diagnosis.kinds import GRAVITY, Kind, Statement
from conformance.model import Exchange, Finding, Reply, Usage, Verdict
from conformance.reference.fault import Fault, fault_named

Findings = Callable[[str], list[Finding]]
#: A fault, the class that is said first, and words of the statement and its evidence.
SAID = [
    ("blind", "silent-strip", ("Pictures never reach the model", "0 of 6 codes", "no fetch")),
    ("drops-url-pictures", "silent-strip", ("Pictures sent as URLs never", "saw no fetch", "21")),
    ("drops-data-urls", "silent-strip", ("Pictures sent as data URLs never", "0 of 3 codes read")),
    ("refuses-urls", "honest-refusal", ("sent as URLs are refused openly", "400")),
    ("takes-urls-for-base64", "protocol", ("sent as URLs make the endpoint fail", "500")),
    ("reverses-pictures", "reorder", ("Several pictures in one request are mixed up",)),
    ("mirrors-pictures", "silent-degradation", ("reach the model with less in them",)),
    ("bills-flat", "wrong-billing", ("tokens do not fit", "106 with pictures")),
    ("errors-are200", "error-as-answer", ("come back with status 200", "errors/bad-key-is-401")),
    ("never-says-done", "protocol", ("streamed requests", "streaming/done-ends-the-stream")),
]


def whole(statement: Statement) -> str:
    return "; ".join((statement.words, *statement.evidence))


@pytest.mark.parametrize(("fault", "kind", "words"), SAID)
def test_what_is_said_first(
    fault: str, kind: str, words: tuple[str, ...], findings: Findings
) -> None:
    first = diagnose(findings(fault))[0]
    assert first.kind == kind
    for part in words:
        assert part in whole(first)


def test_a_healthy_endpoint_is_accused_of_nothing(findings: Findings) -> None:
    said = diagnose(findings("none"))
    assert said == (Statement(kind=Kind.NONE, words="Nothing is wrong with pictures."),)


@pytest.mark.parametrize(("fault", "_kind", "_words"), SAID)
def test_every_accusation_names_failed_checks_and_evidence(
    fault: str, _kind: str, _words: object, findings: Findings
) -> None:
    found = findings(fault)
    failed = {f.case.check.id for f in found if f.verdict is Verdict.FAILED}
    for statement in diagnose(found):
        assert statement.evidence
        assert statement.checks
        assert set(statement.checks) <= failed


@pytest.mark.parametrize(("fault", "_kind", "_words"), SAID)
def test_the_gravest_comes_first(
    fault: str, _kind: str, _words: object, findings: Findings
) -> None:
    ranks = [GRAVITY.index(s.kind) for s in diagnose(findings(fault))]
    assert ranks == sorted(ranks)


# ---------------------------------------------------------------- partial runs


def as_verdict(findings: list[Finding], verdict: Verdict) -> list[Finding]:
    return [replace(f, verdict=verdict, evidence=()) for f in findings]


def test_an_empty_run_says_that_nothing_is_known() -> None:
    assert diagnose([])[0].words == "Nothing is known: no check was judged."


@pytest.mark.parametrize("verdict", [Verdict.BLOCKED, Verdict.UNOBSERVED])
def test_what_was_not_judged_is_neither_praised_nor_accused(
    verdict: Verdict, findings: Findings
) -> None:
    (only,) = diagnose(as_verdict(findings("none"), verdict))
    assert only.kind is Kind.NONE
    assert only.words.startswith("Nothing was seen")


def test_one_unobserved_case_takes_the_all_clear_back(findings: Findings) -> None:
    first, *rest = findings("none")
    (only,) = diagnose([*as_verdict([first], Verdict.UNOBSERVED), *rest])
    assert only.words == "Nothing wrong was seen, but 1 case could not be judged."


def test_failures_without_evidence_are_told_of_all_the_same(findings: Findings) -> None:
    said = diagnose(as_verdict(findings("none"), Verdict.FAILED))
    assert 1 <= len(said) <= MOST
    assert {s.kind for s in said} == {Kind.PROTOCOL}


# ---------------------------------------------------------------- hostile endpoints

HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e\ud800 {{7*7}} | `x` "


def spoilt(exchange: Exchange, rng: random.Random) -> Exchange:
    """The exchange with something in it that no honest endpoint sends."""
    text = HOSTILE * rng.choice((0, 1, 5000))
    huge = 10 ** rng.choice((2, 30, 5000))
    return replace(
        exchange,
        status=rng.choice((0, 200, 200, 200, 204, 302, 400, 413, 499, 500, 599, 999)),
        body=rng.choice((b"", b"[" * 100_000, b'{"id": 1}', b"\xff" * 50, exchange.body)),
        reply=Reply(
            text=text,
            is_error=rng.random() < 0.3,
            error_message=text,
            usage=Usage(prompt=rng.choice((None, 0, huge))),
        ),
    )


@pytest.mark.parametrize("seed", range(12))
def test_any_findings_give_a_bounded_diagnosis_in_our_own_words(
    seed: int, findings: Findings
) -> None:
    rng = random.Random(seed)
    found = [
        replace(
            f,
            verdict=rng.choice(list(Verdict)),
            actual=HOSTILE,
            expected=rng.choice((HOSTILE, "a 4xx with an error object for x")),
            blocked_by=HOSTILE,
            evidence=tuple(spoilt(e, rng) for e in f.evidence),
        )
        for f in findings("none")
    ]
    said = diagnose(found)
    assert 1 <= len(said) <= MOST
    for statement in said:
        assert len(whole(statement)) < 1500
        assert not set("<>{}\x1b\u202e\ud800`") & set(whole(statement))
    assert any(s.kind is not Kind.NONE for s in said)


# ---------------------------------------------------------------- two defects at once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bills-flat", "sees-the-first-only"),
        ("never-says-done", "drops-url-pictures"),
        ("refuses-webp", "asks-for-no-key"),
        ("reverses-pictures", "turns-grey"),
        ("counts-base64-as-text", "follows-no-redirects"),
    ],
)
def test_two_defects_are_both_told_of(one: str, other: str) -> None:
    first, second = fault_named(one), fault_named(other)
    make = type("Both", (first.make, second.make), {})
    both = Fault(name="both", summary="", caught_by=(), kind="", make=make)
    said = diagnose(findings_of(both))
    assert {first.kind, second.kind} <= {s.kind.value for s in said}


def test_a_cause_is_never_explained_by_what_it_explains(findings: Findings) -> None:
    for fault, _, _ in SAID:
        explained = causes(look_over(findings(fault)))
        assert not set(explained) & set(explained.values())
