"""The reference endpoint as an ASGI app."""

from __future__ import annotations

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from conformance.reference.dialects import COUNT_TOKENS, MESSAGES, RESPONSES, Dialect
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError

DIALECTS = {
    "/v1/responses": RESPONSES,
    "/v1/messages": MESSAGES,
    "/v1/messages/count_tokens": COUNT_TOKENS,
}


def make_app(endpoint: Endpoint, *, latency: float = 0.0) -> Starlette:
    """The app; ``latency`` seconds are added before each reply."""

    async def chat(request: Request) -> Response:
        await asyncio.sleep(latency)
        body = await _body(request, endpoint.most_bytes)
        if body is None:
            return endpoint.refuse(ApiError("The request is too large.", status=413))
        return await endpoint.chat(request.headers, body)

    async def other(request: Request) -> Response:
        await asyncio.sleep(latency)
        body = await _body(request, endpoint.most_bytes)
        if body is None:
            return endpoint.refuse(ApiError("The request is too large.", status=413))
        return await endpoint.speak(_dialect_of(request), request.headers, body)

    async def models(request: Request) -> Response:
        return await endpoint.models(request.headers)

    async def one_model(request: Request) -> Response:
        return await endpoint.one_model(request.headers, request.path_params["name"])

    async def unknown(request: Request) -> Response:
        path = f"{request.method} {request.url.path}"
        return endpoint.refuse(ApiError(f"Invalid URL ({path})", status=404, code="unknown_url"))

    return Starlette(
        routes=[
            Route("/v1/chat/completions", chat, methods=["POST"]),
            *(Route(path, other, methods=["POST"]) for path in DIALECTS),
            Route("/v1/models", models, methods=["GET"]),
            Route("/v1/models/{name:path}", one_model, methods=["GET"]),
            Route("/{path:path}", unknown, methods=["GET", "POST", "HEAD"]),
        ]
    )


def _dialect_of(request: Request) -> Dialect:
    return DIALECTS[request.url.path]


async def _body(request: Request, most: int) -> bytes | None:
    """The body of a request; None where it is longer than ``most`` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            return None
    return bytes(body)
