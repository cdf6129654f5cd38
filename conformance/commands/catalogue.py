"""``list``: every check, or every fault."""

from __future__ import annotations

import click
from rich.table import Table

from conformance.model import cases_of
from conformance.registry import all_checks
from conformance.report.markdown import checks_table
from conformance.report.screen import Screen

#: Columns that hold every row in one line.
WIDE = 400


def show(*, markdown: bool, faults: bool) -> None:
    if faults:
        return _faults()
    if markdown:
        return click.echo(checks_table(all_checks()))
    return _checks()


def _checks() -> None:
    table = _table("check", "level", "requirement", "source")
    for check in all_checks():
        table.add_row(check.id, check.level, check.requirement, check.spec.title)
    console = _console()
    console.print(table)
    checks = all_checks()
    console.print(f"\n{len(checks)} checks, {len(cases_of(checks))} cases")


def _faults() -> None:
    # Imported here: a list of checks needs no fault.
    from conformance.reference.fault import all_faults

    table = _table("fault", "what it does", "caught by")
    for fault in all_faults().values():
        table.add_row(fault.name, fault.summary, ", ".join(fault.caught_by))
    console = _console()
    console.print(table)
    console.print(f"\n{len(all_faults())} faults")


def _table(name: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(name, no_wrap=True, overflow="ignore")
    for other in others:
        table.add_column(other)
    return table


def _console() -> Screen:
    """A pipe has no width: a row is a line there, for grep."""
    console = Screen()
    return console if console.is_terminal else Screen(width=WIDE)
