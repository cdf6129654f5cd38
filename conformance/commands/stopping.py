"""Signals that end a command: each ends it once, in order, and leaves nothing half done."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

#: What ends a command, as far as this system knows it.
NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
SIGNALS = tuple(getattr(signal, name) for name in NAMES if hasattr(signal, name))
#: Whoever sends so many means it: the command is ended as it stands.
HARD = 3


class Stopping:
    """What signals do to this process, once ``install`` was called.

    A command ends where it stands, with 128 and the number of the signal as its exit status. After
    ``defer`` a signal is only noted, but in a part that is ``open``: there it raises
    KeyboardInterrupt, or upon entering where it came before. So nothing is torn in two; and where
    one is swallowed, such as in a destructor, the next part that is opened raises it again.
    """

    def __init__(self) -> None:
        #: The number of the first signal that came; 0 where none did.
        self.came = 0
        self._count = 0
        self._is_deferred = False
        self._is_open = False

    def install(self) -> None:
        """Signals that are ignored stay so, as under nohup. Nothing but a command may call it."""
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._hear)

    def defer(self) -> None:
        """From now on there is something to put in order: signals are raised in ``open`` only."""
        self._is_deferred = True

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """A part that may be cut off anywhere. Raises KeyboardInterrupt."""
        try:
            self._is_open = True
            if self.came:
                raise KeyboardInterrupt
            yield
        finally:
            self._is_open = False

    def left(self, status: int) -> int:
        """The status; ends the process where a thread is at work that nobody waits for any more.

        It may draw a picture, or read a reply that came when a run was at its end.
        """
        if self.came or any(map(_is_waited_for, threading.enumerate())):
            _leave(status)
        return status

    def _hear(self, number: int, _: FrameType | None) -> None:
        self._count += 1
        self.came = self.came or number
        if self._count >= HARD:
            os._exit(128 + number)
        if not self._is_deferred:
            os.write(2, b"vision-conformance: stopped\n")
            _leave(128 + number)
        if self._is_open:
            raise KeyboardInterrupt


def _is_waited_for(thread: threading.Thread) -> bool:
    """Whether Python would not end before it."""
    return thread is not threading.main_thread() and not thread.daemon


def _leave(status: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        # It may be closed, or just be written to.
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            stream.flush()
    os._exit(status)


#: Signals reach a process, so there is one for all of it.
STOPPING = Stopping()


@contextlib.contextmanager
def until_stopped() -> Iterator[None]:
    """A block that may be cut off anywhere, and for which that is no error."""
    STOPPING.defer()
    with contextlib.suppress(KeyboardInterrupt), STOPPING.open():
        yield


@contextlib.contextmanager
def left_to_the_parent() -> Iterator[None]:
    """Processes started meanwhile hear none of them: whoever started them ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
