"""An OpenAI-compatible endpoint whose model is an OCR program, to test the suite on.

    OCR_KEY=sk-secret .venv-ocr/bin/python tests/ocr/server.py

`make ocr` installs it and runs the suite through it. Its looking was made by others
(RapidOCR, with the models in its wheel), so nothing of it was tuned to the pictures of the suite.
It is a correct endpoint in front of a model that can do little: whatever is a failure in the
suite's report about it is a defect of the suite.

What it does:

- Asked anything about pictures, it answers with the lines of text that it reads in all pictures of
  the conversation, in their order; "(no text)" for a picture in which it reads none.
- Asked without a picture it says "Ready." if the last text has that word in it, and otherwise
  "I can only read pictures.". It cannot count, name colours, find places, repeat words, call
  tools, fill schemas, or write at length. `response_format` and `tools` are overlooked; a
  `tool_choice` that demands a call, and `logprobs`, are refused.
- A prompt costs a token for each word and each message, and 85 for each picture; an answer a token
  for each word.
- Pictures: PNG, JPEG, WebP and GIF (its first frame) up to 20 MiB, in data URLs or at http URLs on
  loopback, in messages of the user. Anything else is refused with an error object.

The first line that it prints is its base URL; by then it is ready.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import json
import os
import socket
import time
from collections.abc import Sequence

import uvicorn
from answer import answer, events, reply
from download import picture_bytes
from eyes import Eyes, UnreadableError
from question import MODEL, Question, Seen, question
from refusal import Refusal
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

#: Bytes of a body: a few pictures of the largest size.
MOST_BYTES = 64 * 2**20
STARTED = int(time.time())
CARD = {"id": MODEL, "object": "model", "created": STARTED, "owned_by": "tests"}


class Endpoint:
    """The routes. The key is the only one that is let in."""

    def __init__(self, key: str, eyes: Eyes) -> None:
        self._key = key
        self._eyes = eyes

    def app(self) -> Starlette:
        """The ASGI application."""
        routes = [
            Route("/v1/chat/completions", self.chat, methods=["POST"]),
            Route("/v1/models", self.models),
            Route("/v1/models/{name}", self.model),
        ]
        handlers = {Refusal: _refused, HTTPException: _no_route, Exception: _broken}
        return Starlette(routes=routes, exception_handlers=handlers)

    async def chat(self, request: Request) -> Response:
        self._let_in(request)
        asked = question(_json(await _body(request)))
        lines = await asyncio.gather(*(self._lines(picture) for picture in asked.pictures))
        return _reply(asked, lines)

    async def models(self, request: Request) -> Response:
        self._let_in(request)
        return _response({"object": "list", "data": [CARD]})

    async def model(self, request: Request) -> Response:
        self._let_in(request)
        name = request.path_params["name"]
        if name != MODEL:
            message = f"The model '{name}' does not exist."
            raise Refusal(message, "model", "model_not_found", status=404)
        return _response(CARD)

    def _let_in(self, request: Request) -> None:
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        sent = key.strip() if kind.lower() == "bearer" else ""
        if not hmac.compare_digest(sent.encode(), self._key.encode()):
            message = "Incorrect API key provided." if sent else "You didn't provide an API key."
            raise Refusal(message, None, "invalid_api_key", status=401)

    async def _lines(self, picture: Seen) -> Sequence[str]:
        data = await picture_bytes(picture)
        try:
            return await self._eyes.lines(data)
        except UnreadableError as error:
            message = f"The image of '{picture.path}' {error}."
            raise Refusal(message, picture.path, "invalid_image_format") from error


async def _body(request: Request) -> bytes:
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > MOST_BYTES:
            message = f"The body of the request is larger than {MOST_BYTES} bytes."
            raise Refusal(message, None, "request_too_large", status=413)
    return bytes(data)


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise Refusal("The body of the request is no valid JSON.", None, "invalid_json") from None


# ---------------------------------------------------------------- replies


def _reply(asked: Question, lines: Sequence[Sequence[str]]) -> Response:
    said = answer(asked, lines)
    if asked.stream:
        return StreamingResponse(events(asked, said), media_type="text/event-stream")
    return _response(reply(asked, said))


def _response(body: object, status: int = 200) -> Response:
    # Escaped to ASCII: a lone surrogate of the request may come back in an error's message.
    return Response(json.dumps(body), status, media_type="application/json")


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return _response(refusal.body(), refusal.status)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = f"Invalid URL ({request.method} {request.url.path}): {error.detail}."
    return _response(Refusal(message).body(), error.status_code)


async def _broken(_: Request, __: Exception) -> Response:
    refusal = Refusal("The server had an error.", type="server_error", status=500)
    return _response(refusal.body(), refusal.status)


def main() -> None:
    """Serves until it is ended."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    options = parser.parse_args()
    app = Endpoint(os.environ["OCR_KEY"], Eyes()).app()
    with socket.create_server(("127.0.0.1", options.port)) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}/v1", flush=True)
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
