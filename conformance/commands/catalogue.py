"""``list``: every check, or every fault."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from conformance.model import cases_of
from conformance.reference.fault import all_faults
from conformance.registry import all_checks
from conformance.report.markdown import checks_table


def show(*, markdown: bool, faults: bool) -> None:
    if faults:
        return _faults()
    if markdown:
        return click.echo(checks_table(all_checks()))
    return _checks()


def _checks() -> None:
    table = Table("check", "level", "requirement", "source", box=None, pad_edge=False)
    for check in all_checks():
        table.add_row(check.id, check.level, check.requirement, check.spec.title)
    console = Console()
    console.print(table)
    checks = all_checks()
    console.print(f"\n{len(checks)} checks, {len(cases_of(checks))} cases", highlight=False)


def _faults() -> None:
    table = Table("fault", "what it does", "caught by", box=None, pad_edge=False)
    for fault in all_faults().values():
        table.add_row(fault.name, fault.summary, ", ".join(fault.caught_by))
    console = Console()
    console.print(table)
    console.print(f"\n{len(all_faults())} faults", highlight=False)
