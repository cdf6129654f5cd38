"""The bill as a picture: what each size cost against what the rules say, as SVG.

Sizes stand side by side, small to large within each ``detail``; a rule's costs make stairs, and a
cost that is not the claimed rule's hangs on a stem from its stair.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from conformance.report.billcolumns import (
    Bill,
    Column,
    best_name,
    claimed_name,
    columns_of,
)
from conformance.report.text import line

#: Pixels.
HEIGHT, LEFT, RIGHT = 250, 48, 10
NAMES, LINE = 104, 19
#: In columns narrower than this, in pixels, the names stand upright.
UPRIGHT = 24
#: About the width of one character, in pixels, at the chart's two sizes of print.
CHARACTER, SMALL = 6.6, 5.8
#: Costs above this quantile may lie above the chart; an arrow stands for them.
QUANTILE = 0.9
#: Unless they are at most so many times as high.
NEAR = 3

STYLE = """
.bill { color: #191c20; font: 12px system-ui, sans-serif; }
.bill { display: block; max-width: 100%; height: auto; }
.bill text { fill: currentColor; }
.bill .soft { opacity: .72; font-size: 11px; }
.bill .title { font-size: 13px; font-weight: 600; }
.bill .grid { stroke: currentColor; opacity: .13; }
.bill .ground { fill: #ffffff; }
.bill .dot { fill: currentColor; }
.bill .stem { stroke: currentColor; opacity: .45; }
.bill .claimed { fill: none; stroke: #1f4fa3; stroke-width: 2; }
.bill .best { fill: none; stroke: #b3201b; stroke-width: 2; stroke-dasharray: 5 3; }
.bill .under { fill: #1f4fa3; opacity: .08; }
@media (prefers-color-scheme: dark) {
.bill { color: #e7eaee; } .bill .ground { fill: #171b20; }
.bill .claimed { stroke: #8db4ff; } .bill .under { fill: #8db4ff; }
.bill .best { stroke: #ff8379; }
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where things stand, in pixels, and how many tokens the height is."""

    left: float
    top: float
    step: float
    most: float

    def x(self, column: float) -> float:
        return self.left + self.step * column

    def y(self, tokens: float) -> float:
        return self.top + HEIGHT * (1 - min(max(tokens, 0.0), self.most) / self.most)


def chart(bill: Bill, width: int = 760, *, alone: bool = False) -> Markup:
    """An ``svg`` element, ``width`` pixels wide: no script, no address, all text escaped.

    ``alone`` makes it a file of its own, with a title, a ground and its own styles.
    """
    columns = columns_of(bill, roomy=width // UPRIGHT)
    title = line(bill["words"], 400)
    heads = _wrapped(title, width) if alone else []
    legend = _legend(bill, columns, width)
    frame = Frame(
        left=LEFT,
        top=12 + LINE * (len(heads) + len(legend)) + 8,
        step=(width - LEFT - RIGHT) / max(1, len(columns)),
        most=_ceiling(columns),
    )
    body = [
        *_titles(heads),
        *(item for row in _rows(legend, 12 + LINE * len(heads)) for item in row),
        *_grid(frame, width),
        *_names(columns, frame),
        *_stairs(columns, frame),
        *_costs(columns, frame),
    ]
    return _svg(title, "".join(body), width, frame.top + HEIGHT + NAMES, alone=alone)


def _svg(title: str, body: str, width: int, height: float, *, alone: bool) -> Markup:
    ground = f'<style>{STYLE}</style><rect class="ground" width="100%" height="100%" rx="8"/>'
    return Markup(
        f'<svg class="bill" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title>{ground if alone else ''}{body}</svg>"
    )


def _ceiling(columns: Sequence[Column]) -> float:
    """A round number of tokens that nearly no cost lies above, and no claimed one."""
    costs = sorted(cost for column in columns for cost in column.costs)
    usual = costs[math.ceil(QUANTILE * (len(costs) - 1))] if costs else 0
    most = max([usual, *(c.claimed for c in columns if c.claimed is not None)], default=1)
    if costs and costs[-1] <= NEAR * most:
        most = max(most, costs[-1])
    power = 10.0 ** math.floor(math.log10(max(most, 1)))
    return next(step * power for step in (1, 1.2, 1.6, 2, 3, 4, 6, 8, 10) if step * power >= most)


def _wrapped(text: str, width: int) -> list[str]:
    """The words in lines that fit the width."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(longer) * 1.1 * CHARACTER > width - 24:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _titles(lines: Sequence[str]) -> Iterator[str]:
    for i, words in enumerate(lines):
        yield f'<text class="title" x="12" y="{24 + LINE * i}">{escape(words)}</text>'


def _legend(bill: Bill, columns: Sequence[Column], width: int) -> list[list[tuple[str, str]]]:
    """Marks and words, in as many rows as the width needs."""
    items = [("dot", "measured, tokens a picture")]
    if any(c.claimed is not None for c in columns):
        items.append(("claimed", f"{claimed_name(bill)} (claimed)"))
    if best_name(bill):
        items.append(("best", best_name(bill)))
    rows: list[list[tuple[str, str]]] = [[]]
    for item in items:
        if rows[-1] and sum(map(_wide, [*rows[-1], item])) > width - 24:
            rows.append([])
        rows[-1].append(item)
    return rows


def _wide(item: tuple[str, str]) -> float:
    return 34 + len(item[1]) * CHARACTER + 18


def _rows(rows: Sequence[Sequence[tuple[str, str]]], top: float) -> Iterator[Iterator[str]]:
    for i, row in enumerate(rows):
        yield _row(row, top + 14 + LINE * i)


def _row(row: Sequence[tuple[str, str]], y: float) -> Iterator[str]:
    x = 12.0
    for item in row:
        mark, words = item
        if mark == "dot":
            yield f'<circle class="dot" cx="{x + 12:.0f}" cy="{y - 4}" r="4"/>'
        else:
            yield f'<path class="{mark}" d="M{x:.0f} {y - 4}h24"/>'
        yield f'<text x="{x + 31:.0f}" y="{y}">{escape(words)}</text>'
        x += _wide(item)


def _grid(frame: Frame, width: int) -> Iterator[str]:
    for i in range(5):
        tokens = frame.most * i / 4
        y = frame.y(tokens)
        yield f'<path class="grid" d="M{LEFT} {y:.1f}H{width - RIGHT}"/>'
        yield f'<text class="soft" x="{LEFT - 7}" y="{y + 4:.1f}" text-anchor="end">'
        yield f"{_brief(tokens, frame.most)}</text>"


def _brief(tokens: float, most: float) -> str:
    """A number of tokens in at most six characters."""
    for least, unit, sign in ((1e6, 1e6, "M"), (2e4, 1e3, "k")):
        if most >= least:
            return f"{tokens / unit:,.3g}{sign}" if tokens else "0"
    return f"{tokens:,.0f}" if most >= 4 else f"{tokens:.2f}"


def _names(columns: Sequence[Column], frame: Frame) -> Iterator[str]:
    """The sizes below the chart, and below them the details."""
    turned = -90 if frame.step < UPRIGHT else -52
    y = frame.top + HEIGHT
    for i, column in enumerate(columns):
        x = frame.x(i + 0.5) + (4 if turned == -90 else 3)
        yield (
            f'<text class="soft" transform="translate({x:.1f} {y + 12}) rotate({turned})" '
            f'text-anchor="end">{escape(column.name)}</text>'
        )
    at = 0
    for detail, same in groupby(columns, key=lambda c: c.detail):
        number = len(list(same))
        room = frame.step * number
        words = f"detail {detail}" if room > 12 * SMALL else detail
        if at:
            yield f'<path class="grid" d="M{frame.x(at):.1f} {frame.top}V{y + NAMES - 8}"/>'
        middle = frame.x(at + number / 2)
        yield f'<text x="{middle:.1f}" y="{y + NAMES - 10}" text-anchor="middle">'
        yield f"{escape(words)}</text>"
        at += number


def _stairs(columns: Sequence[Column], frame: Frame) -> Iterator[str]:
    """What the rules say, one flight of stairs for each detail."""
    at = 0
    for _, same in groupby(columns, key=lambda c: c.detail):
        group = list(same)
        claimed = _flight([c.claimed for c in group], at, frame)
        if claimed:
            yield f'<path class="under" d="{_under([c.claimed for c in group], at, frame)}"/>'
            yield f'<path class="claimed" d="{claimed}"/>'
        if best := _flight([c.best for c in group], at, frame):
            yield f'<path class="best" d="{best}"/>'
        at += len(group)


def _flight(tokens: Sequence[float | None], at: int, frame: Frame) -> str:
    pieces, joined = [], False
    for i, value in enumerate(tokens, at):
        if value is None or not math.isfinite(value):
            joined = False
            continue
        y = frame.y(value)
        pieces.append(f"V{y:.1f}" if joined else f"M{frame.x(i + 0.06):.1f} {y:.1f}")
        pieces.append(f"H{frame.x(i + (1 if i + 1 < at + len(tokens) else 0.94)):.1f}")
        joined = True
    return "".join(pieces)


def _under(tokens: Sequence[float | None], at: int, frame: Frame) -> str:
    ground = frame.y(0)
    return "".join(
        f"M{frame.x(i):.1f} {ground:.1f}V{frame.y(t):.1f}H{frame.x(i + 1):.1f}V{ground:.1f}Z"
        for i, t in enumerate(tokens, at)
        if t is not None
    )


def _costs(columns: Sequence[Column], frame: Frame) -> Iterator[str]:
    for i, column in enumerate(columns):
        x = frame.x(i + 0.5)
        for cost in column.costs:
            y = frame.y(cost)
            if column.claimed is not None and abs(y - frame.y(column.claimed)) > 5:
                yield f'<path class="stem" d="M{x:.1f} {frame.y(column.claimed):.1f}V{y:.1f}"/>'
            told = escape(f"{column.name}, {column.detail}: {_told(cost, column)}")
            yield f"{_mark(cost, x, y, frame)}<title>{told}</title></path>"


def _told(cost: int, column: Column) -> str:
    claimed = "" if column.claimed is None else f", {column.claimed:,.0f} by the claimed rule"
    return f"{cost:,} tokens{claimed}"


def _mark(cost: int, x: float, y: float, frame: Frame) -> str:
    """A dot, or an arrow to where the dot would be outside the chart."""
    r = 4.2 if frame.step > 14 else 3.2
    if cost > frame.most:
        shape = f"M{x - 5:.1f} {y + 3:.1f}l5 -8l5 8z"
    elif cost < 0:
        shape = f"M{x - 5:.1f} {y - 3:.1f}l5 8l5 -8z"
    else:
        shape = f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
    return f'<path class="dot" d="{shape}">'
