"""What single pictures cost, found among the exchanges of any run.

A picture's cost is the prompt tokens of a request with it less those of the very same request
without it. Where the same words were never asked without a picture, nothing is concluded.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from typing import TypeVar

from conformance.fingerprint.asking import IMPOSSIBLE
from conformance.fingerprint.shots import Shot
from conformance.model import Exchange, Hosted, ImagePart, Inline, Probe, Turn, canonical

T = TypeVar("T")
#: Sizes, each at one detail, that are kept, and different costs of one of them.
MOST_SIZES = 28
MOST_COSTS = 6
#: How ``detail`` is written, and the series it belongs to. Left out, it is documented as auto.
SERIES: dict[str | None, str] = {
    None: "auto",
    **{canonical(name): name for name in ("auto", "high", "low")},
}
#: Formats that every vendor takes; of an animation nobody says which frames count.
TYPES = ("image/png", "image/jpeg", "image/webp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What one picture cost in tokens, and how many requests said so."""

    shot: Shot
    tokens: int
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marginal:
    """Every cost of a single picture that a run tells, small to large within each detail."""

    #: "data URL" or "URL": where both were used, the one used more.
    sent_as: str
    #: Prompt tokens of the words alone, of the words that were used most.
    text: int
    points: tuple[Point, ...]
    #: Requests with a single picture whose words were never asked alone.
    without_control: int
    #: Replies with counts that no request can have.
    impossible: int
    #: Sizes beyond those kept.
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Single:
    """One billed request: the part with the picture, the same request without, the tokens."""

    part: ImagePart
    words: Probe
    tokens: int


def marginal(exchanges: Iterable[Exchange]) -> Marginal | None:
    """The costs told by ``exchanges``; None where not one is told."""
    alone: dict[Probe, list[int]] = defaultdict(list)
    singles: list[_Single] = []
    impossible = 0
    for exchange, tokens in _billed(_once(exchanges)):
        impossible += tokens > IMPOSSIBLE
        if tokens > IMPOSSIBLE:
            continue
        parts = [p for turn in exchange.probe.turns for p in turn.parts if isinstance(p, ImagePart)]
        words = _words(exchange.probe)
        if not parts:
            alone[words].append(tokens)
        elif len(parts) == 1 and _is_plain(parts[0]):
            singles.append(_Single(part=parts[0], words=words, tokens=tokens))
    controlled = [s for s in singles if s.words in alone]
    if not controlled:
        return None
    texts = {words: median_low(counts) for words, counts in alone.items()}
    sent_as = Counter(_way(s) for s in controlled).most_common(1)[0][0]
    kept, left_out = _kept(_points([s for s in controlled if _way(s) == sent_as], texts))
    return Marginal(
        sent_as=sent_as,
        text=texts[Counter(s.words for s in controlled).most_common(1)[0][0]],
        points=kept,
        without_control=len(singles) - len(controlled),
        impossible=impossible,
        left_out=left_out,
    )


def _once(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
    """Each exchange once: cases that ask the same share it."""
    seen: set[Probe] = set()
    for exchange in exchanges:
        if exchange.probe not in seen:
            seen.add(exchange.probe)
            yield exchange


def _billed(exchanges: Iterable[Exchange]) -> Iterator[tuple[Exchange, int]]:
    for exchange in exchanges:
        usage, reply = exchange.reply.usage, exchange.reply
        good = exchange.status == 200 and not exchange.failure and not reply.is_error
        if good and exchange.probe.raw_body is None and usage and usage.prompt is not None:
            yield exchange, usage.prompt


def _words(probe: Probe) -> Probe:
    """The same request without its pictures."""
    turns = tuple(
        Turn(role=t.role, parts=tuple(p for p in t.parts if not isinstance(p, ImagePart)))
        for t in probe.turns
    )
    return replace(probe, turns=turns, sample=0)


def _is_plain(part: ImagePart) -> bool:
    """True for a sound picture sent in a usual way, at a documented detail."""
    picture, via = part.picture, part.via
    if picture is None or picture.media_type not in TYPES or not (picture.width and picture.height):
        return False
    plain = Hosted(path=via.path, query=via.query) if isinstance(via, Hosted) else Inline()
    return part.detail in SERIES and via == plain


def _way(single: _Single) -> str:
    return "URL" if isinstance(single.part.via, Hosted) else "data URL"


def _points(singles: Sequence[_Single], texts: dict[Probe, int]) -> list[Point]:
    """Equal costs of equal sizes as one point."""
    lightest: dict[tuple[int, int, str, int], int] = {}
    times: Counter[tuple[int, int, str, int]] = Counter()
    for single in singles:
        picture = single.part.picture
        assert picture is not None
        tokens = single.tokens - texts[single.words]
        key = (picture.width, picture.height, SERIES[single.part.detail], tokens)
        times[key] += 1
        lightest[key] = min(lightest.get(key, picture.weight), picture.weight)
    return [
        Point(
            shot=Shot(width=width, height=height, detail=detail, size=lightest[key]),
            tokens=tokens,
            requests=times[key],
        )
        for key in sorted(times, key=_order)
        for width, height, detail, tokens in [key]
    ]


def _order(key: tuple[int, int, str, int]) -> tuple[int, int, int, int]:
    width, height, detail, tokens = key
    return list(SERIES.values()).index(detail), width * height, width, tokens


def _kept(points: Sequence[Point]) -> tuple[tuple[Point, ...], int]:
    """As many sizes, and costs of each, as can be looked at; and how many sizes are left out."""
    by_size: dict[tuple[int, int, str], list[Point]] = defaultdict(list)
    for point in points:
        by_size[point.shot.width, point.shot.height, point.shot.detail].append(point)
    kept = spread(list(by_size.values()), MOST_SIZES)
    shown = tuple(p for same in kept for p in spread(same, MOST_COSTS))
    return shown, len(by_size) - len(kept)


def spread(items: Sequence[T], most: int) -> list[T]:
    """At most ``most`` of the items, evenly, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(i * (len(items) - 1) / (most - 1))] for i in range(most)]
