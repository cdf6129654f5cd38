"""The one way out: every request of a run passes here, and is counted when it does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from conformance.model import Probe
from conformance.running.announced import Announced
from conformance.running.budget import Budget
from conformance.running.halt import Halt
from conformance.running.ledger import Ledger
from conformance.running.pace import MINUTE, Pace
from conformance.running.passage import Passage


class Gate:
    """A ``Way``: opens where pace, the endpoint's own limits and the budget have room.

    ``seconds`` is the window of the pace.
    """

    def __init__(
        self, budget: Budget, ledger: Ledger, halt: Halt, *, seconds: float = MINUTE
    ) -> None:
        self._ledger = ledger
        self._halt = halt
        self._requests = Pace(budget.requests_per_minute, seconds, is_even=True)
        self._tokens = Pace(budget.tokens_per_minute, seconds)
        self._announced = Announced(budget.patience, halt.note)

    @asynccontextmanager
    async def passage(self, probe: Probe, /) -> AsyncIterator[Passage]:
        """Raises Unsent where there is no budget for it, or the run has ended."""
        passage = Passage()
        most = self._ledger.most(probe)
        async with (
            self._requests.held(1, passage),
            self._tokens.held(most.total, passage) as share,
            self._announced.held(most, passage),
            self._ledger.held(probe, passage) as account,
        ):
            self._halt.verify()
            passage.is_sent = True
            yield passage
            share.amount = account.took(passage).total
