"""Whether an endpoint still lives, and what it answered last before it did no more."""

from __future__ import annotations

import time
from dataclasses import dataclass

from conformance.model import Exchange, Probe, Service

#: Replies in trouble, one after the other and without any other between, and the seconds over
#: which they came, after which an endpoint is taken for gone. Of weather that spoils one reply in
#: five so many come in a row once in 10^17.
MOST, OVER = 24, 4.0
#: Fewer than so many since the last answer are no sign that an endpoint is not well.
WELL = 4


@dataclass(slots=True)
class _First:
    """The first try of a request: whether the endpoint was well before, and when it was answered.

    One that ends in trouble itself may be what kills an endpoint, or what was under way when it
    died; nothing tells which.
    """

    was_well: bool
    is_over: bool = False
    answered: float | None = None


class Pulse:
    """Hears of every request and reply, whoever asked for it."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._since = 0.0
        #: When the question was sent that was answered and sent last, and troubles since.
        self._answered = 0.0
        self._troubled = 0
        self._first: dict[Probe, _First] = {}
        #: True once the endpoint has answered nothing for too long.
        self.is_gone = False

    def sent(self, probe: Probe) -> float:
        """One more request; when it was sent, as ``felt`` wants it."""
        self._first.setdefault(probe, _First(was_well=self._troubled < WELL))
        return time.monotonic()

    def felt(self, exchange: Exchange, sent_at: float) -> None:
        """One more reply, or none. One that can be judged brings an endpoint back."""
        now = time.monotonic()
        first = self._first[exchange.probe]
        if not first.is_over:
            first.is_over, first.answered = True, None if exchange.trouble else now
        if _is_answer(exchange):
            self._answered = max(self._answered, sent_at)
            self._troubled = 0
        if not exchange.trouble:
            self._in_a_row, self.is_gone = 0, False
            return
        self._troubled += 1
        if not self._in_a_row:
            self._since = now
        self._in_a_row += 1
        if self._in_a_row >= MOST and now - self._since >= OVER:
            self.is_gone = True

    def ended_with(self, probe: Probe) -> bool:
        """Whether an endpoint answered or refused a request, and nothing that was sent after it.

        One that dies by itself looks the same where it does so between two answers: of 15 that
        were made to, at any moment of a run, 2 did.
        """
        first = self._first.get(probe)
        if first is None or first.answered is None:
            return False
        return first.was_well and self._answered < first.answered


def _is_answer(exchange: Exchange) -> bool:
    """True where the model itself has answered: a gateway refuses, and lists models, without it."""
    is_chat = exchange.probe.service is Service.CHAT
    return is_chat and exchange.status == 200 and not exchange.trouble
