"""The plan with the true weight of each picture, and figures as an endpoint would give them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.fingerprint.asking import requests
from conformance.fingerprint.shots import Measured, Request, Shot
from conformance.tokens.rules import rule_named

Play = Callable[..., list[Measured]]


@pytest.fixture(scope="session")
def wanted() -> tuple[Request, ...]:
    return requests()


@pytest.fixture(scope="session")
def play(wanted: tuple[Request, ...]) -> Play:
    """Figures by the price of each picture, or the name of a rule; ``whole`` makes them whole."""

    def played(
        price: str | Callable[[Shot], float], whole: Callable[[float], int] = round, text: int = 57
    ) -> list[Measured]:
        if isinstance(price, str):
            rule = rule_named(price)
            assert rule is not None
            return played(lambda s: rule.cost(s.width, s.height, s.detail, s.size), whole, text)
        return [
            Measured(shots=shots, tokens=whole(text + sum(map(price, shots)))) for shots in wanted
        ]

    return played
