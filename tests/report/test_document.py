"""What report.json says about findings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from conformance.model import Chunk, Exchange, Finding, Probe, Target
from conformance.report.document import (
    CHUNKS,
    EXCERPT,
    Header,
    document,
    exit_status,
    without_userinfo,
)
from conformance.wire import contract

Verdicts = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("must", "should", "status"),
    [
        ("passed passed", "", 0),
        ("passed not-applicable", "", 0),
        ("passed", "failed unobserved blocked", 0),
        ("passed failed", "", 1),
        ("failed blocked unobserved", "", 1),
        ("passed unobserved", "", 3),
        ("passed unobserved:count", "", 3),
        ("passed blocked", "", 3),
        ("blocked unobserved", "failed", 3),
        # No MUST was judged.
        ("not-applicable", "passed", 3),
        ("", "passed", 3),
        ("", "failed", 3),
        ("", "", 3),
    ],
)
def test_exit_status(verdicts: Verdicts, must: str, should: str, status: int) -> None:
    assert exit_status(verdicts(MUST=must, SHOULD=should), interrupted=False) == status


@pytest.mark.parametrize(("must", "status"), [("passed", 3), ("failed", 1), ("blocked", 3)])
def test_an_interrupted_run_is_never_a_success(
    make_header: Callable[..., Header], verdicts: Verdicts, must: str, status: int
) -> None:
    footer = document(make_header(), verdicts(MUST=must), interrupted=True)["footer"]

    assert footer["exit_status"] == status
    assert footer["interrupted"] is True


def test_the_report_has_the_promised_shape(doc: dict[str, Any]) -> None:
    assert contract.problems("report", doc) == []
    json.dumps(doc, allow_nan=False).encode("utf-8")


def test_findings_say_what_went_wrong_and_why(doc: dict[str, Any]) -> None:
    findings = doc["findings"]

    assert {f["symptom"] for f in findings if f["verdict"] == "failed"} == {"not-read"}
    assert all(f["why"] for f in findings if f["verdict"] == "not-applicable")
    assert {f["ability"] for f in findings if f["verdict"] == "unobserved"} == {"", "count"}
    assert not any("is_echo" in f for f in findings)
    assert all(f["about"] == len(f["evidence"]) - 1 for f in findings if f["evidence"])


def test_statements_hold_their_counts_and_their_cases(doc: dict[str, Any]) -> None:
    first, second = doc["footer"]["diagnosis"]

    counts = [first[name] for name in ("red", "judged", "red_without", "judged_without")]
    assert (first["symptom"], first["level"], counts) == ("not-read", "MUST", [9, 10, 1, 210])
    assert first["traits"] == ["detail low"]
    assert first["checks"] == [case.partition("[")[0] for case in first["cases"]]
    failed = {f["case"] for f in doc["findings"] if f["verdict"] == "failed"}
    assert {*first["cases"], *second["cases"]} == failed


def test_without_a_diagnosis_it_is_made_of_the_findings(
    make_header: Callable[..., Header], verdicts: Verdicts
) -> None:
    failed = verdicts(MUST="failed passed failed")

    made = document(make_header(), failed, interrupted=False)["footer"]["diagnosis"]

    assert {c for s in made for c in s["cases"]} == {failed[0].case.id, failed[2].case.id}


@pytest.mark.parametrize(("all_cases", "partial"), [(0, False), (2, False), (575, True)])
def test_the_header_says_how_much_was_run(
    make_header: Callable[..., Header], verdicts: Verdicts, all_cases: int, partial: bool
) -> None:
    header = make_header(all_cases=all_cases, options={"keyword": "x\ud800", "area": ["url"]})

    made = document(header, verdicts(MUST="passed passed"), interrupted=False)["header"]

    assert made["selection"] == {"selected": 2, "all": max(all_cases, 2), "partial": partial}
    assert made["options"] == {"area": ["url"], "keyword": "x\ufffd"}


def test_verdicts_are_counted(doc: dict[str, Any]) -> None:
    footer = doc["footer"]

    assert footer["cases"] == len(doc["findings"]) == 60
    assert footer["verdicts"] == {
        "blocked": 6,
        "failed": 6,
        "not-applicable": 6,
        "passed": 36,
        "unobserved": 6,
    }
    assert footer["exit_status"] == 1


def _only(
    make_header: Callable[..., Header], finding: Finding, exchange: Exchange
) -> dict[str, Any]:
    one = replace(finding, evidence=(exchange,))
    shown: dict[str, Any] = document(make_header(), [one], interrupted=False)["findings"][0]
    return dict(shown["evidence"][0])


@pytest.mark.parametrize(
    ("body", "text", "truncated"),
    [
        (b"plain", "plain", False),
        (b"\xff\xfe", "\ufffd\ufffd", False),
        (b"x" * EXCERPT, "x" * EXCERPT, False),
        (b"x" * (EXCERPT + 1), "x" * EXCERPT, True),
        (b"x" * (EXCERPT - 1) + "é".encode(), "x" * (EXCERPT - 1), True),
    ],
    ids=["plain", "not UTF-8", "just fits", "too long", "cut in a character"],
)
def test_a_body_is_an_excerpt(
    make_header: Callable[..., Header],
    make_exchange: Callable[..., Exchange],
    make_probe: Callable[..., Probe],
    findings: list[Finding],
    body: bytes,
    text: str,
    truncated: bool,
) -> None:
    exchange = make_exchange(make_probe(), body=body)

    response = _only(make_header, findings[0], exchange)["response"]

    assert (response["body"], response["truncated"]) == (text, truncated)


def test_a_long_stream_keeps_its_size_and_its_ends(
    make_header: Callable[..., Header],
    make_exchange: Callable[..., Exchange],
    make_probe: Callable[..., Probe],
    findings: list[Finding],
) -> None:
    chunks = tuple(Chunk(at=i / 1000, size=3) for i in range(10 * CHUNKS + 7))

    shown = _only(make_header, findings[0], make_exchange(make_probe(), chunks=chunks))["chunks"]

    assert len(shown) <= CHUNKS
    assert sum(size for _, size in shown) == 3 * len(chunks)
    assert (shown[0][0], shown[-1][0]) == (0.0, chunks[-1].at)


def test_a_password_in_the_base_url_is_not_written(
    make_header: Callable[..., Header], findings: list[Finding]
) -> None:
    target = Target(name="x", base_url="https://user:hunter2@api.example.org/v1", model="m")

    text = json.dumps(document(make_header(target=target), findings, interrupted=False))

    assert "hunter2" not in text
    assert "https://api.example.org/v1/chat/completions" in text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://a@b.example:1/x?y=z", "http://b.example:1/x?y=z"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
    ],
)
def test_user_names_leave_urls(url: str, shown: str) -> None:
    assert without_userinfo(url) == shown
