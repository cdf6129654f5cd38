"""``compare``: providers as columns, and a sentence for what is no report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from conformance.cli import main
from conformance.report.jsonfile import write

Doc = dict[str, Any]


def finding(area: str, verdict: str, level: str = "MUST") -> Doc:
    return {
        "case": f"{area}/x",
        "check": f"{area}/x",
        "area": area,
        "level": level,
        "verdict": verdict,
    }


def doc(name: str, findings: list[Doc], **footer: Any) -> Doc:
    whole = {
        "cases": len(findings),
        "verdicts": {},
        "exit_status": 0,
        "interrupted": False,
        "banners": [],
        "diagnosis": [],
        "abilities": [],
    }
    target = {"name": name, "base_url": "http://127.0.0.1:1/v1", "model": "gpt-4o"}
    header = {
        "format": 2,
        "suite_version": "0.1.0",
        "target": target,
        "selection": {"selected": len(findings), "all": len(findings), "partial": False},
        "options": {},
    }
    return {"header": header, "findings": findings, "footer": whole | footer}


def statement(symptom: str) -> Doc:
    return {"symptom": symptom, "level": "MUST", "words": "Pictures vanish.", "cases": ["url/x"]}


GOOD = doc(
    "cloud",
    [finding("url", "passed"), finding("usage", "passed")],
    bill={"verdict": "as-claimed"},
)
BAD = doc(
    "relay",
    [finding("url", "failed"), finding("url", "blocked"), finding("detail", "passed")],
    exit_status=1,
    diagnosis=[statement("bill-too-high"), statement("not-read"), statement("bill-too-high")],
    bill={"verdict": "not-as-claimed"},
)


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command on documents, texts or paths, each written to a file of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")

    def run(*reports: Doc | str | Path) -> Result:
        paths = [_path(tmp_path, number, report) for number, report in enumerate(reports)]
        return CliRunner().invoke(main, ["compare", *map(str, paths)])

    return run


def _path(folder: Path, number: int, report: Doc | str | Path) -> Path:
    if isinstance(report, Path):
        return report
    file = folder / f"{number}" / "report.json"
    file.parent.mkdir()
    if isinstance(report, str):
        file.write_text(report, encoding="utf-8")
    else:
        write(file, report)
    return file.relative_to(folder)


def rows(ended: Result) -> dict[str, str]:
    """What stands after the head of each row, white space folded."""
    assert ended.exit_code == 0, ended.output
    heads = (
        "Model", "Conclusion", "Cases", "Pictures by URL", "Detail levels", "Token usage",
        "not read", "bill too high", "nothing", "by the claimed rule",
    )  # fmt: skip
    lines = [" ".join(line.split()) for line in ended.output.splitlines()]
    return {h: line[len(h) + 1 :] for line in lines for h in heads if line.startswith(f"{h} ")}


def test_two_providers(compare: Callable[..., Result]) -> None:
    ended = compare(GOOD, BAD)

    assert ended.output.split()[:2] == ["cloud", "relay"]
    assert rows(ended) == {
        "Model": "gpt-4o gpt-4o",
        "Conclusion": "✓ Conforms ✗ Does not conform",
        "Pictures by URL": "✓1 ✗1 ⊘1",
        "Detail levels": "– ✓1",
        "Token usage": "✓1 –",
        "not read": "– ✗",
        "bill too high": "– ✗ 2",
        "nothing": "✓ –",
        "by the claimed rule": "as claimed not as claimed",
    }
    assert "do not cover the same areas" in ended.output


def test_a_folder_stands_for_its_report(compare: Callable[..., Result], tmp_path: Path) -> None:
    write(tmp_path / "report.json", GOOD)

    assert rows(compare(tmp_path, BAD))["nothing"] == "✓ –"


def test_providers_of_one_name_are_told_apart_by_their_files(
    compare: Callable[..., Result],
) -> None:
    shown = compare(GOOD, GOOD).output

    assert "0/report.json" in shown
    assert "1/report.json" in shown


def test_nothing_known_is_not_nothing_wrong(compare: Callable[..., Result]) -> None:
    findings = [finding("url", "unobserved"), finding("usage", "passed")]
    unknown = doc("dark", findings, exit_status=3)

    assert rows(compare(GOOD, unknown))["nothing"] == "✓ ?"


def test_a_partial_run_is_told_from_a_whole_one(compare: Callable[..., Result]) -> None:
    part = doc("part", [finding("url", "passed")])
    part["header"]["selection"] = {"selected": 1, "all": 575, "partial": True}
    shown = rows(compare(GOOD, part))

    assert shown["Cases"] == "all partial run: 1 of 575 cases"
    assert shown["Conclusion"] == "✓ Conforms ✓ No MUST requirement is violated in this part"


def test_a_symptom_of_a_later_version_is_shown(compare: Callable[..., Result]) -> None:
    later = doc("later", [finding("url", "passed")], diagnosis=[statement("time-travel")])
    later["header"]["suite_version"] = "9.0"
    shown = compare(GOOD, later).output

    assert "time travel" in shown
    assert "different versions of the suite: 0.1.0, 9.0" in shown


def test_hostile_names_stay_text(compare: Callable[..., Result]) -> None:
    hostile = "\x1b[2J\u202e[bold]x[/bold]"
    shown = compare(doc(hostile, [finding(hostile, "passed")]), GOOD).output

    assert "\x1b[2J" not in shown
    assert "\u202e" not in shown
    assert "[bold]x[/bold]" in " ".join(shown.split())


def _without(member: str) -> Doc:
    return {name: value for name, value in GOOD.items() if name != member}


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        ("", "is empty"),
        ("# A page", "is not a report"),
        ("[1, 2]", "is JSON but not a report"),
        (json.dumps(GOOD | {"header": {"format": 3}}), "has report format 3"),
        (json.dumps(_without("footer")), "lacks header, findings or footer"),
        (json.dumps(GOOD | {"header": {"format": 1}}), "judge the recorded run again"),
        (json.dumps(GOOD | {"header": {"format": 2}}), "is not a report of this suite"),
        (json.dumps(GOOD | {"findings": [1]}), "is not a report of this suite"),
        (json.dumps(GOOD | {"findings": [finding("url", "fine")]}), "not as the schema says"),
        (json.dumps(GOOD | {"footer": {"diagnosis": 7}}), "is not a report of this suite"),
        (Path("none.json"), "none.json cannot be read"),
    ],
)
def test_what_is_no_report(
    compare: Callable[..., Result], report: Doc | str | Path, reason: str
) -> None:
    ended = compare(GOOD, report)

    assert ended.exit_code == 2
    assert ended.stderr.startswith("vision-conformance: ")
    assert reason in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_one_report_is_not_enough(compare: Callable[..., Result]) -> None:
    ended = compare(GOOD)

    assert ended.exit_code == 2
    assert "two reports or more" in ended.stderr
