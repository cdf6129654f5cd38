"""The file: whole or absent when written, and honest about what is left when cut."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.report.jsonfile import ReportError, read, write


def test_what_is_written_is_read(tmp_path: Path, doc: dict[str, Any]) -> None:
    write(tmp_path / "report.json", doc)

    assert read(tmp_path / "report.json") == json.loads(json.dumps(doc))
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_one_finding_per_line_header_first_footer_last(tmp_path: Path, doc: dict[str, Any]) -> None:
    write(tmp_path / "report.json", doc)

    lines = (tmp_path / "report.json").read_text(encoding="ascii").splitlines()

    assert lines[0].startswith('{"header":')
    assert lines[-1].startswith('"footer":')
    cases = [json.loads(line.removesuffix(","))["case"] for line in lines[2:-2]]
    assert cases == [f["case"] for f in doc["findings"]]


def test_a_report_without_findings_is_valid(tmp_path: Path, doc: dict[str, Any]) -> None:
    write(tmp_path / "report.json", {**doc, "findings": []})

    assert read(tmp_path / "report.json")["findings"] == []


def test_a_failed_write_leaves_the_old_report(tmp_path: Path, doc: dict[str, Any]) -> None:
    path = tmp_path / "report.json"
    write(path, doc)
    before = path.read_bytes()

    with pytest.raises(TypeError):
        write(path, {**doc, "footer": {"cases": object()}})

    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize(("after", "whole"), [(0, 0), (1, 1), (17, 17), (60, 60)])
def test_a_truncated_report_says_how_much_is_whole(
    tmp_path: Path, doc: dict[str, Any], after: int, whole: int
) -> None:
    path = tmp_path / "report.json"
    write(path, doc)
    lines = path.read_text(encoding="ascii").splitlines(keepends=True)
    path.write_text("".join(lines[: 2 + after]) + lines[2 + after][:40], encoding="ascii")

    with pytest.raises(ReportError, match=rf"is truncated: .* after {whole} whole finding"):
        read(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b'{"hea', "is truncated"),
        (b"hello", "is not a report"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[]", "lacks header"),
        (b'{"header":{}}', "lacks header"),
        (b'{"header":{"format":99},"findings":[],"footer":{}}', "report format 99"),
        (
            b'{"header":{"format":1},"findings":[],"footer":{}}',
            "report format 1; this version reads 2: judge the recorded run again",
        ),
        (b'{"header":[],"findings":[],"footer":{}}', "report format None"),
        (b'{"header":' + b"[" * 100_000, "nested more than"),
    ],
)
def test_what_is_no_report_is_named_in_one_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    (path := tmp_path / "report.json").write_bytes(content)

    with pytest.raises(ReportError, match=sentence) as raised:
        read(path)

    assert "\n" not in str(raised.value)


def test_a_missing_report_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"report\.json cannot be read: there is no such file"):
        read(tmp_path / "report.json")
