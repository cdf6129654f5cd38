"""An endpoint on a socket of loopback that counts what reaches it, and runs against it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from conformance.asking.questions import READY
from conformance.model import Exchange, Probe, Target, TextPart, Turn, Unsent
from conformance.redact import Redactor
from conformance.running.budget import NO_BOUNDS, Budget, Prices, Tokens
from conformance.running.client import Bounds, Client
from conformance.running.gate import Gate
from conformance.running.halt import Halt
from conformance.running.ledger import Ledger, Spent
from conformance.running.lifeline import Lifeline
from conformance.running.live import Live

RESET = 0
#: What a request may take, and what its reply says that it took.
MOST = Tokens(prompt=10, completion=5)
CHAT = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "X"}}],
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reply; status 0 breaks the connection off."""

    status: int = 200
    body: object = field(default_factory=lambda: CHAT)
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0


@dataclass(slots=True)
class Counting:
    """Answers the request of each number, from 1 on, as ``script`` says; ``words`` are its body."""

    script: Callable[[int, str], Said]
    #: When each request was there, in seconds of the monotonic clock.
    times: list[float] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    url: str = ""

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Counting]:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        try:
            yield self
        finally:
            server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next((line for line in head.splitlines() if "content-length" in line), ":0")
        body = await reader.readexactly(int(length.partition(":")[2]))
        self.times.append(time.monotonic())
        self.words.append(body.decode())
        said = self.script(len(self.times), body.decode())
        await asyncio.sleep(said.seconds)
        if said.status == RESET:
            writer.transport.abort()
            return False
        reply = json.dumps(said.body).encode()
        lines = [
            f"HTTP/1.1 {said.status} X",
            "content-type: application/json",
            f"content-length: {len(reply)}",
            *(f"{name}: {value}" for name, value in said.headers),
        ]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + reply)
        await writer.drain()
        return True


def asked(number: int) -> Probe:
    return Probe(turns=(Turn(parts=(TextPart(text=f"question {number}"),)),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What became of the questions of a run: an exchange each, or why it was not sent."""

    found: Sequence[Exchange | str]
    endpoint: Counting
    spent: Spent
    seconds: float

    @property
    def refused(self) -> list[str]:
        return [each for each in self.found if isinstance(each, str)]


@pytest.fixture
def run(make_case) -> Callable[..., Run]:
    """``run(script, questions, Budget(…), …)``: sent at once; ends within a minute and a half."""

    def play(
        script: Callable[[int, str], Said],
        questions: int,
        budget: Budget = NO_BOUNDS,
        *,
        concurrency: int = 16,
        most: Tokens = MOST,
        prices: Prices | None = None,
        window: float = 60.0,
        fatal: Callable[[Exchange], str] = lambda _: "",
        timeout: float = 20.0,
        hurried: bool = True,
    ) -> Run:
        async def go() -> Run:
            endpoint = Counting(script)
            halt, ledger = Halt(budget.seconds), Ledger(budget, lambda _: most, prices)
            began = time.monotonic()
            async with endpoint.served():
                target = Target(name="t", base_url=endpoint.url, model="m", auth="none")
                bounds = Bounds(seconds=timeout)
                async with Client(target, "", None, Redactor([]), bounds=bounds) as client:
                    live = Live(
                        client.send,
                        control=READY,
                        concurrency=concurrency,
                        way=Gate(budget, ledger, halt, seconds=window),
                        lifeline=Lifeline(halt, fatal),
                        patience=budget.patience,
                        is_hurried=hurried,
                    )
                    case = make_case("a/b", "x")
                    sends = (live.send(case, asked(n)) for n in range(questions))
                    found = await asyncio.gather(*sends, return_exceptions=True)
                    await live.close()
                    took = time.monotonic() - began
                return Run(
                    found=[_told(each) for each in found],
                    endpoint=endpoint,
                    spent=ledger.spent,
                    seconds=took,
                )

        return asyncio.run(asyncio.wait_for(go(), 90))

    return play


def _told(found: Exchange | BaseException) -> Exchange | str:
    if isinstance(found, Unsent):
        return found.actual
    if isinstance(found, BaseException):
        raise found
    return found


@pytest.fixture
def said() -> type[Said]:
    return Said
