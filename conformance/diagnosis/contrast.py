"""Which traits of requests part the red from the green of one run.

Spectrum-based fault localisation turned on requests: of all traits, and pairs of them, the one with
the highest Ochiai score, n / sqrt(red x (n + green)), where n of the red requests have it and so
many of the green (Abreu, Zoeteweij, van Gemund, "On the accuracy of spectrum-based fault
localization", 2007). Greedily, until every red finding is in one group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import sqrt

from conformance.asking.traits import DIMENSIONS, PICTURES, USUAL, Trait, traits
from conformance.model import Finding, Probe, sent_alone

#: A second trait must add so much to the score: two say more than one only where they part better.
WORTH_A_PAIR = 1.08
#: How many times as large the share of red must be with a trait as without, to part anything.
HELPS = 2.0
#: What the score of a trait counts that is there wherever nobody asked for anything else.
DULL = 0.7
#: Where so large a share of all that was judged is red, nothing is left to part it from.
NEARLY_ALL = 0.8
#: A trait that so large a share of all green requests has says nothing as the second of a pair.
COMMON = 0.8
#: Under so many requests with it, a trait may be chance.
FEWEST = 2
Set = frozenset[Trait]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Red findings that a set of traits has in common, and requests with it and without."""

    traits: tuple[Trait, ...]
    findings: tuple[Finding, ...]
    red: int
    green: int
    red_without: int
    green_without: int


def request_of(probe: Probe) -> Probe:
    """What makes requests equal, however often they were asked and beside which others."""
    return replace(sent_alone(probe), sample=0)


def groups(red: Sequence[Finding], green: Collection[Probe]) -> list[Group]:
    """Every red finding in exactly one group, those parted best first.

    Where nothing parts them because hardly any request is green, all are one group; where there is
    enough to hold them against and no trait helps, each check stands alone.
    """
    requests = {f.case.id: {request_of(e.probe) for e in f.red} for f in red}
    every = frozenset(probe for probes in requests.values() for probe in probes)
    passing = frozenset(map(request_of, green)) - every
    spectrum = Counter(s for probe in passing for s in _sets(traits(probe)))
    common = {
        t for (t,) in (s for s in spectrum if len(s) == 1 and _is_common(s, spectrum, passing))
    }
    left, found = list(red), list[Group]()
    while left:
        open_ = {probe for f in left for probe in requests[f.case.id]}
        chosen = _best(open_, len(passing), spectrum, frozenset(common))
        inside = [f for f in left if any(_has(p, chosen) for p in requests[f.case.id])]
        if not (chosen and inside and _helps(chosen, every, passing)):
            break
        found.append(_group(chosen, inside, every, passing))
        left = [f for f in left if f not in inside]
    return [*found, *_unparted(left, requests, passing)]


def _is_common(single: Set, spectrum: Counter[Set], passing: Collection[Probe]) -> bool:
    return spectrum[single] > COMMON * len(passing)


def _unparted(
    left: Sequence[Finding], requests: Mapping[str, Collection[Probe]], passing: Collection[Probe]
) -> Iterator[Group]:
    """What no trait parts: one group, or one for each check."""
    by_check: dict[str, list[Finding]] = {}
    for finding in left:
        by_check.setdefault(finding.case.check.id, []).append(finding)
    open_ = {probe for finding in left for probe in requests[finding.case.id]}
    if left and len(open_) > NEARLY_ALL * (len(open_) + len(passing)):
        by_check = {"": list(left)}
    for inside in by_check.values():
        own = {probe for finding in inside for probe in requests[finding.case.id]}
        yield _group(frozenset(), inside, own, passing)


def _has(probe: Probe, chosen: Set) -> bool:
    return chosen <= traits(probe)


def _sets(own: Set) -> Iterator[Set]:
    """Every trait and every pair of traits."""
    yield from (frozenset({trait}) for trait in own)
    yield from map(frozenset, combinations(own, 2))


def _best(red: Collection[Probe], passing: int, spectrum: Counter[Set], common: Set) -> Set:
    """The set that parts best; empty where none does better than all requests taken together."""
    spoiled = Counter(s for probe in red for s in _sets(traits(probe)))
    nothing: Set = frozenset()
    best, top = nothing, _ochiai(len(red), len(red), passing)
    for candidate in sorted(spoiled, key=_telling):
        if spoiled[candidate] < FEWEST or (len(candidate) > 1 and candidate & common):
            continue
        score = _ochiai(spoiled[candidate], len(red), spectrum[candidate])
        score *= DULL if candidate & USUAL else 1.0
        worth = WORTH_A_PAIR if len(candidate) > max(1, len(best)) else 1.0001
        if score > top * worth:
            best, top = candidate, score
    return best


def _telling(candidate: Set) -> tuple[int, list[tuple[bool, int, str]]]:
    """What claims least first: that there are pictures at all, and then what says most."""
    ranks = [(t != PICTURES, DIMENSIONS.index(t.dimension), t.words) for t in candidate]
    return len(candidate), sorted(ranks)


def _helps(chosen: Set, red: Collection[Probe], green: Collection[Probe]) -> bool:
    with_red, with_green = (sum(_has(p, chosen) for p in each) for each in (red, green))
    with_, without = with_red + with_green, len(red) + len(green) - with_red - with_green
    if not with_ or not without:
        return False
    return with_red / with_ >= HELPS * (len(red) - with_red) / without


def _ochiai(common: int, red: int, green: int) -> float:
    return common / sqrt(red * (common + green)) if red and common else 0.0


def _group(
    chosen: Set,
    inside: Sequence[Finding],
    every: Collection[Probe],
    passing: Collection[Probe],
) -> Group:
    red, green = (sum(_has(p, chosen) for p in each) for each in (every, passing))
    return Group(
        traits=tuple(sorted(chosen, key=lambda trait: DIMENSIONS.index(trait.dimension))),
        findings=tuple(inside),
        red=red,
        green=green,
        red_without=len(every) - red,
        green_without=len(passing) - green,
    )
