"""How often rules are confused: a simulation over all rules, written as ``CONFUSION.md``.

    python -m conformance.fingerprint.simulate

Every rule plays the endpoint in turn. Its figures are off by up to one token each way, shifted by
a constant, and one answer in ten is anything at all; in the second half of the trials they are
multiplied by a factor between 0.5 and 3 besides.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from conformance.fingerprint.alike import alike, same_rules
from conformance.fingerprint.planned import plan
from conformance.fingerprint.shots import Floats, Measured, Request, cost, costs, label
from conformance.fingerprint.verdict import Conclusion, conclude
from conformance.tokens.rules import RULES

FILE = Path(__file__).parent / "CONFUSION.md"
SEED = 20261121
TRIALS = 40
#: A wrong answer is anything up to this many tokens.
WILD = 5000
SHIFT = 400
FACTORS = (0.5, 3.0)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the trials of one half."""

    #: Pairs of a true and another rule that can be told apart, and those ranked rightly.
    pairs: int = 0
    right_pairs: int = 0
    #: Conclusions by rule: right, none, wrong.
    right: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    #: True and named rule of each wrong conclusion.
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What stays the same over all trials."""

    requests: tuple[Request, ...]
    expected: Floats
    #: Which rules are the same, and which the same up to a factor and a constant.
    same: Floats
    alike: Floats


def setting() -> Setting:
    """The plan, the costs of every rule, and who can be told from whom."""
    requests = plan()
    expected = costs(RULES, requests)
    same = np.zeros((len(RULES), len(RULES)))
    for group in same_rules(expected):
        same[np.ix_(group, group)] = 1
    like = np.array([[alike(a, b) for b in expected] for a in expected], dtype=np.float64)
    return Setting(requests=requests, expected=expected, same=same, alike=np.maximum(same, like))


def run(trials: int, *, scaled: bool, seed: int = SEED) -> Tally:
    """So many trials of every rule; ``scaled`` multiplies by a factor as well."""
    given = setting()
    tally = Tally()
    for i in range(len(RULES)):
        # Each rule has its own stream, so that a new rule changes no other's figures.
        stream = hashlib.sha256(f"{seed} {scaled} {RULES[i].name}".encode()).digest()
        rng = np.random.default_rng(int.from_bytes(stream[:8]))
        for _ in range(trials):
            _trial(given, i, rng, scaled, tally)
    return tally


def disturbed(expected: Floats, rng: np.random.Generator, *, scaled: bool) -> list[int]:
    """Figures as an endpoint may give them, from the costs of the pictures."""
    n = len(expected)
    factor = rng.uniform(*FACTORS) if scaled else 1.0
    figures = np.rint(factor * expected + rng.integers(5, SHIFT)) + rng.integers(-1, 2, n)
    wild = rng.choice(n, n // 10 + int(rng.random() < n % 10 / 10), replace=False)
    figures[wild] = rng.integers(0, WILD, len(wild))
    return [int(f) for f in figures]


def _trial(given: Setting, i: int, rng: np.random.Generator, scaled: bool, tally: Tally) -> None:
    figures = disturbed(given.expected[i], rng, scaled=scaled)
    measured = [
        Measured(shots=shots, tokens=tokens)
        for shots, tokens in zip(given.requests, figures, strict=True)
    ]
    found = conclude(RULES[i].name, measured)
    _count_pairs(given.alike[i] if scaled else given.same[i], i, found, tally)
    _count_conclusion(RULES[i].name, found, tally)


def _count_pairs(cannot: Floats, i: int, found: Conclusion, tally: Tally) -> None:
    place = {name: k for k, ranked in enumerate(found.ranking) for name in ranked.names}
    for j, rule in enumerate(RULES):
        if not cannot[j]:
            tally.pairs += 1
            tally.right_pairs += place[RULES[i].name] < place[rule.name]


def _count_conclusion(name: str, found: Conclusion, tally: Tally) -> None:
    if found.found is None:
        tally.silent[name] += 1
        return
    named = [found.found, *found.alike]
    if any(name in ranked.names for ranked in named):
        tally.right[name] += 1
        return
    tally.wrong[name] += 1
    tally.confused[name, found.found.names[0]] += 1


# ------------------------------------------------------------ the document


def document(trials: int = TRIALS) -> str:
    """The confusion table as Markdown."""
    plain, scaled = run(trials, scaled=False), run(trials, scaled=True)
    return "\n".join([*_head(trials), *_halves(plain, scaled), *_rules(plain, scaled), *_groups()])


def digest() -> str:
    """What the table depends on: the rules' costs of the planned pictures."""
    requests = plan()
    told = [f"{rule.name} {[cost(rule, shots) for shots in requests]}" for rule in RULES]
    return hashlib.sha256("\n".join([*map(label, requests), *told]).encode()).hexdigest()[:16]


