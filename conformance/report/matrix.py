"""The report in a terminal: areas by level, what went wrong, and one closing sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.model import Level
from conformance.report import diagnosed, labels, summary
from conformance.report.ending import ENDED, spent_words
from conformance.report.screen import in_encoding
from conformance.report.selection import narrowing, partial
from conformance.report.standing import overall, standing
from conformance.report.text import line

#: Failures that are listed; the file has the others.
_LISTED = 40
STYLES = {
    "passed": "green",
    "failed": "bold red",
    "blocked": "yellow",
    "unobserved": "magenta",
    "not-applicable": "dim",
}


def print_matrix(doc: dict[str, Any], console: Console) -> None:
    """Print the report ``doc`` (see ``document``) to ``console``, colours or not."""
    findings = doc["findings"]
    _say(console, *_heading(doc["header"]))
    _narrowed(console, doc)
    banners = doc["footer"]["banners"]
    _banners(console, [banner for banner in banners if banner["kind"] == ENDED])
    console.print(_table(doc, console))
    _say(console, *_legend(findings))
    _abilities(console, diagnosed.abilities(doc))
    _banners(console, [banner for banner in banners if banner["kind"] != ENDED])
    for statement in doc["footer"]["diagnosis"]:
        _statement(console, statement)
    failed = summary.gravest_first(doc)
    for finding in failed[:_LISTED]:
        console.print()
        _failure(console, finding)
    if len(failed) > _LISTED:
        more = summary.counted(len(failed) - _LISTED, "more failure")
        _say(console, (f"\n{more} in the report file.", ""))
    _say(console, *_closing(doc))
    if spent := spent_words(doc):
        _say(console, (line(spent), "dim"))


def _banners(console: Console, banners: Sequence[dict[str, str]]) -> None:
    for banner in banners:
        _say(console, (f"\n! {line(banner['words'])}", STYLES["unobserved"]))


def _narrowed(console: Console, doc: dict[str, Any]) -> None:
    words, by = partial(doc), narrowing(doc)
    if words:
        told = f"{words[:1].upper()}{words[1:]}" + (f" ({line(by)})." if by else ".")
        _say(console, (told, STYLES["blocked"]))


def _heading(header: dict[str, Any]) -> list[tuple[str, str]]:
    target = header["target"]
    guessed = target.get("rule_known", "")
    rule = f"  by the rule of {line(target['rule'])}, {line(guessed)}" if guessed else ""
    return [
        (line(target["name"]), "bold"),
        (f"  {line(target['model'])} at {line(target['base_url'])}", ""),
        (f"  ({line(header['mode'])}, seed {header['seed']})", "dim"),
        (rule, ""),
    ]


def _table(doc: dict[str, Any], console: Console) -> Table:
    findings = doc["findings"]
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Area", no_wrap=True)
    for level in Level:
        table.add_column(level.value)
    table.add_column("Overall")
    for area in dict.fromkeys((*summary.HEADLINE, *summary.areas(findings))):
        rows = summary.of_area(findings, area)
        cells = [tally_text([f for f in rows if f["level"] == level]) for level in Level]
        result = standing(rows, whole=not partial(doc))
        words = Text(f"{result.glyph} {result.words}", STYLES[result.verdict])
        row = [Text(line(summary.title(area))), *cells, words]
        table.add_row(*(encodable(cell, console) for cell in row))
    return table


def tally_text(findings: summary.Rows) -> Text:
    """How many findings have each verdict: ``✗1 ✓12``."""
    parts = [
        Text(f"{labels.GLYPHS[verdict]}{number}", STYLES[verdict])
        for verdict, number in summary.counts(findings).items()
    ]
    return Text(" ").join(parts)


def _legend(findings: summary.Rows) -> list[tuple[str, str]]:
    return [
        (f"{labels.GLYPHS[verdict]} {number} {words}   ", STYLES[verdict])
        for verdict, words, number in labels.tallied(findings)
    ]


def _abilities(console: Console, rows: list[dict[str, str]]) -> None:
    """What this model can do: a row for what it cannot, one for all that it can."""
    if not rows:
        return
    _say(console, ("\nWhat this model can do", "bold"))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    able = [row for row in rows if row["tone"] == "passed"]
    for row in (row for row in rows if row not in able):
        table.add_row(*_ability(console, row, f"{row['what']}: {line(row['words'])}"))
    if able:
        table.add_row(*_ability(console, able[0], ", ".join(row["what"] for row in able)))
    console.print(table)


def _ability(console: Console, row: dict[str, str], words: str) -> tuple[Text, Text]:
    head = Text(f"{row['glyph']} {row['word']}", STYLES[row["tone"]])
    return encodable(head, console), encodable(Text(words), console)


def _statement(console: Console, statement: dict[str, Any]) -> None:
    """One group of failures, in words that hold both counts, and which cases it is made of."""
    tone = STYLES[diagnosed.TONES[statement["level"]]]
    named = statement["cases"][: diagnosed.NAMED]
    more = len(statement["cases"]) - len(named)
    _say(
        console,
        (f"\n{labels.GLYPHS['failed']} {statement['level']}  ", tone),
        (line(statement["words"]), tone),
    )
    rest = f" and {more} more" if more else ""
    _indented(console, "", line(", ".join(named)) + rest)


def _failure(console: Console, finding: dict[str, Any]) -> None:
    glyph = labels.GLYPHS["failed"]
    _say(
        console,
        (f"{glyph} {line(finding['case'])}", STYLES["failed"]),
        (f"  {finding['level']}", "bold"),
    )
    lines = {"": "requirement", "expected": "expected", "actual": "actual", "hint": "hint"}
    for label, member in lines.items():
        if finding[member]:
            _indented(console, label, line(finding[member]))


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
    result, footer = overall(doc), doc["footer"]
    cut = " The run was interrupted." if footer["interrupted"] else ""
    return [
        (f"\n{result.glyph} {result.words}.", STYLES[result.verdict]),
        (f" {result.note}{cut} Exit status {footer['exit_status']}.", ""),
    ]


def _say(console: Console, *pieces: tuple[str, str]) -> None:
    text = Text.assemble(*pieces, overflow="fold")
    console.print(encodable(text, console))


def encodable(text: Text, console: Console) -> Text:
    """``text`` in what the console's encoding can hold."""
    plain = in_encoding(text.plain, console.encoding)
    return text if plain == text.plain else Text(plain, style=text.style)
