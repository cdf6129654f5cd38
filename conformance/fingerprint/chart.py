"""Measured cost against size, and the curves of the candidate rules, as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from conformance.fingerprint.shots import Measured, cost
from conformance.fingerprint.verdict import Conclusion
from conformance.fingerprint.words import sentence

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 80, 16, 18, 118
#: Curves beyond this number would not be told apart.
MOST_CURVES = 4

_STYLE = """
.fp { color: #191c20; font: 12px system-ui, sans-serif; max-width: 100%; height: auto; }
.fp text { fill: currentColor; } .fp .soft { opacity: .68; }
.fp .grid { stroke: currentColor; opacity: .14; }
.fp .dot { fill: currentColor; }
.fp .curve { fill: none; stroke-width: 2; }
.fp .c0 { stroke: #1f4fa3; } .fp .c1 { stroke: #b3201b; stroke-dasharray: 7 4; }
.fp .c2 { stroke: #0b6b43; stroke-dasharray: 2 3; }
.fp .c3 { stroke: #855300; stroke-dasharray: 9 3 2 3; }
@media (prefers-color-scheme: dark) {
.fp { color: #e7eaee; } .fp .c0 { stroke: #8db4ff; } .fp .c1 { stroke: #ff8379; }
.fp .c2 { stroke: #55c790; } .fp .c3 { stroke: #e3b04b; }
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """What a rule says of each picture, in tokens, in the order of the labels."""

    name: str
    tokens: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Pictures from small to large with the tokens measured, and curves through the same."""

    title: str
    labels: tuple[str, ...]
    measured: tuple[float, ...]
    curves: tuple[Curve, ...] = ()


def chart_of(conclusion: Conclusion) -> Chart:
    """The single pictures of a fingerprint, the rules found or likeliest, and those claimed."""
    single = sorted((m for m in conclusion.measured if len(m.shots) == 1), key=_order)
    ranked = [conclusion.found] if conclusion.found else list(conclusion.torn[:2])
    ranked = ranked or list(conclusion.ranking[:1])
    curves = [
        Curve(
            name=" = ".join(r.names[:3]) + (f" × {r.fit.factor:.3g}" if r.fit.way.scaled else ""),
            tokens=tuple(
                r.fit.factor * cost(r.rules[0], m.shots) + r.fit.each * len(m.shots) for m in single
            ),
        )
        for r in ranked
    ]
    curves += [
        Curve(
            name=f"{c.rule.name} (claimed)",
            tokens=tuple(float(cost(c.rule, m.shots)) for m in single),
        )
        for c in conclusion.claims
        if not c.holds
    ]
    return Chart(
        title=sentence(conclusion),
        labels=tuple(m.shots[0].label for m in single),
        measured=tuple(m.tokens - conclusion.text for m in single),
        curves=tuple(curves[:MOST_CURVES]),
    )


def _order(measured: Measured) -> tuple[bool, int, int]:
    shot = measured.shots[0]
    return shot.detail == "low", shot.width * shot.height, shot.width


def chart_svg(chart: Chart) -> str:
    """An ``svg`` element for a page of HTML: no script, no address, all text escaped."""
    values = [*chart.measured, *(t for curve in chart.curves for t in curve.tokens)]
    top = _ceiling(max([v for v in values if math.isfinite(v)], default=1.0))
    body = [*_grid(top), *_names(chart.labels)]
    body += [line for i, curve in enumerate(chart.curves) for line in _curve(i, curve, top)]
    body += _dots(chart, top)
    body += _legend(chart.curves)
    title = escape(chart.title)
    return (
        f'<svg class="fp" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{title}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{title}</title><style>{_STYLE}</style>{''.join(body)}</svg>"
    )


def _x(i: int, of: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (i + 0.5) / max(1, of)


def _y(tokens: float, top: float) -> float:
    inside = min(max(tokens, 0.0), top) if math.isfinite(tokens) else 0.0
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * inside / top


def _ceiling(most: float) -> float:
    """A round number not below ``most``."""
    power = 10.0 ** math.floor(math.log10(max(most, 1.0)))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= most)


def _grid(top: float) -> Iterator[str]:
    for i in range(5):
        tokens = top * i / 4
        y = _y(tokens, top)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="soft" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tokens:,.0f}'
        yield "</text>"
    yield (
        f'<text class="soft" transform="translate(14 {(HEIGHT - BOTTOM + TOP) / 2}) rotate(-90)" '
        'text-anchor="middle">tokens a picture</text>'
    )


def _names(labels: Sequence[str]) -> Iterator[str]:
    for i, label in enumerate(labels):
        x, y = _x(i, len(labels)), HEIGHT - BOTTOM + 14
        yield (
            f'<text x="0" y="0" transform="translate({x:.1f} {y}) rotate(-38)" '
            f'text-anchor="end" font-size="10">{escape(label)}</text>'
        )


def _curve(i: int, curve: Curve, top: float) -> Iterator[str]:
    points = " ".join(
        f"{_x(k, len(curve.tokens)):.1f},{_y(tokens, top):.1f}"
        for k, tokens in enumerate(curve.tokens)
        if math.isfinite(tokens)
    )
    yield f'<polyline class="curve c{i % MOST_CURVES}" points="{points}"/>'


def _dots(chart: Chart, top: float) -> Iterator[str]:
    for i, tokens in enumerate(chart.measured):
        x, y = _x(i, len(chart.measured)), _y(tokens, top)
        if not math.isfinite(tokens):
            continue
        told = escape(f"{chart.labels[i]}: {tokens:,.0f} tokens")
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{told}</title></circle>'


def _legend(curves: Sequence[Curve]) -> Iterator[str]:
    y, step = HEIGHT - 10, (WIDTH - 32) / (len(curves) + 1)
    yield f'<circle class="dot" cx="22" cy="{y - 4}" r="4"/><text x="32" y="{y}">measured</text>'
    for i, curve in enumerate(curves):
        x = 16 + step * (i + 1) - (step - 96) / 2 if len(curves) > 1 else 120
        name = curve.name if len(curve.name) <= 34 else curve.name[:33] + "…"
        yield (
            f'<line class="curve c{i}" x1="{x:.0f}" x2="{x + 26:.0f}" y1="{y - 4}" y2="{y - 4}"/>'
            f'<text x="{x + 32:.0f}" y="{y}">{escape(name)}</text>'
        )
