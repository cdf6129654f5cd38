"""The installed command: its surroundings are made safe before a library is imported."""

from __future__ import annotations

from conformance.commands import surroundings


def main() -> None:
    surroundings.prepare()
    # Imported here: what stands in the working folder must not be taken for a library.
    from conformance.cli import main as command

    surroundings.lead(command)