def _head(trials: int) -> Iterator[str]:
    requests = plan()
    yield "# Which rules are confused with which"
    yield ""
    yield "Written by `python -m conformance.fingerprint.simulate`; do not edit."
    yield f"Digest of the rules and the plan: `{digest()}`."
    yield ""
    low, high = FACTORS
    yield f"Each of the {len(RULES)} rules and estimators plays the endpoint {trials} times as it"
    yield f"is, and {trials} times multiplied by a factor between {low:g} and {high:g}. All figures"
    yield f"are off by up to one token and shifted by a constant up to {SHIFT}; one answer in ten"
    yield f"is any number up to {WILD}. The {len(requests)} requests, chosen by computation:"
    yield ""
    yield from (f"{i}. {label(shots)}" for i, shots in enumerate(requests, 1))
    yield ""


def _halves(plain: Tally, scaled: Tally) -> Iterator[str]:
    yield "## In all"
    yield ""
    yield "| figures | pairs that differ | told apart | rule named | cannot tell | wrong |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, tally in (("plain", plain), ("times a factor", scaled)):
        done = [tally.right.total(), tally.silent.total(), tally.wrong.total()]
        parts = " | ".join(f"{100 * d / sum(done):.2f} %" for d in done)
        apart = 100 * tally.right_pairs / tally.pairs
        yield f"| {name} | {tally.pairs} | {apart:.3f} % | {parts} |"
    yield ""
    confused = sorted((plain.confused + scaled.confused).items())
    yield (
        "Wrong conclusions: "
        + ("; ".join(f"{a} taken for {b} ({n})" for (a, b), n in confused) or "none")
        + "."
    )
    yield ""


def _rules(plain: Tally, scaled: Tally) -> Iterator[str]:
    yield "## Rule by rule"
    yield ""
    yield "Right, cannot tell and wrong, out of all trials."
    yield ""
    yield "| rule | plain | times a factor |"
    yield "|---|---|---|"
    for rule in RULES:
        cells = [
            f"{t.right[rule.name]} / {t.silent[rule.name]} / {t.wrong[rule.name]}"
            for t in (plain, scaled)
        ]
        yield f"| {rule.name} | {' | '.join(cells)} |"
    yield ""


def _groups() -> Iterator[str]:
    given = setting()
    yield "## Rules that are the same"
    yield ""
    yield "For these pictures they never differ by more than a token:"
    yield ""
    yield from _listed([g for g in same_rules(given.expected) if len(g) > 1])
    yield ""
    yield "## Rules that are the same up to a factor and a constant"
    yield ""
    yield "They are told apart while the figures are plain, and named together otherwise:"
    yield ""
    seen: set[tuple[int, ...]] = set()
    for row in given.alike:
        group = tuple(int(j) for j in np.flatnonzero(row))
        if len(group) > 1 and not any(set(group) <= set(other) for other in seen):
            seen = {other for other in seen if not set(other) <= set(group)} | {group}
    yield from _listed(sorted(seen))
    yield ""


def _listed(groups: Sequence[Sequence[int]]) -> Iterator[str]:
    for group in groups:
        yield "- " + ", ".join(RULES[i].name for i in group)


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
    print(f"wrote {FILE.name}")
