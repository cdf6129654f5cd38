"""Requests, tokens and money: what is spent, what is promised, and what there is for more."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from conformance.model import Exchange, Probe, Unsent
from conformance.running.budget import NOTHING, Budget, Prices, Tokens
from conformance.running.passage import Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a run has taken so far."""

    requests: int
    #: Requests of these that were asked before in the same words.
    retries: int
    #: As replies say, and where one does not, the most that it can have been.
    tokens: Tokens
    #: Requests of these whose reply did not say what it took.
    unbilled: int
    #: Currency units; None without prices.
    cost: float | None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What was promised to one request."""

    promised: Tokens

    def took(self, passage: Passage) -> Tokens:
        """What it took by its reply; what was promised where that does not say."""
        return billed_by(passage.exchange, self.promised) or self.promised


class Ledger:
    """Lets a request pass only where the most that it can take is left of the budget.

    ``most`` says what that is. The reply replaces it by what its usage says; without a usage it
    stays spent. A request that finds too little waits for those under way to give back what they
    did not need, and is refused once nothing is under way and it still finds too little.
    """

    def __init__(
        self, budget: Budget, most: Callable[[Probe], Tokens], prices: Prices | None = None
    ) -> None:
        self._budget = budget
        self._most = most
        self._prices = prices
        self._seen: set[Probe] = set()
        self._requests = self._retries = self._unbilled = self._under_way = 0
        self._spent = self._promised = NOTHING
        #: Bills over what was thought to be the most, as factors: what comes is reckoned so, too.
        self._prompt_factor = self._completion_factor = 1.0
        self._turn = asyncio.Lock()
        self._given_back = asyncio.Event()
        #: Why the first request was refused; "" where none was.
        self.refusal = ""

    @property
    def spent(self) -> Spent:
        """What is promised to requests under way counts as spent."""
        tokens = self._spent + self._promised
        return Spent(
            requests=self._requests,
            retries=self._retries,
            tokens=tokens,
            unbilled=self._unbilled,
            cost=self._prices.of(tokens) if self._prices else None,
            currency=self._prices.currency if self._prices else "",
        )

    def most(self, probe: Probe) -> Tokens:
        """The most tokens that a request can take."""
        known = self._most(probe)
        return Tokens(
            prompt=math.ceil(known.prompt * self._prompt_factor),
            completion=math.ceil(known.completion * self._completion_factor),
        )

    @asynccontextmanager
    async def held(self, probe: Probe, passage: Passage) -> AsyncIterator[Account]:
        """Counts what is sent in the block, and keeps what it can take. Raises Unsent."""
        account = Account(promised=await self._promise(probe))
        try:
            yield account
        finally:
            self._settle(probe, account, passage)

    async def _promise(self, probe: Probe) -> Tokens:
        async with self._turn:
            while self._under_way and self._lacks_for_now(probe):
                self._given_back.clear()
                await self._given_back.wait()
            needed = self.most(probe)
            reason = self._reason_against(needed)
            if reason:
                self.refusal = self.refusal or reason
                raise Unsent(reason)
            self._requests += 1
            self._under_way += 1
            self._promised += needed
            return needed

    def _settle(self, probe: Probe, account: Account, passage: Passage) -> None:
        """The reply is there, or was given up, or nothing was sent."""
        self._under_way -= 1
        self._promised -= account.promised
        if passage.is_sent:
            self._retries += probe in self._seen
            self._seen.add(probe)
            self._book(probe, account, passage)
        else:
            self._requests -= 1
        self._given_back.set()

    def _book(self, probe: Probe, account: Account, passage: Passage) -> None:
        billed = billed_by(passage.exchange, account.promised)
        self._unbilled += billed is None
        if billed is not None:
            self._learn(self._most(probe), billed)
        self._spent += account.took(passage)

    def _learn(self, thought: Tokens, took: Tokens) -> None:
        if thought.prompt:
            self._prompt_factor = max(self._prompt_factor, took.prompt / thought.prompt)
        if thought.completion:
            factor = took.completion / thought.completion
            self._completion_factor = max(self._completion_factor, factor)

    def _lacks_for_now(self, probe: Probe) -> bool:
        """Whether there is too little only because of what is promised to others."""
        if self._is_out_of_requests:
            return False
        return bool(self._reason_against(self.most(probe)))

    @property
    def _is_out_of_requests(self) -> bool:
        most = self._budget.requests
        return most is not None and self._requests >= most

    def _reason_against(self, needed: Tokens) -> str:
        """Why a request is not sent, in a sentence; "" where it is."""
        budget, taken = self._budget, self._spent + self._promised
        if self._is_out_of_requests:
            return f"the budget of {budget.requests:,} requests is spent (--max-requests)"
        if budget.tokens is not None and (taken + needed).total > budget.tokens:
            return (
                f"the budget of {budget.tokens:,} tokens (--max-tokens) has no room: "
                f"{taken.total:,} are spent, and this request may take {needed.total:,}"
            )
        if budget.cost is None or self._prices is None:
            return ""
        tell, price = self._prices.told, self._prices.of
        if price(taken + needed) > budget.cost:
            return (
                f"the budget of {tell(budget.cost)} (--max-cost) has no room: "
                f"{tell(price(taken))} are spent, and this request may cost {tell(price(needed))}"
            )
        return ""


def billed_by(exchange: Exchange | None, promised: Tokens) -> Tokens | None:
    """What the usage of a reply says; of a half that it does not tell, what was promised."""
    usage = exchange.reply.usage if exchange else None
    if usage is None or (usage.prompt is None and usage.completion is None):
        return None
    prompt = promised.prompt if usage.prompt is None else usage.prompt
    completion = promised.completion if usage.completion is None else usage.completion
    # Some count what the model thinks in the sum alone.
    return Tokens(prompt=prompt, completion=max(completion, (usage.total or 0) - prompt))
