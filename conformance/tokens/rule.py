"""What every rule has in common: its name, where it comes from, and a cost in tokens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(ABC):
    """One published rule, or one estimator in use. The subclass is the kind of rule."""

    name: str
    family: str = ""
    #: Key of section 0 of the spec facts, or where else the numbers are from.
    source: str = ""
    #: Months (YYYY-MM) between which the source says so; "" where it is not known to end.
    valid_from: str = ""
    valid_to: str = ""
    #: A bill may differ by so many tokens per picture and still be this rule's.
    tolerance: float = 0.0
    #: The same as a fraction of the cost, for rules that are published as approximations.
    margin: float = 0.0
    #: True where this is no model's rule but a counting program's.
    estimates: bool = False
    #: Patterns of model names that are documented to be billed so.
    models: tuple[str, ...] = ()
    #: True where sources disagree so much that no check may rely on the rule.
    disputed: bool = False
    note: str = ""
    #: The cost of a picture is that of the picture lying on its side.
    symmetric: bool = True
    #: A picture that is larger both ways never costs less.
    monotone: bool = False
    #: No picture costs more tokens than this; 0 where there is no bound.
    most: int = 0

    @abstractmethod
    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        """Tokens of a picture of ``width`` by ``height`` pixels and ``size`` bytes."""

    def sees(self, width: int, height: int, detail: str) -> tuple[int, int]:
        """The size in pixels to which the rule brings a picture before it counts."""
        return width, height

    def accepts(self, width: int, height: int, detail: str) -> bool:
        """False for a picture that the model refuses for its size."""
        return True
