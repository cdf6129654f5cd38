"""The report in a terminal: areas by level, what failed, and one closing sentence."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.model import Level
from conformance.report import summary
from conformance.report.text import bounded, one_line, visible

#: Characters of provider text per line of a failure.
_SHOWN = 300
#: Failures that are listed; the file has the others.
_LISTED = 40
STYLES = {
    "passed": "green",
    "failed": "bold red",
    "blocked": "yellow",
    "unobserved": "magenta",
    "not-applicable": "dim",
}
_ASCII = str.maketrans({"✓": "+", "✗": "x", "⊘": "!", "–": "-", "…": "...", "×": "x"})


def print_matrix(doc: dict[str, Any], console: Console) -> None:
    """Print the report ``doc`` (see ``document``) to ``console``, colours or not."""
    findings = doc["findings"]
    _say(console, *_heading(doc["header"]))
    console.print(_table(findings, console))
    _say(console, *_legend(findings))
    _diagnosis(console, doc["footer"].get("diagnosis", []))
    failed = [f for f in findings if f["verdict"] == "failed"]
    for finding in failed[:_LISTED]:
        console.print()
        _failure(console, finding)
    if len(failed) > _LISTED:
        more = summary.counted(len(failed) - _LISTED, "more failure")
        _say(console, (f"\n{more} in the report file.", ""))
    _say(console, *_closing(doc))


def _heading(header: dict[str, Any]) -> list[tuple[str, str]]:
    target = header["target"]
    return [
        (short(target["name"]), "bold"),
        (f"  {short(target['model'])} at {short(target['base_url'])}", ""),
        (f"  ({short(header['mode'])}, seed {header['seed']})", "dim"),
    ]


def _table(findings: summary.Rows, console: Console) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Area", no_wrap=True)
    for level in Level:
        table.add_column(level.value)
    table.add_column("Overall")
    for area in dict.fromkeys((*summary.HEADLINE, *summary.areas(findings))):
        rows = summary.of_area(findings, area)
        cells = [tally_text([f for f in rows if f["level"] == level]) for level in Level]
        result = summary.standing(rows)
        words = Text(f"{result.glyph} {result.words}", STYLES[result.verdict])
        row = [Text(short(summary.title(area))), *cells, words]
        table.add_row(*(encodable(cell, console) for cell in row))
    return table


def tally_text(findings: summary.Rows) -> Text:
    """How many findings have each verdict: ``✗1 ✓12``."""
    parts = [
        Text(f"{summary.GLYPHS[verdict]}{number}", STYLES[verdict])
        for verdict, number in summary.counts(findings).items()
    ]
    return Text(" ").join(parts)


def _legend(findings: summary.Rows) -> list[tuple[str, str]]:
    return [
        (f"{summary.GLYPHS[verdict]} {number} {summary.LABELS[verdict]}   ", STYLES[verdict])
        for verdict, number in summary.counts(findings).items()
    ]


def _diagnosis(console: Console, statements: list[dict[str, Any]]) -> None:
    """What most probably happens to pictures, each statement with its evidence."""
    for statement in statements:
        kind = statement["class"]
        style = STYLES["passed" if kind == "none" else "failed"]
        label = "" if kind == "none" else f"  ({kind})"
        _say(console, (f"\n{short(statement['words'])}", style), (label, "dim"))
        if statement["evidence"]:
            _indented(console, "because", short("; ".join(statement["evidence"])))


def _failure(console: Console, finding: dict[str, Any]) -> None:
    glyph = summary.GLYPHS["failed"]
    _say(
        console,
        (f"{glyph} {short(finding['case'])}", STYLES["failed"]),
        (f"  {finding['level']}", "bold"),
    )
    lines = {"": "requirement", "expected": "expected", "actual": "actual", "hint": "hint"}
    for label, member in lines.items():
        if finding[member]:
            _indented(console, label, short(finding[member]))


def _indented(console: Console, label: str, text: str) -> None:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=2)
    if label:
        grid.add_column(width=8, style="dim")
    grid.add_column(overflow="fold")
    cells = [Text(label)] if label else []
    grid.add_row("", *cells, encodable(Text(text), console))
    console.print(grid)


def _closing(doc: dict[str, Any]) -> list[tuple[str, str]]:
    result, footer = summary.overall(doc), doc["footer"]
    cut = " The run was interrupted." if footer["interrupted"] else ""
    return [
        (f"\n{result.glyph} {result.words}.", STYLES[result.verdict]),
        (f" {result.note}{cut} Exit status {footer['exit_status']}.", ""),
    ]


def _say(console: Console, *pieces: tuple[str, str]) -> None:
    text = Text.assemble(*pieces, overflow="fold")
    console.print(encodable(text, console))


def short(text: str) -> str:
    """``text`` on one line, bounded, with nothing invisible in it."""
    return visible(one_line(bounded(text, _SHOWN)))


def encodable(text: Text, console: Console) -> Text:
    """``text`` in what the console's encoding can hold."""
    if console.encoding.lower().startswith("utf"):
        return text
    plain = text.plain.translate(_ASCII)
    plain = plain.encode(console.encoding, "backslashreplace").decode(console.encoding)
    return Text(plain, style=text.style)
