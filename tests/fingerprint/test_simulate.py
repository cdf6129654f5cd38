"""The committed confusion table is up to date, and says what it must."""

from __future__ import annotations

import re

import pytest

from conformance.fingerprint.simulate import FILE, digest, run


def test_committed_table_is_of_these_rules_and_this_plan() -> None:
    assert f"`{digest()}`" in FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["plain", "times a factor"])
def test_committed_table_tells_99_pairs_in_100_apart(name: str) -> None:
    row = re.search(rf"^\| {name} \| \d+ \| ([\d.]+) %", FILE.read_text(encoding="utf-8"), re.M)
    assert row is not None
    assert float(row[1]) >= 99


@pytest.mark.slow
@pytest.mark.parametrize(("scaled", "trials"), [(False, 1), (True, 2)])
def test_simulation_tells_99_pairs_in_100_apart(scaled: bool, trials: int) -> None:
    tally = run(trials, scaled=scaled, seed=7)
    assert tally.pairs > 4000 * trials
    assert tally.right_pairs >= 0.99 * tally.pairs
    done = tally.right.total() + tally.silent.total() + tally.wrong.total()
    assert tally.wrong.total() <= 0.02 * done
    assert tally.right.total() >= 0.95 * done
