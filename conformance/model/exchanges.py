"""What came back: replies, and what reached the picture host."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.model.requests import Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One request that reached the picture host."""

    #: Seconds since the exchange began.
    at: float
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    status: int
    bytes_sent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """One piece of the body as it arrived: seconds since sending, and its size in bytes."""

    at: float
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Token counts that are really non-negative integers; None where they are not."""

    prompt: int | None = None
    completion: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the bytes say, whatever the dialect and whether streamed or not."""

    text: str = ""
    finish_reason: str = ""
    refusal: str = ""
    usage: Usage | None = None
    #: True where the reply carries an error object or one like it.
    is_error: bool = False
    error_message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The request as recorded: pictures by digest, keys removed, picture host by name."""

    method: str
    #: Path and query below the base URL, such as ``/chat/completions``.
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One probe and what came back."""

    probe: Probe
    sent: Sent
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    chunks: tuple[Chunk, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    reply: Reply = Reply()
    #: Seconds from sending to the last byte, or until nothing more was waited for.
    elapsed: float = 0.0
    #: What went wrong with each try but the last, such as "500", "reset", "stall", "cut".
    troubles: tuple[str, ...] = ()
    #: The same for the last try; empty where there is a reply that can be judged.
    trouble: str = ""
    #: Why no whole reply came, in words; empty where one did.
    failure: str = ""
    #: True where every try ended in the same trouble while plain questions were answered.
    reproduced: bool = False
    #: Reproduced in another way: nothing was answered any more after the request it asks about.
    was_the_end: bool = False

    @property
    def attempts(self) -> int:
        return len(self.troubles) + 1

    @property
    def is_judgeable(self) -> bool:
        """True where something can be concluded from what came, or from its staying away."""
        if self.reproduced or self.probe.is_risky:
            return True
        return self.status > 0 and not (self.trouble or self.failure)

    def header(self, name: str) -> str:
        """The value of a response header, "" where there is none."""
        wanted = name.lower()
        return next((v for k, v in self.headers if k.lower() == wanted), "")
