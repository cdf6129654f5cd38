"""What is wrong with a call is told in one sentence, and ends with one status."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from conformance.commands.telling import complain
from conformance.model import Target, area_named

#: Exit status where nothing was judged, because of the call itself.
WRONG_CALL = 2


class CallError(Exception):
    """The call is wrong; one sentence says why and what to do."""


def refused(error: Exception) -> int:
    """Tells the sentence of an error. Returns the exit status."""
    complain(f"{error.args[0] if error.args else error}")
    return WRONG_CALL


def verify_areas(areas: Sequence[str]) -> None:
    """Raises CallError for an area that does not exist."""
    try:
        for name in areas:
            area_named(name)
    except LookupError as error:
        raise CallError(error.args[0]) from None


def verify_prices(target: Target, max_cost: float | None) -> None:
    """Raises CallError where a bound of the cost is given and nobody knows the prices."""
    if max_cost is not None and None in (target.price_input, target.price_output):
        raise CallError(
            "--max-cost needs prices: write input and output, per million tokens, under [prices] "
            "into the target file"
        )


def recorded_in(folder: Path) -> Path:
    """The cassettes of a run, by the folder of the run or their own. Raises CallError."""
    for cassettes in (folder / "cassettes", folder):
        # A folder that may not be looked into holds nothing for us.
        with suppress(OSError):
            if (cassettes / "target.json").is_file():
                return cassettes
    raise CallError(
        f"{folder} holds no recorded run: name a folder that `vision-conformance run "
        "--out DIR` has written, or one of cassettes with its target.json"
    )
