"""The finest line that is read of a chart, held against that of a chart which is nearly alike.

What differs is one thing: the encoding, the way, the detail, the size, the colour or the contrast.
How well the model itself reads cancels out, so no height in pixels is asked of anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from conformance.asking import prompts, questions
from conformance.drawing import codes
from conformance.judging import answers, reading, sampling
from conformance.model import (
    Blocked,
    Claim,
    Exchange,
    Failed,
    Json,
    Lab,
    Observed,
    Picture,
    Steps,
    Symptom,
    Via,
)

READ = (Claim.READING,)
#: Stands for a height where no line is legible.
NONE: Final = 1_000_000
#: A chart has nine lines.
ANY_LINE: Final = 9 * codes.GUESS


def high_detail(lab: Lab) -> Json:
    """The detail at which print is finest, left out where detail is not claimed."""
    return ... if Claim.DETAIL in lab.target.unclaimed else "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Legible:
    """The height in pixels of the finest line that was read, NONE for none, and the last reply."""

    height: int
    reply: Exchange


def finest_line(
    lab: Lab, name: str, via: Via, detail: Json, bound: float = NONE - 1
) -> Steps[Legible]:
    """The finest line of a chart that is read.

    Asks again until a line within the bound is read, or the sequential test rejects.
    """
    chart = lab.pictures[name]
    probe = questions.ask(questions.image(chart, via, detail), prompts.CHART)
    seen: set[str] = set()
    for sample in range(sampling.MOST_SAMPLES):
        asked = replace(probe, sample=sample)
        exchange = yield from reading.until(asked, lambda _: True, "lines of print")
        words = exchange.reply.text
        seen.update(answers.codes_in(words))
        verify_own(lab, chart, seen)
        finest = min((p.height for p in chart.facts.prints if p.code in seen), default=NONE)
        if finest <= bound:
            break
    return Legible(height=finest, reply=exchange)


def verify_own(lab: Lab, picture: Picture, seen: Collection[str]) -> None:
    """What stands in another picture says nothing of this one. A misread code is never that."""
    others = lab.codes - picture.facts.all_codes
    if others.intersection(seen):
        actual = f"codes of another picture than {picture.id}"
        raise Failed(actual, symptom=Symptom.ANOTHERS, expected="lines of print of this picture")


def measure(lab: Lab, name: str, via: Via, detail: Json) -> Steps[Legible]:
    """The finest legible line of a chart that others are compared with. Raises Blocked."""
    finest = yield from finest_line(lab, name, via, detail)
    if finest.height == NONE:
        name = (
            "documented-value-is-accepted" if detail == "low" else "fine-print-is-legible-at-high"
        )
        raise Blocked(
            f"detail/{name}", "no line is legible on the chart that others are compared with"
        )
    return finest


#: What was varied, and what was legible then.
Point = tuple[str, Legible]


def px(height: int) -> str:
    return "no line" if height == NONE else f"{height} px"


def judged(points: Sequence[Point], slack: float, expected: str, trace: str) -> Observed:
    """Every height after the first must be at most ``slack`` times the first."""
    curve = ", ".join(f"{name} {px(seen.height)}" for name, seen in points)
    bound = slack * points[0][1].height
    worse = {name: seen.reply for name, seen in points[1:] if seen.height > bound}
    if worse:
        raise Failed(
            f"{curve}: {trace.format(', '.join(worse))}",
            symptom=Symptom.DEGRADED,
            expected=expected,
            shown_by=tuple(worse.values()),
            spared=[seen.reply for name, seen in points if name not in worse],
        )
    return Observed(expected=expected, actual=curve, about=points[-1][1].reply)
