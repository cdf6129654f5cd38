"""One figure and its limit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    name: str
    value: float
    unit: str = "s"
    #: None where it is told only.
    limit: float | None = None

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.value > self.limit

    def __str__(self) -> str:
        bound = "" if self.limit is None else f"limit {self.limit:g}"
        return f"{self.name:52}{self.value:10.2f} {self.unit:4}{bound:12}{'OVER' * self.is_over}"
