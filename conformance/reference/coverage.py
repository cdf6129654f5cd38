"""Which check and fault stand for each defect seen in public; the data is ``coverage.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("coverage.toml")
#: How a reason begins: nothing outside can see it, or nobody has written the check so far.
NOT_VISIBLE, NOT_YET = "not visible", "not yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """A defect that real software had, and what finds it."""

    id: str
    words: str
    #: Ids of checks that fail on it, and names of faults that stand for it.
    checks: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    #: Why it is not covered; "" where it is.
    reason: str = ""

    @property
    def is_covered(self) -> bool:
        return bool(self.checks and self.faults) and not self.reason


@cache
def ids() -> tuple[str, ...]:
    """The ids of all defects, sorted."""
    return tuple(_read()["ids"])


@cache
def defects() -> tuple[Defect, ...]:
    """Every defect, in the order of the file: by what it has to do with."""
    return tuple(_defect(entry) for entry in _read()["defect"])


def _defect(entry: dict[str, Any]) -> Defect:
    return Defect(
        id=entry["id"],
        words=entry["words"],
        checks=tuple(entry.get("checks", ())),
        faults=tuple(entry.get("faults", ())),
        reason=entry.get("reason", ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family of probes, and the checks that send them."""

    id: str
    words: str
    checks: tuple[str, ...] = ()
    #: Why no check does; "" where one does.
    reason: str = ""


@cache
def families() -> tuple[Family, ...]:
    """Every family, in the order of the file."""
    return tuple(
        Family(
            id=entry["id"],
            words=entry["words"],
            checks=tuple(entry.get("checks", ())),
            reason=entry.get("reason", ""),
        )
        for entry in _read()["family"]
    )


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def markdown(listed: Sequence[Defect], probed: Sequence[Family] = ()) -> str:
    """COVERAGE.md: the figures, one row per defect, then one per family of probes."""
    rows = "".join(f"{_row(defect)}\n" for defect in listed)
    table = f"{_HEAD}\n{_figures(listed)}\n{_COLUMNS}{rows}"
    if not probed:
        return table
    return table + _FAMILIES + "".join(f"{_family_row(family)}\n" for family in probed)


def _family_row(family: Family) -> str:
    checks = ", ".join(f"`{check}`" for check in family.checks)
    return f"| {family.id} | {family.words} | {checks or family.reason} |"


_HEAD = """# Defects seen in public, and what finds them

Generated from `conformance/reference/coverage.toml` by `make prove`; a test holds it. A defect is
covered where a check fails on it and a fault of the reference endpoint, which stands for it, is
caught by such a check.
"""
_COLUMNS = "| Defect | What happens | Checks | Faults | Not covered because |\n" + (
    "| --- | --- | --- | --- | --- |\n"
)


_FAMILIES = """
## Families of probes

What these defects call for, and the checks that send it.

| Family | What is probed | Checks |
| --- | --- | --- |
"""


def _figures(listed: Sequence[Defect]) -> str:
    covered = sum(d.is_covered for d in listed)
    unseen = sum(d.reason.startswith(NOT_VISIBLE) for d in listed)
    share = covered / len(listed) if listed else 1.0
    return (
        f"{covered} of {len(listed)} are covered ({share:.1%}); {unseen} cannot be seen from "
        f"outside as a defect; {len(listed) - covered - unseen} are not covered so far.\n"
    )


def _row(defect: Defect) -> str:
    checks = ", ".join(f"`{check}`" for check in defect.checks)
    faults = ", ".join(f"`{fault}`" for fault in defect.faults)
    return f"| {defect.id} | {defect.words} | {checks} | {faults} | {defect.reason} |"
