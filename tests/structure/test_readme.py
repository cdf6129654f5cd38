"""The README's table is the one that the code makes."""

from __future__ import annotations

from pathlib import Path

from conformance.registry import all_checks
from conformance.report.markdown import checks_table

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_of_checks_is_up_to_date() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## The checks\n")[2]
    assert section.strip() == checks_table(all_checks()).strip(), "run `make readme`"


def test_both_readmes_point_at_each_other() -> None:
    assert "(README.zh-CN.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(README.md)" in (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
