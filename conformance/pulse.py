"""Whether an endpoint still lives: one that answers nothing any more is not asked for hours."""

from __future__ import annotations

import time

from conformance.model import Exchange

#: Replies in trouble, one after the other and without any other between, and the seconds over
#: which they came, after which an endpoint is taken for gone. Of weather that spoils one reply in
#: five so many come in a row once in 10^17.
MOST, OVER = 24, 4.0


class Pulse:
    """Hears of every reply, whoever asked for it."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._since = 0.0
        #: True once the endpoint has answered nothing for too long.
        self.is_gone = False

    def felt(self, exchange: Exchange) -> None:
        """One more reply, or none. One that can be judged brings an endpoint back."""
        if not exchange.trouble:
            self._in_a_row, self.is_gone = 0, False
            return
        if not self._in_a_row:
            self._since = time.monotonic()
        self._in_a_row += 1
        if self._in_a_row >= MOST and time.monotonic() - self._since >= OVER:
            self.is_gone = True
