"""The official ``openai`` library as a judge: replies are played to it and heard.

It runs in this process and reaches no network. It is imported when first asked for, and need not
be installed. It is used as its users use it: whatever it raises comes through ``complete``,
``chunks`` and ``models``, and is held against the endpoint by ``heard``.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from conformance.judging.replies import quote, shown
from conformance.model import Exchange, Failed, NotApplicable, Reason, Signal, Symptom
from conformance.wire.sse import events

T = TypeVar("T")
INSTALL = "the openai library is not installed: pip install 'vision-conformance[sdk]'"
#: A name only: nothing is ever sent to it.
_NOWHERE = "http://sdk.invalid/v1"


class Missing(Exception):
    """The library is not installed."""


def complete(exchange: Exchange) -> Any:
    """What ``chat.completions.create`` makes of a reply."""
    return _player().play(exchange, stream=False)


def chunks(exchange: Exchange) -> list[Any]:
    """What comes out of the stream that ``chat.completions.create`` makes of a reply."""
    return list(_player().play(exchange, stream=True))


def models(exchange: Exchange) -> Any:
    """What ``models.list`` makes of a reply: its first page."""
    return _player().list_models(exchange)


def status_error() -> type[Exception]:
    """The exception that stands for a refusal."""
    _player()
    import openai

    return openai.APIStatusError


def stream_error() -> type[Exception]:
    """The exception that stands for an error, within a stream or before it."""
    _player()
    import openai

    return openai.APIError


def is_installed() -> bool:
    return importlib.util.find_spec("openai") is not None


def make_ready() -> None:
    """Loads the library, where it is installed: 0.7 s in which no reply could be heard."""
    if is_installed():
        _player()


def plainly_framed(body: bytes) -> bytes:
    """A stream with the same events in the plainest framing: one line of data for each."""
    return b"".join(b"data: " + _one_line(event.data) + b"\n\n" for event in events(body))


def _one_line(data: str) -> bytes:
    """Line ends in JSON are white space or wrong."""
    written = "[DONE]" if data.strip() == "[DONE]" else data.replace("\n", " ")
    return written.encode("utf-8", "replace")


# ---------------------------------------------------------------- what its users hear


def verify_installed() -> None:
    """Raises NotApplicable where the library is missing."""
    if not is_installed():
        raise NotApplicable(INSTALL, why=Reason.MISSING)


def heard(play: Callable[[], T], expected: str) -> T:
    """What a user hears who reads these members. Raises Failed for whatever the library raises."""
    try:
        return play()
    except Signal:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {quote(str(error))}"
        raise Failed(
            f"the library raises {said}", symptom=Symptom.MALFORMED, expected=expected
        ) from None


def same(name: str, heard: object, read: object, expected: str) -> None:
    """Raises Failed unless the library's value is the one that we read, and of the same type."""
    if type(heard) is not type(read) or heard != read:
        seen = quote(heard) if isinstance(heard, str) else f"a {type(heard).__name__}"
        wanted = quote(read) if isinstance(read, str) else shown(read)
        raise Failed(
            f"{name} is {seen} where the reply says {wanted}",
            symptom=Symptom.MALFORMED,
            expected=expected,
        )


def is_a(name: str, value: object, expected: str) -> None:
    """Raises Failed unless a value is of the library's class of this name."""
    if type(value).__name__ != name:
        raise Failed(
            f"a {type(value).__name__} and no {name}", symptom=Symptom.MALFORMED, expected=expected
        )


def _counts(usage: Any) -> tuple[Any, Any, Any]:
    return usage.prompt_tokens, usage.completion_tokens, usage.total_tokens


def same_usage(usage: Any, exchange: Exchange, expected: str) -> None:
    """Members that our own reader found must be the same integers."""
    read = exchange.reply.usage
    if read is None:
        return
    wanted = (read.prompt, read.completion, read.total)
    if usage is None:
        raise Failed("usage is None", symptom=Symptom.MALFORMED, expected=expected)
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    for name, found, count in zip(names, _counts(usage), wanted, strict=True):
        if count is not None:
            same(f"usage.{name}", found, count, expected)


# ---------------------------------------------------------------- how replies are played


class _Records:
    """A transport that answers every request with the reply that is being played."""

    def __init__(self) -> None:
        self.exchange: Exchange | None = None

    def handle_request(self, request: Any) -> Any:
        """The reply in the types of the HTTP library which asks: versions use different ones."""
        assert self.exchange is not None
        http = sys.modules[type(request).__module__.partition(".")[0]]
        # The body is kept decoded: it must not be decoded once more, without a bound.
        headers = [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in self.exchange.headers
            if name.lower() not in ("content-encoding", "set-cookie")
        ]
        return http.Response(self.exchange.status, headers=headers, content=self.exchange.body)

    def close(self) -> None:
        """There is nothing to close."""


class _Player:
    """One client for all replies: to make one takes longer than to play one."""

    def __init__(self) -> None:
        import openai

        self._records = _Records()
        self._turn = threading.Lock()
        transport: Any = self._records
        http = openai.DefaultHttpxClient(transport=transport, trust_env=False)
        self._client = openai.OpenAI(
            api_key="played", base_url=_NOWHERE, max_retries=0, http_client=http
        )

    def play(self, exchange: Exchange, *, stream: bool) -> Any:
        create: Any = self._client.chat.completions.create
        with self._turn:
            self._records.exchange = exchange
            return create(model="played", messages=[], stream=stream)

    def list_models(self, exchange: Exchange) -> Any:
        with self._turn:
            self._records.exchange = exchange
            return self._client.models.list()


@cache
def _player() -> _Player:
    """Raises Missing."""
    if not is_installed():
        raise Missing(INSTALL)
    return _Player()
