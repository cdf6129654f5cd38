"""What a statement says: one sentence that an engineer can check."""

from __future__ import annotations

import pytest
from made_up import exchange, failed, looking, passed, reads, talking

from conformance.diagnosis import Statement, diagnose
from conformance.diagnosis.words import WHAT
from conformance.model import Finding, Level, Symptom


def said(*findings: list[Finding]) -> tuple[Statement, ...]:
    return diagnose([found for each in findings for found in each]).statements


def words(*findings: list[Finding]) -> str:
    (told,) = said(*findings)
    return told.words


def test_what_parts_them_with_both_counts() -> None:
    red = failed(Symptom.NOT_READ, *(looking(n, detail="low") for n in range(9)))
    green = reads(*(looking(n) for n in range(210)))
    expected = "Pictures are not read: 9 of 9 requests with detail low; 0 of 210 without."
    assert words(red, green) == expected


def test_two_traits_in_one_sentence() -> None:
    probes = [looking(n, detail="low", stream=True) for n in range(3)]
    others = [
        *(looking(n, detail="low") for n in range(6)),
        *(looking(n, stream=True) for n in range(6)),
    ]
    expected = (
        "Pictures are not read: 3 of 3 requests with stream: true and detail low; 0 of 12 without."
    )
    assert words(failed(Symptom.NOT_READ, *probes), reads(*others)) == expected


def test_exceptions_on_both_sides_are_counted() -> None:
    red = failed(Symptom.NOT_READ, *(looking(n, detail="low") for n in range(9)), looking(500))
    green = reads(looking(9, detail="low"), *(looking(n) for n in range(209)))
    first, *_ = said(red, green)
    expected = "Pictures are not read: 9 of 10 requests with detail low; 1 of 210 without."
    assert first.words == expected


def test_what_was_measured_stands_in_front() -> None:
    measured = "200 % of the price of gpt-4o"
    red = failed(Symptom.BILL_HIGH, *(looking(n) for n in range(11)), measured=measured)
    told = words(red)
    assert told.startswith("More is billed than is due, 200 % of the price of gpt-4o: 11 of 11")


def test_of_one_request_the_requirement_is_told_and_no_cause() -> None:
    red = failed(Symptom.REFUSED, looking(detail="low"), name="a/b")
    told = words(red, passed(*(exchange(talking(n), "0") for n in range(9))))
    assert told == (
        "Requests that are due an answer are refused: 1 request. Not met: What a/b is about is so."
    )


def test_a_finding_about_nothing_that_was_sent() -> None:
    (red,) = failed(Symptom.MISTOLD, looking(), name="a/b")
    unseen = [Finding(case=red.case, verdict=red.verdict, symptom=red.symptom)]
    assert "0 of" not in words(unseen)
    assert "What a/b is about is so" in words(unseen)


def test_every_symptom_has_its_clause() -> None:
    assert list(WHAT) == list(Symptom)
    assert len(set(WHAT.values())) == len(Symptom)
    for clause in WHAT.values():
        assert clause[0].isupper()
        assert clause[-1].isalnum()


@pytest.mark.parametrize("symptom", Symptom)
def test_nothing_that_an_endpoint_sent_is_in_the_words(symptom: Symptom) -> None:
    hostile = "\x1b[2J<b>evil</b>"
    probes = [looking(n, detail="low") for n in range(3)]
    red = failed(symptom, *probes, expected=hostile, actual=hostile, hint=hostile)
    told = words(red, reads(*(looking(n) for n in range(9))))
    assert told.isprintable()
    assert "evil" not in told
    assert told.endswith(".")
    assert not told.endswith("..")


def test_the_graver_and_the_more_binding_comes_first() -> None:
    def at(symptom: Symptom, level: Level, name: str) -> list[Finding]:
        return failed(symptom, looking(), name=name, level=level)

    told = said(
        at(Symptom.MADE_UP, Level.MAY, "a/1"),
        at(Symptom.MALFORMED, Level.MUST, "a/2"),
        at(Symptom.BILL_HIGH, Level.SHOULD, "a/3"),
        at(Symptom.ORDER, Level.MUST, "a/4"),
        at(Symptom.NOT_READ, Level.SHOULD, "a/5"),
    )
    assert [(s.level, s.symptom) for s in told] == [
        (Level.MUST, Symptom.ORDER),
        (Level.MUST, Symptom.MALFORMED),
        (Level.SHOULD, Symptom.NOT_READ),
        (Level.SHOULD, Symptom.BILL_HIGH),
        (Level.MAY, Symptom.MADE_UP),
    ]
