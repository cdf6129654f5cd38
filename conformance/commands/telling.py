"""The one door to the terminal for sentences: what strangers put into them is made visible."""

from __future__ import annotations

import click

from conformance.report.text import visible


def tell(sentence: str) -> None:
    """Writes to standard output."""
    click.echo(visible(sentence))


def complain(sentence: str) -> None:
    """Writes to standard error, under the name of the command."""
    click.echo(visible(f"vision-conformance: {sentence}"), err=True)
