"""Time that passes in no time: what waits for a clock goes on at once, in the order it would have.

The one place where time is bent. Where nothing is left to do but wait, the clock jumps to the end
of the wait; while a thread works for the loop, it does not.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from unittest import mock

import anyio.to_thread

T = TypeVar("T")


class Clock:
    """The time of day, and what was skipped of it, in seconds."""

    def __init__(self) -> None:
        self.skipped = 0.0
        #: Threads that work for the loop: what they do takes as long as it takes.
        self.threads = 0
        self._real = time.monotonic

    def now(self) -> float:
        return self._real() + self.skipped


class _Selector(selectors.DefaultSelector):
    """Waits for nothing but threads."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if timeout is None or self._clock.threads:
            return super().select(timeout)
        self._clock.skipped += timeout
        return []


class HurriedLoop(asyncio.SelectorEventLoop):
    """A loop whose timers ring as soon as nothing else is to be done."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        super().__init__(_Selector(clock))

    def run_in_executor(self, *args: Any) -> Any:
        self._clock.threads += 1
        future = super().run_in_executor(*args)
        future.add_done_callback(self._ended)
        return future

    def _ended(self, _: Any) -> None:
        self._clock.threads -= 1

    async def shutdown_default_executor(self, *args: Any, **options: Any) -> None:
        # The threads that are waited for here are nobody's call.
        self._clock.threads += 1
        await super().shutdown_default_executor(*args, **options)


def _counted(clock: Clock) -> Callable[..., Any]:
    """What sends a stream: iterators that know no loop are read in threads."""
    send = anyio.to_thread.run_sync

    async def run_sync(*args: Any, **options: Any) -> Any:
        clock.threads += 1
        try:
            return await send(*args, **options)
        finally:
            clock.threads -= 1

    return run_sync


def run(steps: Coroutine[Any, Any, T]) -> T:
    """As ``asyncio.run``, without its pauses; ``time.monotonic`` tells the bent time meanwhile."""
    clock = Clock()
    with (
        mock.patch("time.monotonic", clock.now),
        mock.patch("anyio.to_thread.run_sync", _counted(clock)),
        asyncio.Runner(loop_factory=lambda: HurriedLoop(clock)) as runner,
    ):
        return runner.run(steps)
