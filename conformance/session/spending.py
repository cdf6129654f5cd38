"""What bounds a live run, and what it has taken."""

from __future__ import annotations

from functools import partial

from conformance.model import Json, Target
from conformance.running.budget import Budget, Prices
from conformance.running.gate import Gate
from conformance.running.halt import Halt
from conformance.running.ledger import Ledger
from conformance.session.most import most_tokens


class Spending:
    """The budget of one run at work: its gate, its account and its end."""

    def __init__(self, budget: Budget, target: Target) -> None:
        self.halt = Halt(budget.seconds)
        self._ledger = Ledger(budget, partial(most_tokens, target=target), prices_of(target))
        self.gate = Gate(budget, self._ledger, self.halt)

    @property
    def ended(self) -> str:
        """Why requests were not sent, in a sentence; "" where all were."""
        return self.halt.reason or self._ledger.refusal

    @property
    def told(self) -> dict[str, Json]:
        """What was taken, as the report holds it."""
        spent = self._ledger.spent
        cost = {} if spent.cost is None else {"cost": round(spent.cost, 6)}
        return {
            "requests": spent.requests,
            "retries": spent.retries,
            "prompt_tokens": spent.tokens.prompt,
            "completion_tokens": spent.tokens.completion,
            "unbilled": spent.unbilled,
            **cost,
            "currency": spent.currency,
        }


def prices_of(target: Target) -> Prices | None:
    """None where one of them is not known."""
    if target.price_input is None or target.price_output is None:
        return None
    return Prices(input=target.price_input, output=target.price_output, currency=target.currency)
