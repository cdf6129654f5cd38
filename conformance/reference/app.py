"""The reference endpoint as an ASGI app."""

from __future__ import annotations

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError


def make_app(endpoint: Endpoint, *, latency: float = 0.0) -> Starlette:
    """The app; ``latency`` seconds are added before each reply."""

    async def chat(request: Request) -> Response:
        await asyncio.sleep(latency)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > endpoint.most_bytes:
                return endpoint.refuse(ApiError("The request is too large.", status=413))
        return await endpoint.chat(request.headers, bytes(body))

    async def models(request: Request) -> Response:
        return await endpoint.models(request.headers)

    async def unknown(request: Request) -> Response:
        path = f"{request.method} {request.url.path}"
        return endpoint.refuse(ApiError(f"Invalid URL ({path})", status=404, code="unknown_url"))

    return Starlette(
        routes=[
            Route("/v1/chat/completions", chat, methods=["POST"]),
            Route("/v1/models", models, methods=["GET"]),
            Route("/{path:path}", unknown, methods=["GET", "POST", "HEAD"]),
        ]
    )
