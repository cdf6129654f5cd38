"""The end of a run before its time: no request is sent any more, those under way are given up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from conformance.model import Unsent


class Halt:
    """Ends a run after ``seconds`` of the clock, or when told to."""

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = seconds
        #: On the clock of the event loop, which is that of ``time.monotonic``.
        self._until = None if seconds is None else time.monotonic() + seconds
        self._open: set[asyncio.Timeout] = set()
        #: Why the run ended, in a sentence; "" where it goes on.
        self.reason = ""
        self._meanwhile = ""

    def end(self, reason: str) -> None:
        """Ends the run; the first reason is the one that holds."""
        self.reason = self.reason or reason
        now = asyncio.get_running_loop().time()
        for clock in self._open:
            if not clock.expired():
                clock.reschedule(now)

    def note(self, meanwhile: str) -> None:
        """Hears what keeps all of the run waiting, in a clause; "" for nothing any more."""
        self._meanwhile = meanwhile

    def verify(self) -> None:
        """Raises Unsent where the run has ended."""
        if self._until is not None and time.monotonic() >= self._until:
            self.reason = self.reason or self._too_late
        if self.reason:
            raise Unsent(self.reason)

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """A block that is left with Unsent as soon as the run ends."""
        self.verify()
        clock = asyncio.timeout_at(self._until)
        try:
            async with clock:
                self._open.add(clock)
                yield
        except TimeoutError:
            if not clock.expired():
                raise
            self.reason = self.reason or self._too_late
            raise Unsent(self.reason) from None
        finally:
            self._open.discard(clock)

    @property
    def _too_late(self) -> str:
        words = f"the deadline of {self._seconds:g} s is over (--deadline)"
        return f"{words}; until then {self._meanwhile}" if self._meanwhile else words
