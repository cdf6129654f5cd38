"""What the chart and the table of a bill show: its columns, and the names of rules and sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from conformance.report.text import line

Bill = Mapping[str, Any]

#: Columns of one chart, and characters of a name in it.
MOST_COLUMNS, LONGEST = 48, 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One size at one detail: its name, what it cost, and what the rules say; in tokens."""

    name: str
    detail: str
    costs: tuple[int, ...]
    claimed: float | None
    best: float | None


def groups_of(bill: Bill) -> list[list[dict[str, Any]]]:
    """The points of a bill, those of one size, detail and expectation together."""
    groups = groupby(
        bill["points"],
        key=lambda p: (p["detail"], p["width"], p["height"], p["claimed"], p["best"]),
    )
    return [list(points) for _, points in groups]


def best_name(bill: Bill) -> str:
    """The rule that fits best, with its numbers; "" where it is the claimed one, or none is."""
    best, claimed = bill["best"], bill["claimed"] or {"rule": "", "holds": False}
    if best is None or claimed["holds"]:
        return ""
    if all(p["best"] is None or p["best"] == p["claimed"] for p in bill["points"]):
        return ""
    factor = "" if best["factor"] in (1, None) else f" × {best['factor']:.3g}"
    each = f" {'+' if best['each'] > 0 else '−'} {abs(best['each']):.0f}" if best["each"] else ""
    nearest = "nearest: " if bill["verdict"] == "cannot-tell" else ""
    names = [claimed["rule"]] if claimed["rule"] in best["rules"] else best["rules"][:3]
    return nearest + line(" = ".join(names), LONGEST) + factor + each


def claimed_name(bill: Bill) -> str:
    """The rule of the claimed model; "" where none is known for it."""
    return line(bill["claimed"]["rule"], LONGEST) if bill["claimed"] else ""


def size_name(point: Mapping[str, Any]) -> str:
    return f"{point['width']}×{point['height']}"


def columns_of(bill: Bill, roomy: int) -> list[Column]:
    """The columns of a chart. Names that stand twice tell weights where columns are few enough."""
    grouped = groups_of(bill)[:MOST_COLUMNS]
    names = [(g[0]["detail"], size_name(g[0])) for g in grouped]
    drawn, weighed = bool(best_name(bill)), len(grouped) <= roomy
    return [
        Column(
            name=f"{name} {_weight(group[0])}"
            if weighed and names.count((detail, name)) > 1
            else name,
            detail=detail,
            costs=tuple(p["tokens"] for p in group),
            claimed=group[0]["claimed"],
            best=group[0]["best"] if drawn else None,
        )
        for (detail, name), group in zip(names, grouped, strict=True)
    ]


def _weight(point: Mapping[str, Any]) -> str:
    return f"{point['bytes'] / 1000:,.0f} kB"
