"""How the reference endpoint answers: what it thinks, in words, its bill, and the reply as sent."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence

from starlette.responses import JSONResponse, Response, StreamingResponse

from conformance.model import Json
from conformance.reference import reply
from conformance.reference.conversation import Conversation, Look, looks
from conformance.reference.failure import ApiError
from conformance.reference.mind import Thought, think
from conformance.reference.voice import speak
from conformance.tokens.rules import Rule
from conformance.wire.jsontext import items_at


class Answers:
    """The steps of an answer, from the conversation to the bytes of a reply."""

    model: str
    rule: Rule
    style: str

    # ------------------------------------------------------------ the answer

    async def answer(self, body: dict[str, Json], conversation: Conversation) -> Response:
        thought = self.think(conversation)
        text = self.phrase(thought, body)
        usage = self.usage(conversation, body)
        made = reply.complete(body, thought, text, usage, self.served(body))
        made = self.finish(made, body)
        if body.get("stream"):
            return self.stream(self.chunks(made, body))
        return self.write(made)

    def served(self, body: dict[str, Json]) -> str:
        """The name of the model that a reply gives."""
        return body.get("model") or self.model

    def think(self, conversation: Conversation) -> Thought:
        return think(conversation)

    def phrase(self, thought: Thought, body: dict[str, Json]) -> str:
        return reply.formatted(speak(thought, self.style, _mood(body, thought)), body)

    def usage(self, conversation: Conversation, body: dict[str, Json]) -> dict[str, Json]:
        """Prompt tokens so far; the reply adds its own."""
        return reply.prompt_usage(self.text_tokens(conversation), self.bill(conversation))

    def text_tokens(self, conversation: Conversation) -> int:
        return 3 + sum(3 + -(-len(said.words.encode()) // 4) for said in conversation)

    def bill(self, conversation: Conversation) -> int:
        return sum(self.price(look) for look in looks(conversation))

    def price(self, look: Look) -> int:
        return self.rule.cost(look.width, look.height, look.detail, look.size)

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        """The last look at a reply before it is written."""
        return made

    # ------------------------------------------------------------ the wire

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        return reply.chunks(made, body)

    def write(self, value: Json, status: int = 200) -> Response:
        headers = {"x-request-id": f"req_{secrets.token_hex(8)}", "openai-version": "2020-10-01"}
        return JSONResponse(value, status, headers)

    def stream(self, chunks: Sequence[Json]) -> Response:
        return StreamingResponse(
            self.events(chunks),
            media_type="text/event-stream",
            headers={"cache-control": "no-cache"},
        )

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        for chunk in chunks:
            yield f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"
        yield "data: [DONE]\n\n"

    def refuse(self, error: ApiError) -> Response:
        return self.write(error.body(), error.status)


def _mood(body: Json, thought: Thought) -> bytes:
    """What the style goes by: the same for the same question and answer, run after run."""
    return json.dumps([thought.codes, body.get("stream"), len(items_at(body, "messages"))]).encode()
