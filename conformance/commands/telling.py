"""The one door to the terminal for sentences: each is a line, and nothing in it acts."""

from __future__ import annotations

import click

from conformance.report.text import unbroken


def tell(sentence: str) -> None:
    """Writes to standard output."""
    click.echo(unbroken(sentence))


def complain(sentence: str) -> None:
    """Writes to standard error, under the name of the command."""
    click.echo(unbroken(f"vision-conformance: {sentence}"), err=True)
