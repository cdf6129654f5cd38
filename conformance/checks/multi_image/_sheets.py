"""The code sheets that are sent together, and the code of one among them."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.judging import reading
from conformance.model import Claim, Lab, Observed, Picture, Probe, Steps, pictures_of

READ = (Claim.SEVERAL, Claim.READING)


def sheets(lab: Lab, count: int) -> list[Picture]:
    """Different code sheets; for many of them those that other counts do not reach."""
    first = 9 if count <= 16 else 25 - count
    return [lab.pictures[f"sheet-{n:02}"] for n in range(first, first + count)]


def codes_of(pictures: Sequence[Picture]) -> tuple[str, ...]:
    return tuple(picture.facts.code for picture in pictures)


def names_only(probe: Probe, code: str) -> Steps[Observed]:
    """The code of one picture must be named, and no other: see ``picks``."""
    return (yield from reading.picks(probe, code, codes_of(pictures_of(probe))))
