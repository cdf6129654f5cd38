"""A request on its way, as those see it who count it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Final, Protocol

from conformance.model import Exchange, Probe


class Passage:
    """Whether a request was sent, and what came back; None where nothing did, or not yet."""

    def __init__(self) -> None:
        self.is_sent = False
        self.exchange: Exchange | None = None

    def answered(self, exchange: Exchange) -> Exchange:
        self.exchange = exchange
        return exchange


class Way(Protocol):
    """Where a request passes before it is sent."""

    def passage(self, probe: Probe, /) -> AbstractAsyncContextManager[Passage]:
        """Waits until it may be sent; it must be sent in the block. Raises Unsent."""


class Open:
    """A way that lets everything pass."""

    def passage(self, probe: Probe, /) -> AbstractAsyncContextManager[Passage]:
        return nullcontext(Passage())


OPEN: Final = Open()
