"""Brings the table of checks in README.md up to date; ``make readme`` runs it."""

from __future__ import annotations

from pathlib import Path

from conformance.registry import all_checks
from conformance.report.markdown import checks_table

README = Path(__file__).resolve().parents[1] / "README.md"
HEADING = "## The checks\n"


def table() -> str:
    """The section from its heading to the end of the file."""
    return f"{HEADING}\n{checks_table(all_checks()).strip()}\n"


def main() -> None:
    text = README.read_text(encoding="utf-8")
    README.write_text(text.partition(HEADING)[0] + table(), encoding="utf-8")


if __name__ == "__main__":
    main()
