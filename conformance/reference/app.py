"""The reference endpoint as an ASGI app."""

from __future__ import annotations

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from conformance.reference.dialects import COUNT_TOKENS, MESSAGES, RESPONSES
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError

DIALECTS = {
    "/v1/responses": RESPONSES,
    "/v1/messages": MESSAGES,
    "/v1/messages/count_tokens": COUNT_TOKENS,
}


def make_app(endpoint: Endpoint, *, latency: float = 0.0) -> Starlette:
    """The app; ``latency`` seconds are added before each reply."""
    doors = _Doors(endpoint, latency)
    return Starlette(
        routes=[
            Route("/v1/chat/completions", doors.chat, methods=["POST"]),
            *(Route(path, doors.other, methods=["POST"]) for path in DIALECTS),
            Route("/v1/models", doors.models, methods=["GET"]),
            Route("/v1/models/{name:path}", doors.one_model, methods=["GET"]),
            Route("/{path:path}", doors.unknown, methods=["GET", "POST", "HEAD"]),
        ]
    )


class _Doors:
    """What stands behind each path: the endpoint, which is given what a request holds."""

    def __init__(self, endpoint: Endpoint, latency: float) -> None:
        self._endpoint = endpoint
        self._latency = latency

    async def chat(self, request: Request) -> Response:
        body = await self._body(request)
        if body is None:
            return self._too_large()
        return await self._endpoint.chat(request.headers, body)

    async def other(self, request: Request) -> Response:
        body = await self._body(request)
        if body is None:
            return self._too_large()
        dialect = DIALECTS[request.url.path]
        return await self._endpoint.speak(dialect, request.headers, body)

    async def models(self, request: Request) -> Response:
        return await self._endpoint.models(request.headers)

    async def one_model(self, request: Request) -> Response:
        return await self._endpoint.one_model(request.headers, request.path_params["name"])

    async def unknown(self, request: Request) -> Response:
        message = f"Invalid URL ({request.method} {request.url.path})"
        return self._endpoint.refuse(ApiError(message, status=404, code="unknown_url"))

    async def _body(self, request: Request) -> bytes | None:
        """The body of a request, some time later; None where it is longer than is read."""
        await asyncio.sleep(self._latency)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > self._endpoint.most_bytes:
                return None
        return bytes(body)

    def _too_large(self) -> Response:
        return self._endpoint.refuse(ApiError("The request is too large.", status=413))
