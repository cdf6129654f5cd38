"""Apps that are reached without sockets, by port, their bodies handed over as they are read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
from starlette.types import ASGIApp, Message


class InProcess(httpx.AsyncBaseTransport):
    """An app for each port; at any other port nobody listens.

    Unlike httpx's own, it stops an app whose client has read enough, as a socket does.
    """

    def __init__(self, apps: Mapping[int, ASGIApp]) -> None:
        self._apps = apps

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        app = self._apps.get(request.url.port or 80)
        if app is None:
            raise httpx.ConnectError("nobody listens there", request=request)
        body = await request.aread()
        return await _Call(app, _scope(request), body).response()


class _Call(httpx.AsyncByteStream):
    """One request under way; it is also the body of its response."""

    def __init__(self, app: ASGIApp, scope: dict[str, Any], body: bytes) -> None:
        self._app = app
        self._scope = scope
        self._asked: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        self._said: asyncio.Queue[Message | Exception | None] = asyncio.Queue(maxsize=1)

    async def response(self) -> httpx.Response:
        """The head, as soon as it is there. Raises what the app raises."""
        self._task = asyncio.create_task(self._run())
        try:
            start = await self._next()
        except BaseException:
            self._task.cancel()
            raise
        if start is None:
            raise httpx.RemoteProtocolError("the app said nothing")
        return httpx.Response(start["status"], headers=start["headers"], stream=self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (message := await self._next()) is not None:
            yield message.get("body", b"")

    async def aclose(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        try:
            await self._app(self._scope, self._receive, self._said.put)
        except Exception as error:
            await self._said.put(error)
        else:
            await self._said.put(None)

    async def _next(self) -> Message | None:
        said = await self._said.get()
        if isinstance(said, Exception):
            raise said
        return said

    async def _receive(self) -> Message:
        if self._asked:
            return self._asked.pop()
        # Whoever hangs up cancels the app: see ``aclose``.
        await asyncio.Event().wait()
        raise AssertionError("nobody sets this event")


def _scope(request: httpx.Request) -> dict[str, Any]:
    path, _, query = request.url.raw_path.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 1),
    }
