"""The connections of one server: how many there may be, how long, and which must go first."""

from __future__ import annotations

from enum import Enum, auto
from typing import Protocol

from conformance.asgi.limits import Limits

#: A connection too many ends this share of them, those that have waited longest, so that a crowd
#: is looked through once for many newcomers.
SHARE = 10
#: Connections accepted at one go, at most: what is accepted is counted only a little later.
AT_ONCE = 64


class Phase(Enum):
    """What a connection is about."""

    #: No request, or none yet.
    SILENT = auto()
    #: A request whose fields have not all come.
    HEAD = auto()
    #: A request whose body has not all come.
    BODY = auto()
    #: Its body is still coming, and the answer is out.
    AFTER = auto()
    #: It is the app's turn, which may be silent on purpose.
    ANSWERING = auto()
    #: The client does not take what is there for it.
    STUCK = auto()


#: Who goes first where there are too many. Nobody who is being answered goes.
_EXPENDABLE = ((Phase.SILENT, Phase.HEAD), (Phase.STUCK, Phase.AFTER))


class Member(Protocol):
    """One connection."""

    def phase(self) -> Phase: ...

    def progress(self) -> tuple[object, ...]:
        """What changes with each request, and with each byte where these matter."""

    def end(self) -> None:
        """Cuts the connection."""


class Crowd:
    """Keeps connections within limits. Belongs to the thread of its server.

    There is no bound per peer: behind a tunnel or a proxy all clients are one.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.most = min(limits.connections, max(8, _open_files() // 2))
        self.at_once = max(1, min(AT_ONCE, self.most // 8))
        #: What each was about, and since when.
        self._members: dict[Member, tuple[tuple[object, ...], float]] = {}

    def enter(self, member: Member, now: float) -> bool:
        """Lets a connection in, at the cost of others where there are too many.

        False where all of them are being answered: then the newcomer must go.
        """
        if len(self._members) >= self.most:
            self.thin()
        if len(self._members) >= self.most:
            return False
        self._members[member] = ((), now)
        return True

    def leave(self, member: Member) -> None:
        self._members.pop(member, None)

    def thin(self) -> None:
        """Ends a share of those that have waited longest for nothing."""
        for phases in _EXPENDABLE:
            waiting = [one for one in self._members if one.phase() in phases]
            if waiting:
                waiting.sort(key=lambda one: self._members[one][1])
                for one in waiting[: max(1, self.most // SHARE)]:
                    self._out(one)
                return

    def sweep(self, now: float) -> None:
        """Ends those whose time is over. To be called often: times are as exact as that."""
        for one, (before, since) in list(self._members.items()):
            about = (one.phase(), *one.progress())
            if about != before:
                self._members[one] = (about, since if before == () else now)
            elif now - since > self._seconds(one.phase()):
                self._out(one)

    def _out(self, one: Member) -> None:
        self.leave(one)
        one.end()

    def _seconds(self, phase: Phase) -> float:
        if phase is Phase.ANSWERING:
            return float("inf")
        if phase is Phase.HEAD:
            return self.limits.head_seconds
        return self.limits.idle_seconds if phase is Phase.SILENT else self.limits.stall_seconds


def _open_files() -> int:
    """How many files this process may have open."""
    try:
        import resource
    except ImportError:  # Windows knows no such limit.
        return 1 << 16
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1 << 16 if soft == resource.RLIM_INFINITY else soft
