"""Rate limits that the endpoint announces in the headers of its replies, and keeping them."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from conformance.model import Exchange
from conformance.running.budget import NOTHING, Tokens
from conformance.running.pace import either
from conformance.running.passage import Passage
from conformance.wire.ratelimits import Allowance, announced

#: Seconds of a window from which on it is tried once whether a limit is one at all.
WORTH_A_TRY = 5.0
#: What is added to the seconds that an endpoint names: they are rounded, mostly to hundredths.
ROUNDED = 0.05


@dataclass(slots=True, eq=False)
class Under:
    """A request under way: what it needs, and how it stands among the others."""

    needs: Tokens
    #: Its place among all that were sent.
    number: int = 0
    sent_at: float = 0.0
    #: Tokens of all that was sent so far, its own included.
    total: Tokens = NOTHING
    #: What was under way when it was sent, which the endpoint may have counted later than it.
    beside: Tokens = NOTHING
    requests_beside: int = 0


@dataclass(slots=True, kw_only=True)
class _Known:
    """What a reply said is left, and when more is."""

    of: str
    remaining: int
    until: float
    #: The last request that is counted in it, and when its reply was heard.
    told: Under
    heard_at: float
    #: The number of the request that was sent after ``until``, to hear what is left now; or 0.
    scout: int = 0
    #: Whether one may be sent before ``until``, to hear if it is refused, and its number, or 0.
    may_dare: bool = False
    dared: int = 0


class Announced:
    """Holds requests back where an endpoint says that it would refuse them.

    What is left is what the last reply said, less all that was sent since. Where nothing is left
    the window is waited for, up to ``patience`` seconds; then one request goes ahead, to hear
    what there is now. Where that is nothing again, one goes before its time: who answers it has
    announced no limit, and is not believed any more. ``note`` hears what is waited for.
    """

    def __init__(self, patience: float, note: Callable[[str], None] = lambda _: None) -> None:
        self._patience = patience
        self._note = note
        #: Names of limits by whether they are kept when tried.
        self._tried: dict[str, bool] = {}
        self._known: dict[str, _Known] = {}
        self._under_way: set[Under] = set()
        self._sent = 0
        self._total = NOTHING
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def held(self, needs: Tokens, passage: Passage) -> AsyncIterator[None]:
        """Waits until the endpoint would take what is sent in the block, in order."""
        under = Under(needs)
        async with self._turn:
            while (wait := self._longest_wait(needs)) > 0:
                self._note(self._words(needs))
                self._changed.clear()
                await either(self._changed, wait)
            self._note("")
            self._begin(under)
        try:
            yield
        finally:
            self._ended(under, passage.exchange)

    def _longest_wait(self, needs: Tokens) -> float:
        return max((self._wait(known, needs) for known in self._known.values()), default=0.0)

    def _words(self, needs: Tokens) -> str:
        name, known = max(self._known.items(), key=lambda pair: self._wait(pair[1], needs))
        wait = known.until - time.monotonic()
        return (
            f"the limit was waited for that the endpoint announces ({name}: {known.remaining:,} "
            f"left, for {max(0.0, wait):.0f} s more)"
        )

    def _begin(self, under: Under) -> None:
        under.beside = sum((other.needs for other in self._under_way), NOTHING)
        under.requests_beside = len(self._under_way)
        self._sent += 1
        self._total += under.needs
        under.number, under.total, under.sent_at = self._sent, self._total, time.monotonic()
        for known in self._known.values():
            if self._has_room(known, under.needs):
                continue
            if known.may_dare and not known.dared:
                known.dared = under.number
            else:
                known.scout = under.number
        self._under_way.add(under)

    def _ended(self, under: Under, exchange: Exchange | None) -> None:
        """Hears what the reply announces; None where none came."""
        self._under_way.discard(under)
        if exchange:
            self._judge(exchange.status, under)
        for allowance in _told_by(exchange):
            self._hear(allowance, under)
        # Whoever went ahead and heard nothing has heard that nothing is announced any more.
        known = self._known.items()
        self._known = {name: k for name, k in known if k.scout != under.number}
        self._changed.set()

    def _judge(self, status: int, under: Under) -> None:
        """Whether a limit holds that one request was sent beyond."""
        for name, known in list(self._known.items()):
            if known.dared == under.number and status in (200, 429):
                self._tried[name] = status == 429
                if status == 200:
                    del self._known[name]

    def _hear(self, allowance: Allowance, under: Under) -> None:
        if not self._tried.get(allowance.name, True):
            return
        before, remaining = self._known.get(allowance.name), allowance.remaining
        # Of those that were under way together nobody knows which was counted last.
        if before and before.heard_at > under.sent_at:
            remaining = before.remaining = min(before.remaining, remaining)
        if before and before.told.number > under.number:
            return
        wait = allowance.reset + ROUNDED
        if wait > self._patience:
            self._known.pop(allowance.name, None)
            return
        now = time.monotonic()
        self._known[allowance.name] = made = _Known(
            of=allowance.of, remaining=remaining, until=now + wait, told=under, heard_at=now
        )
        # A whole window was waited for, and there is no more than before.
        is_in_vain = before is not None and before.scout == under.number
        is_new = is_in_vain and wait >= WORTH_A_TRY and allowance.name not in self._tried
        made.may_dare = is_new and not self._has_room(made, under.needs)

    def _wait(self, known: _Known, needs: Tokens) -> float:
        """Seconds until a request may go, or until something may have changed; 0 for at once."""
        if self._has_room(known, needs) or (known.may_dare and not known.dared):
            return 0.0
        wait = known.until - time.monotonic()
        return math.inf if wait <= 0 and known.scout else max(0.0, wait)

    def _has_room(self, known: _Known, needs: Tokens) -> bool:
        of, told = known.of, known.told
        since = _amount(of, self._total - told.total, self._sent - told.number)
        left = known.remaining - since - _amount(of, needs, 1)
        return left >= (_amount(of, told.beside, told.requests_beside) if self._under_way else 0)


def _told_by(exchange: Exchange | None) -> Sequence[Allowance]:
    return announced(exchange.headers, datetime.now(UTC)) if exchange else ()


def _amount(of: str, tokens: Tokens, requests: int) -> int:
    """So much of what a limit counts."""
    counted = {
        "requests": requests,
        "tokens": tokens.total,
        "input-tokens": tokens.prompt,
        "output-tokens": tokens.completion,
    }
    return counted[of]
