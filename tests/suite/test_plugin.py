"""The suite as an ordinary pytest suite: selection, outcomes, and what is refused."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

from conformance.model import Symptom, cases_of
from conformance.reference.account import KEY, MODEL
from conformance.registry import all_checks

PLAIN = ("--conformance-area=url", "-k", "plain")
ALL = cases_of(all_checks())
SHAPE = [case for case in ALL if case.check.area == "shape"]


def test_collecting_sends_nothing(suite, sound) -> None:
    before = sound.app.count
    result = suite(sound, "--collect-only", "-q")
    assert result.ret == 0
    assert sound.app.count == before
    cases = [line for line in result.outlines if "::test_case[" in line]
    assert len(cases) == len(ALL)


def test_collecting_needs_no_endpoint(suite) -> None:
    assert suite(None, "--collect-only", "-q", *PLAIN).ret == 0


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (("-k", "plain and url"), {"url/plain"}),
        (("-m", "must and shape"), {"must"}),
        (("-m", "multi_image"), {"multi-image"}),
        (("--conformance-area=multi-image",), {"multi-image"}),
        (("--conformance-area=multi_image",), {"multi-image"}),
        (("--conformance-level=must", "--conformance-area=shape"), {"must"}),
    ],
    ids=" ".join,
)
def test_selection(suite, options: tuple[str, ...], wanted: set[str]) -> None:
    result = suite(None, "--collect-only", "-q", *options)
    found = [line.partition("[")[2][:-1] for line in result.outlines if "::test_case[" in line]
    by_id = {case.id: case for case in ALL}
    assert found
    for id in found:
        case = by_id[id]
        assert wanted & {case.id, case.check.level.lower(), case.check.area}


def test_the_reference_passes_and_says_so(suite, sound) -> None:
    result = suite(sound, "--conformance-area=shape", "-q")
    assert result.ret == 0
    result.assert_outcomes(passed=len(SHAPE))
    partly = f"Partial run: {len(SHAPE)} of {len(ALL)} cases (--area shape)."
    result.stdout.fnmatch_lines(
        [
            "*image input conformance*",
            partly,
            "*No MUST requirement is violated in this part*",
        ]
    )
    assert "Conforms" not in result.stdout.str()


def test_a_failure_shows_both_halves_and_no_traceback(suite, faulty) -> None:
    result = suite(faulty, "--conformance-area=url", "-k", "plain")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*MUST *", "*expected: the code *", "*actual: *", "*source: *"])
    text = result.stdout.str()
    assert "Traceback" not in text
    assert not re.search(r"\.py:\d", text)


def test_what_is_blocked_is_skipped_and_says_by_what(suite, faulty) -> None:
    result = suite(faulty, "--conformance-area=url", "-k", "redirect or plain", "-rs")
    result.stdout.fnmatch_lines(["SKIPPED*blocked: look at url/plain first*"])
    assert result.parseoutcomes()["skipped"] >= 2


def test_what_is_not_claimed_is_skipped_and_says_why(suite, sound, pytester) -> None:
    pytester.makefile(".toml", t='model = "gpt-4o"\n[claims]\nurl = false\n')
    result = suite(sound, *PLAIN, "--conformance-target=t.toml", "-rs")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["SKIPPED*not applicable (not claimed): the target does not claim: url*"]
    )


def test_what_is_not_observed_is_an_error(suite, silent) -> None:
    result = suite(silent, *PLAIN)
    assert result.ret == 1
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*could not be observed: *429*"])
    assert "Traceback" not in result.stdout.str()


def test_the_first_failure_may_end_the_run(suite, faulty) -> None:
    result = suite(faulty, "--conformance-area=url", "-x")
    assert result.ret == 1
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] == 1
    assert outcomes.get("passed", 0) + outcomes.get("skipped", 0) < 10
    result.stdout.fnmatch_lines(["*in 1 case. The run was*", "*stopping after 1 failures*"])


def test_what_failed_last_may_be_run_alone(suite, faulty) -> None:
    first = suite(faulty, "--conformance-area=url", "--conformance-level=MUST")
    failed = first.parseoutcomes()["failed"]
    again = suite(faulty, "--conformance-area=url", "--conformance-level=MUST", "--lf")
    assert again.parseoutcomes()["failed"] == failed
    assert "passed" not in again.parseoutcomes()


def junit(pytester) -> ElementTree.ElementTree:
    return ElementTree.parse(pytester.path / "junit.xml")


def told(element: ElementTree.Element) -> dict[str, str]:
    """The properties right below an element."""
    return {p.get("name"): p.get("value") for p in element.findall("properties/property")}


def test_the_report_for_machines_says_what_was_required(suite, faulty, pytester) -> None:
    suite(faulty, *PLAIN, "--junitxml=junit.xml", "-o", "junit_family=xunit2")
    [case] = junit(pytester).iter("testcase")
    said = told(case)
    assert (said["case"], said["level"], said["verdict"]) == ("url/plain", "MUST", "failed")
    assert said["requirement"].endswith(".")
    assert said["expected"].startswith("the code ")
    assert said["actual"]
    assert said["spec"].startswith("https://")
    assert said["symptom"] in list(Symptom)


def test_the_report_for_machines_says_what_to_read_first(suite, faulty, pytester) -> None:
    suite(faulty, *PLAIN, "--junitxml=junit.xml", "-o", "junit_family=xunit2")
    [run] = junit(pytester).iter("testsuite")
    said = told(run)
    assert said["selection"] == f"partial run: 1 of {len(ALL)} cases"
    assert said["conclusion"].startswith("Does not conform. 1 MUST requirement is violated")
    assert said["statement"].startswith("MUST ")
    assert said["statement"].endswith("(url/plain)")


def test_what_failed_is_failed_in_every_report(suite, faulty, pytester) -> None:
    options = ("--conformance-out=o", "--junitxml=junit.xml", "-o", "junit_family=xunit2")
    result = suite(faulty, "--conformance-area=url", *options)
    report = json.loads((pytester.path / "o" / "report.json").read_text("ascii"))
    failed = {f["case"] for f in report["findings"] if f["verdict"] == "failed"}
    cases = list(junit(pytester).iter("testcase"))
    assert failed
    assert {told(c)["case"] for c in cases if c.find("failure") is not None} == failed
    assert {told(c)["case"] for c in cases if told(c)["verdict"] == "failed"} == failed
    assert {c for s in report["footer"]["diagnosis"] for c in s["cases"]} == failed
    assert result.parseoutcomes()["failed"] == len(failed)
    judged = {f["case"]: f["verdict"] for f in report["findings"]}
    blockers = {f["blocked_by"] for f in report["findings"] if f["verdict"] == "blocked"}
    assert {judged[case] for case in blockers} <= {"failed", "unobserved"}


def test_the_report_holds_the_options_and_no_secret(suite, faulty, pytester) -> None:
    suite(faulty, *PLAIN, "--conformance-out=o", "--conformance-concurrency=3")
    text = (pytester.path / "o" / "report.json").read_text("ascii")
    header = json.loads(text)["header"]
    assert header["selection"] == {"selected": 1, "all": len(ALL), "partial": True}
    given = {n: v for n, v in header["options"].items() if v and n != "base_url"}
    assert given == {
        "area": ["url"],
        "concurrency": 3,
        "keyword": "plain",
        "model": MODEL,
        "out": "o",
        "seed": "committed",
        "timeout": 120,
    }
    assert {"api_key_env", "target", "marks", "cassettes", "security"} <= set(header["options"])
    assert KEY not in text


def test_reports_are_written_where_asked(suite, sound, pytester) -> None:
    assert suite(sound, *PLAIN, "--conformance-out=o").ret == 0
    assert {p.name for p in (pytester.path / "o").iterdir()} >= {"report.json", "report.html"}


@pytest.mark.slow
def test_recorded_and_judged_again(suite, sound) -> None:
    options = ("--conformance-area=shape", "--conformance-cassettes=c/cassettes")
    assert suite(sound, *options, "--record-mode=rewrite", apart=True).ret == 0
    before = sound.app.count
    result = suite(None, *options, "--record-mode=none", "--block-network", apart=True)
    assert result.ret == 0
    assert sound.app.count == before
    result.assert_outcomes(passed=len(SHAPE))


@pytest.mark.slow
def test_a_live_run_is_not_shared_out(suite, sound) -> None:
    before = sound.app.count
    result = suite(sound, "--conformance-area=shape", "-n", "2", apart=True)
    assert result.ret != 0
    assert "run without -n" in result.stdout.str() + result.stderr.str()
    assert "passed" not in result.parseoutcomes()
    assert sound.app.count == before


AT = "--conformance-base-url=http://127.0.0.1:1/v1"
WRONG = [
    ((), "no base URL is given"),
    (("--conformance-base-url=nowhere",), "begins with https:// or http://"),
    (("--conformance-target=none.toml",), "none.toml cannot be read"),
    (("--conformance-cassettes=none",), "holds no target.json"),
    (("--conformance-area=colour",), "there is no area 'colour'"),
    (("--conformance-level=SOMETIMES",), "there is no level 'SOMETIMES'"),
    ((AT, "--conformance-concurrency=none"), "--conformance-concurrency takes a number"),
    ((AT, "--conformance-timeout=0"), "--conformance-timeout takes a number"),
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("options", "sentence"), WRONG, ids=[s for _, s in WRONG])
def test_a_wrong_call_is_one_sentence(suite, options: tuple[str, ...], sentence: str) -> None:
    result = suite(None, "-k", "plain", *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    lines = [line for line in result.errlines if line.strip()]
    assert len(lines) == 1, lines
    assert sentence in lines[0]
    assert "Traceback" not in result.stdout.str()
    assert not re.search(r"\.py:\d", result.stdout.str())


def test_a_bug_of_ours_has_a_traceback(suite, sound, pytester) -> None:
    """It must not look like a verdict on the endpoint."""
    pytester.makepyfile(
        break_it="""
        from conformance.judging import answers
        def broken(*_):
            raise ZeroDivisionError("our own mistake")
        answers.reads = broken
        """
    )
    pytester.syspathinsert()
    result = suite(sound, *PLAIN, "-p", "break_it", apart=True)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError: our own mistake*"])


def test_options_are_all_prefixed(suite) -> None:
    result = suite(None, "--help")
    lines = result.stdout.str().partition("image input conformance")[2]
    options = [line.split()[0] for line in lines.splitlines() if line.startswith("  --")]
    assert "--conformance-base-url=URL" in options
    ours = options[: options.index("--conformance-progress") + 1]
    assert all(option.startswith("--conformance-") for option in ours)
