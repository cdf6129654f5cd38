"""Time that passes in no time: what waits for a clock goes on at once, in the order it would have.

The one place where time is bent. Where nothing is left to do but wait, the clock jumps to the end
of the wait; while anything is done, by the loop or by a thread for it, the clock stands. So no
limit of time is ever met because a machine is busy with something else.
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


#: Seconds that looking at the clock takes, so that no two looks are at the same time.
TICK = 1e-7


class Clock:
    """Seconds, of waiting alone."""

    def __init__(self) -> None:
        self.seconds = time.monotonic()
        #: Threads that work for the loop.
        self.threads = 0

    def now(self) -> float:
        self.seconds += TICK
        return self.seconds


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
        self._clock.seconds += timeout
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
