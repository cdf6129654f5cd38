"""Whether an endpoint still lives, and what it answered last before it did no more."""

from __future__ import annotations

import time
from dataclasses import dataclass

from conformance.model import Exchange, Probe

#: Replies in trouble, one after the other and without any other between, and the seconds over
#: which they came, after which an endpoint is taken for gone. Of weather that spoils one reply in
#: five so many come in a row once in 10^17.
MOST, OVER = 24, 4.0
#: Fewer than so many in a row are no sign that an endpoint is not well.
WELL = 4


@dataclass(slots=True)
class _First:
    """The first try of a request: whether the endpoint was well before, and when it was over."""

    was_well: bool
    over: float = float("inf")


class Pulse:
    """Hears of every request and reply, whoever asked for it."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._since = 0.0
        #: When the request was sent that was answered and sent last.
        self._answered = 0.0
        self._first: dict[Probe, _First] = {}
        #: True once the endpoint has answered nothing for too long.
        self.is_gone = False

    def sent(self, probe: Probe) -> float:
        """One more request; when it was sent, as ``felt`` wants it."""
        self._first.setdefault(probe, _First(was_well=self._in_a_row < WELL))
        return time.monotonic()

    def felt(self, exchange: Exchange, sent_at: float) -> None:
        """One more reply, or none. One that can be judged brings an endpoint back."""
        now = time.monotonic()
        first = self._first[exchange.probe]
        first.over = min(first.over, now)
        if not exchange.trouble:
            self._in_a_row, self.is_gone = 0, False
            self._answered = max(self._answered, sent_at)
            return
        if not self._in_a_row:
            self._since = now
        self._in_a_row += 1
        if self._in_a_row >= MOST and now - self._since >= OVER:
            self.is_gone = True

    def ended_with(self, probe: Probe) -> bool:
        """Whether an endpoint was well until a request, and answered nothing that came after it.

        That an endpoint ends by itself, and just then, is a matter of the milliseconds that lie
        between two requests.
        """
        first = self._first.get(probe)
        return first is not None and first.was_well and self._answered < first.over
