"""The section “The bill” of the page: what it says, the chart in two widths, and the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.report.billchart import chart
from conformance.report.billcolumns import (
    MOST_COLUMNS,
    Bill,
    best_name,
    claimed_name,
    groups_of,
    size_name,
)
from conformance.report.summary import counted
from conformance.report.text import fitted

#: Widths in pixels of the chart on a screen and on a phone.
WIDE, NARROW = 1056, 343
#: The colour of each conclusion. Another rule than the claimed one is no failed requirement.
TONES = {
    "as-claimed": "passed",
    "recognised": "passed",
    "not-as-claimed": "blocked",
    "cannot-tell": "unobserved",
}
#: Characters of what is concluded.
_WORDS = 500


def bill_section(doc: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the template places; None where the run has no bill."""
    bill = doc["footer"].get("bill")
    if not bill:
        return None
    return {
        "tone": TONES["not-as-claimed" if bill["unexplained"] else bill["verdict"]],
        "words": fitted(f"{bill['words'][:1].upper()}{bill['words'][1:]}.", _WORDS),
        "facts": list(_facts(bill)),
        "wide": chart(bill, WIDE),
        "narrow": chart(bill, NARROW),
        "text": f"{bill['text']:,}",
        "sent_as": bill["sent_as"],
        "claimed": claimed_name(bill),
        "best": best_name(bill),
        "rows": [_row(group) for group in groups_of(bill)[:MOST_COLUMNS]],
        "notes": list(_notes(bill)),
    }


def _facts(bill: Bill) -> Iterator[tuple[str, str]]:
    claimed = bill["claimed"]
    if claimed:
        yield "Claimed rule", claimed_name(bill)
    if claimed and claimed["ratio"] is not None and claimed["error"] is not None:
        yield "Measured, of what it says", _percent(claimed["ratio"], claimed["error"])
        yield "Off by, on average", f"{claimed['off']:,.0f} tokens"
    yield "The words alone", counted(bill["text"], "token")
    requests = sum(point["requests"] for point in bill["points"])
    yield "Measured by", counted(requests, "request")


def _percent(ratio: float, error: float) -> str:
    """The middle of the ratios, and two standard deviations either way."""
    return f"{100 * ratio:.1f} % ± {max(0.1, 200 * error):.1f}"


def _row(points: list[dict[str, Any]]) -> dict[str, str]:
    first = points[0]
    return {
        "size": size_name(first),
        "detail": first["detail"],
        "requests": f"{sum(p['requests'] for p in points):,}",
        "measured": ", ".join(f"{p['tokens']:,}" for p in points),
        "claimed": _tokens(first["claimed"]),
        "best": _tokens(first["best"]),
        "off": ", ".join(dict.fromkeys(_off(p) for p in points)),
    }


def _tokens(value: float | None) -> str:
    return "refused" if value is None else f"{value:,.0f}"


def _off(point: Mapping[str, Any]) -> str:
    """By how much the claimed rule is exceeded, in per cent."""
    claimed = point["claimed"]
    if not claimed:
        return "–"
    part = 100 * (point["tokens"] / claimed - 1)
    return "0" if abs(part) < 0.05 else f"{part:+,.1f} %".replace("-", "−")


def _notes(bill: Bill) -> Iterator[str]:
    if number := bill["without_control"]:
        yield (
            f"{counted(number, 'more request')} with one picture: left out, as the same words "
            "were never asked without a picture."
        )
    if number := bill["impossible"]:
        verb = "counts" if number == 1 else "count"
        yield f"{counted(number, 'reply', 'replies')} left out that {verb} impossibly many tokens."
    if number := bill["left_out"]:
        yield f"{counted(number, 'more size')} left out, to keep the chart legible."
