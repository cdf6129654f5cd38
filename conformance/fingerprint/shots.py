"""What is measured: pictures of chosen sizes, alone, in pairs, or none at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from conformance.tokens.rule import Rule

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture as it is billed: pixels, ``detail``, and about how many bytes."""

    width: int
    height: int
    detail: str = "high"
    #: True for a picture of noise, which no encoding makes small.
    heavy: bool = False
    #: Bytes of the encoded picture; an estimate before it is drawn.
    size: int = 0

    @property
    def label(self) -> str:
        kind = " of noise" if self.heavy else ""
        return f"{self.width}x{self.height}{kind}, {self.detail}"

    def weighing(self, size: int) -> Shot:
        return replace(self, size=size)


#: A request is its pictures; the empty one is the text alone.
Request: TypeAlias = tuple[Shot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One request and the prompt tokens that it was billed."""

    shots: Request
    tokens: int


def costs(rules: Sequence[Rule], requests: Sequence[Request]) -> Floats:
    """Tokens of all pictures of each request by each rule: one row per rule."""
    return _costs(tuple(rules), tuple(requests))


@lru_cache(maxsize=16)
def _costs(rules: tuple[Rule, ...], requests: tuple[Request, ...]) -> Floats:
    table = np.array([[cost(rule, shots) for shots in requests] for rule in rules], np.float64)
    table.flags.writeable = False
    return table


def cost(rule: Rule, shots: Request) -> int:
    """Tokens of the pictures of one request by a rule."""
    return sum(rule.cost(s.width, s.height, s.detail, s.size) for s in shots)


def counts(requests: Sequence[Request]) -> Floats:
    """How many pictures each request has."""
    return np.array([len(shots) for shots in requests], dtype=np.float64)


def label(shots: Request) -> str:
    """The request in words."""
    return " and ".join(shot.label for shot in shots) or "text alone"
