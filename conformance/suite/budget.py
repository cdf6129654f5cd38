"""pytest's options as the budget of a run."""

from __future__ import annotations

import math

import pytest

from conformance.model import Target
from conformance.running.budget import Budget


def budget_of(config: pytest.Config, target: Target) -> Budget:
    """Raises pytest.UsageError, with one sentence."""
    cost = number(config, "max-cost", None, least=0)
    if cost is not None and (target.price_input is None or target.price_output is None):
        raise pytest.UsageError(
            "a bound of the cost needs prices: write input and output, per million tokens, under "
            "[prices] into the target file"
        )
    patience = number(config, "patience", None, least=0)
    return Budget(
        requests=_whole(config, "max-requests", least=0),
        tokens=_whole(config, "max-tokens", least=0),
        cost=cost,
        seconds=number(config, "deadline", None, least=0),
        requests_per_minute=_whole(config, "rpm", least=1),
        tokens_per_minute=_whole(config, "tpm", least=1),
        **({} if patience is None else {"patience": patience}),
    )


def number(
    config: pytest.Config, name: str, default: float | None, *, least: float
) -> float | None:
    """The value of an option. Raises pytest.UsageError where it is no number or too low."""
    text = str(config.getoption(f"--conformance-{name}") or "")
    try:
        found = float(text) if text else default
    except ValueError:
        found = math.nan
    if found is not None and not (found >= least and math.isfinite(found)):
        raise pytest.UsageError(f"--conformance-{name} takes a number from {least:g}, not {text!r}")
    return found


def _whole(config: pytest.Config, name: str, *, least: int) -> int | None:
    found = number(config, name, None, least=least)
    if found is not None and found != int(found):
        raise pytest.UsageError(f"--conformance-{name} takes a whole number, not {found:g}")
    return None if found is None else int(found)
