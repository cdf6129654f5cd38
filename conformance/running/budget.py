"""What a run may take: requests, tokens, money, time, and how fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from conformance.running.patience import LONGEST_WAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Tokens of a request, or of many."""

    prompt: int = 0
    completion: int = 0

    @property
    def total(self) -> int:
        return self.prompt + self.completion

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(
            prompt=self.prompt + other.prompt, completion=self.completion + other.completion
        )

    def __sub__(self, other: Tokens) -> Tokens:
        return Tokens(
            prompt=self.prompt - other.prompt, completion=self.completion - other.completion
        )


NOTHING: Final = Tokens()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Currency units per million tokens."""

    input: float
    output: float
    #: As it is told beside an amount, such as "USD"; may be "".
    currency: str = ""

    def of(self, tokens: Tokens) -> float:
        """Currency units."""
        return (tokens.prompt * self.input + tokens.completion * self.output) / 1e6

    def told(self, amount: float) -> str:
        """An amount in words, such as ``1.25 USD``."""
        return f"{amount:.4f} {self.currency}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Bounds of a run; None bounds nothing."""

    requests: int | None = None
    tokens: int | None = None
    #: Currency units; means nothing without prices.
    cost: float | None = None
    #: Seconds from the start on.
    seconds: float | None = None
    #: In any 60 seconds.
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    #: Seconds: an endpoint that asks to wait longer is not waited for.
    patience: float = LONGEST_WAIT


NO_BOUNDS: Final = Budget()
