"""Brings what is generated in docs/ up to date; ``make readme`` runs it.

That is the whole of checks.md, and in the other pages whatever stands between two marks: the
figures of a document that another command measured.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from conformance.model import AREAS, Area, Case, Level, cases_of
from conformance.registry import all_checks
from conformance.report.markdown import checks_table

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
CHECKS = DOCS / "checks.md"
#: ``<!-- figures: FILE -->``, then its figures as of the last time, then the end mark.
FIGURES = re.compile(
    r"(?P<begin><!-- figures: (?P<file>\S+) -->\n).*?(?P<end><!-- end of figures -->)", re.S
)
HEAD = """# The checks

Generated from the code by `make readme`; a test holds it. `vision-conformance list` prints the same
in a terminal, one check a line.

A check is one sentence that an endpoint keeps or breaks. It ranges over parameters, and at each of
them it is one *case*: one line of the report and one item of pytest, such as
`url/format-is-read[png]`. The level is that of the requirement: see [levels](verdicts.md#levels).
A name in the first column may follow `-k`, the name of an area `--area`.
"""


def checks_page() -> str:
    """The whole of checks.md."""
    table = re.sub(r"^### ", "## ", checks_table(all_checks()), flags=re.M).strip()
    return f"{HEAD}\n{_sums()}\n\n{table}\n"


def _sums() -> str:
    checks, cases = all_checks(), cases_of(all_checks())
    levels = Counter(case.check.level for case in cases)
    told = ", ".join(f"{levels[level]} {level}" for level in Level)
    rows = "\n".join(_row(area, cases) for area in AREAS)
    return (
        f"{len(checks)} checks, {len(cases)} cases: {told}.\n\n"
        f"| Area | Name | Checks | Cases |\n| --- | --- | ---: | ---: |\n{rows}"
    )


def _row(area: Area, cases: list[Case]) -> str:
    own = [case.check.id for case in cases if case.check.area == area.id]
    anchor = area.title.lower().replace(" ", "-")
    return f"| [{area.title}](#{anchor}) | `{area.id}` | {len(set(own))} | {len(own)} |"


def with_figures(text: str) -> str:
    """A page with the figures that it shows brought up to date."""

    def fill(found: re.Match[str]) -> str:
        figures = figures_of(ROOT / found["file"])
        return f"{found['begin']}\n{figures}\n\n{found['end']}"

    return FIGURES.sub(fill, text)


def figures_of(file: Path) -> str:
    """The paragraph of a document that holds its figures: a table of them, or a sentence."""
    paragraphs = file.read_text(encoding="utf-8").split("\n\n")
    found = next(p for p in paragraphs if p.lower().startswith("| figure") or " covered (" in p)
    return found if found.startswith("|") else textwrap.fill(found, 100)


def generated() -> Iterator[tuple[Path, str]]:
    """Every page that holds something generated, and what it should say."""
    yield CHECKS, checks_page()
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        if page != CHECKS and FIGURES.search(text):
            yield page, with_figures(text)


def main() -> None:
    for page, text in generated():
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
