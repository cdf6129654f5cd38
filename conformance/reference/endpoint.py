"""The reference endpoint, step by step. A fault replaces one step; see ``faults``."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

import httpx
from PIL import Image
from starlette.responses import JSONResponse, Response, StreamingResponse

from conformance.model import Json
from conformance.reference import known, reply
from conformance.reference.account import KEY, MODEL, TEXT_MODEL
from conformance.reference.addresses import Downloader, Loaded, from_data_url, origin_of
from conformance.reference.conversation import Conversation, Item, Look, Said, looks
from conformance.reference.dialects import Dialect, as_bearer
from conformance.reference.eyes.decode import PictureError, open_picture
from conformance.reference.eyes.looking import Sight
from conformance.reference.failure import ApiError
from conformance.reference.mind import Thought, think
from conformance.reference.voice import VARIED, speak
from conformance.tokens.rules import Patches, Rule, fit, rule_named, tile_size
from conformance.wire import contract
from conformance.wire.jsontext import NotJson, at, items_at
from conformance.wire.jsontext import parse as parse_json


class Endpoint:
    """Behaves as the official API documents, and really looks at the pictures it is sent."""

    #: Longest body that is read, in bytes.
    most_bytes: ClassVar[int] = 64 * 1024 * 1024
    downloader_kind: ClassVar[type[Downloader]] = Downloader

    def __init__(
        self,
        *,
        model: str = MODEL,
        key: str = KEY,
        style: str = VARIED,
        downloads: httpx.AsyncBaseTransport | None = None,
        pictures_from: Collection[str] = (),
    ) -> None:
        rule = rule_named(model)
        if rule is None:
            raise ValueError(f"the reference endpoint has no token rule for {model!r}")
        self.model = model
        self.rule: Rule = rule
        self.key = key
        self.style = style
        self.downloader = self.downloader_kind(downloads)
        if pictures_from:
            self.downloader.origins = frozenset(map(origin_of, pictures_from))

    async def close(self) -> None:
        await self.downloader.close()

    # ------------------------------------------------------------ the doors

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        """One chat completion, from request bytes to response."""
        try:
            self.authenticate(headers)
            body = self.parse(raw)
            self.validate(body)
            conversation = await self.gather(body)
            return await self.answer(body, conversation)
        except ApiError as error:
            return self.refuse(error)

    async def models(self, headers: Mapping[str, str]) -> Response:
        """The list of models: the one it plays."""
        try:
            self.authenticate(headers)
        except ApiError as error:
            return self.refuse(error)
        return self.write({"object": "list", "data": self.list_models()})

    async def one_model(self, headers: Mapping[str, str], name: str) -> Response:
        """What is told of one model."""
        try:
            self.authenticate(headers)
            self.verify_model(name)
        except ApiError as error:
            return self.refuse(error)
        return self.write(self.describe_named(name))

    async def speak(self, dialect: Dialect, headers: Mapping[str, str], raw: bytes) -> Response:
        """A request in another dialect: asked as a chat completion, and answered as it came."""
        body = parse_json(raw)
        try:
            if not isinstance(body, dict):
                raise ApiError("We could not parse the JSON body of your request.")
            asked = json.dumps(self.translate(dialect, body)).encode()
        except ApiError as error:
            return self.write(dialect.refuse(error.status, error.body()), error.status)
        answered = await self.chat(as_bearer(headers), asked)
        made = parse_json(getattr(answered, "body", b""))
        if isinstance(made, NotJson):
            return answered
        if answered.status_code != 200 or at(made, "error") is not None:
            return self.write(dialect.refuse(answered.status_code, made), answered.status_code)
        return self.write(self.translate_back(dialect, made))

    def translate(self, dialect: Dialect, body: Mapping[str, Json]) -> dict[str, Json]:
        return dialect.read(body)

    def translate_back(self, dialect: Dialect, made: Json) -> Json:
        return dialect.write(made)

    def list_models(self) -> list[Json]:
        """Both models that it plays."""
        return [self.describe_model(), self.describe_named(TEXT_MODEL)]

    def describe_model(self) -> Json:
        return self.describe_named(self.model)

    def describe_named(self, name: str) -> Json:
        return {"id": name, "object": "model", "created": 1700000000, "owned_by": "reference"}

    # ------------------------------------------------------------ the request

    def authenticate(self, headers: Mapping[str, str]) -> None:
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        shown = shown.strip() if scheme.lower() == "bearer" else headers.get("api-key", "")
        if not shown:
            raise ApiError(
                "You didn't provide an API key. You need to provide your API key in an "
                "Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
                status=401,
            )
        if not secrets.compare_digest(shown.encode(), self.key.encode()):
            raise ApiError(
                "Incorrect API key provided. You can find your API key in your account settings.",
                status=401,
                code="invalid_api_key",
            )

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = parse_json(raw)
        if isinstance(body, NotJson) or not isinstance(body, dict):
            raise ApiError(
                "We could not parse the JSON body of your request. The API expects a JSON payload, "
                "but what was sent was not valid JSON."
            )
        return body

    def validate(self, body: dict[str, Json]) -> None:
        problem = known.problem(body)
        if problem is not None:
            raise self.reject(problem)
        self.verify_model(body["model"])
        if body["model"] == TEXT_MODEL:
            self.verify_text_only(body)

    def verify_model(self, name: str) -> None:
        if name not in (self.model, TEXT_MODEL):
            raise ApiError(
                f"The model '{name}' does not exist or you do not have access to it.",
                status=404,
                code="model_not_found",
            )

    def verify_text_only(self, body: dict[str, Json]) -> None:
        """Raises the refusal that the official API has for a picture to a model without eyes."""
        for i, message in enumerate(items_at(body, "messages")):
            for j, part in enumerate(items_at(message, "content")):
                if at(part, "type") == "image_url":
                    raise ApiError(
                        "Invalid content type. image_url is only supported by certain models.",
                        param=f"messages.[{i}].content.[{j}].type",
                    )

    def reject(self, problem: contract.Problem) -> ApiError:
        code = "missing_required_parameter" if problem.keyword == "required" else "invalid_value"
        if problem.keyword == "type":
            code = "invalid_type"
        return ApiError(
            f"Invalid '{problem.path}': {problem.message}.", param=problem.path, code=code
        )

    # ------------------------------------------------------------ the pictures

    async def gather(self, body: dict[str, Json]) -> Conversation:
        """Every message with its pictures looked at."""
        messages = items_at(body, "messages")
        return tuple([await self.hear(m, f"messages[{i}]") for i, m in enumerate(messages)])

    async def hear(self, message: Json, path: str) -> Said:
        content = at(message, "content")
        parts = content if isinstance(content, list) else [{"type": "text", "text": content or ""}]
        takes = [self.take(part, f"{path}.content[{i}]") for i, part in enumerate(parts)]
        items = await asyncio.gather(*takes)
        return Said(role=message["role"], items=tuple(i for i in items if i is not None))

    async def take(self, part: Json, path: str) -> Item | None:
        """One content part: its words, or its picture looked at; None leaves it out."""
        if part.get("type") == "text":
            return str(part["text"])
        if part.get("type") != "image_url":
            return None
        image = part["image_url"]
        loaded = await self.load(image["url"], f"{path}.image_url.url")
        return await self.look(loaded, self.detail_of(image))

    def detail_of(self, image: Mapping[str, Json]) -> str:
        return image.get("detail") or "auto"

    async def load(self, url: str, path: str) -> Loaded:
        if url[:5].lower() == "data:":
            return from_data_url(url, path)
        return await self.downloader.get(url, path)

    async def look(self, loaded: Loaded, detail: str) -> Look:
        try:
            seen = await self.seen_in(loaded.data, detail)
        except PictureError as error:
            raise self.unreadable(error) from None
        sight, (width, height) = seen
        return Look(
            sight=sight,
            width=width,
            height=height,
            size=len(loaded.data),
            detail=detail,
            source=loaded.source,
        )

    def unreadable(self, error: PictureError) -> ApiError:
        return ApiError(
            "You uploaded an unsupported image. Please make sure your image is valid and has one "
            f"of the following formats: ['png', 'jpeg', 'gif', 'webp']. ({error})",
            code="invalid_image_format",
        )

    async def seen_in(self, data: bytes, detail: str) -> tuple[Sight, tuple[int, int]]:
        """As ``look_at``, in a thread unless these bytes were looked at before."""
        if known.is_looked_at((data, detail, _eyes_of(type(self)), self.rule.name)):
            return self.look_at(data, detail)
        return await asyncio.to_thread(self.look_at, data, detail)

    def look_at(self, data: bytes, detail: str) -> tuple[Sight, tuple[int, int]]:
        """What is seen in the bytes, and the size they decode to; raises PictureError."""
        return _look_at(data, detail, _eyes_of(type(self)), self.rule.name)

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        return open_picture(data)

    @classmethod
    def shrink(cls, image: Image.Image, detail: str, rule: Rule) -> Image.Image:
        """The image as the model gets it: reduced as the rule says, never enlarged."""
        size = _model_size(image.size, detail, rule)
        return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)

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


def _eyes_of(kind: Any) -> Any:
    """The class whose looks a class shares: a fault that touches no pixel sees what we see."""
    steps = ("decode", "shrink")
    ours = all(getattr(kind, s).__func__ is getattr(Endpoint, s).__func__ for s in steps)
    return Endpoint if ours else kind


@lru_cache(maxsize=512)
def _look_at(data: bytes, detail: str, kind: Any, rule_name: str) -> tuple[Sight, tuple[int, int]]:
    rule = rule_named(rule_name)
    assert rule is not None
    image = kind.decode(data)
    return known.sight(kind.shrink(image, detail, rule)), image.size


def _model_size(size: tuple[int, int], detail: str, rule: Rule) -> tuple[int, int]:
    if isinstance(rule, Patches):
        limit = {"low": rule.low, "high": rule.high}.get(detail, rule.auto)
        return fit(*size, limit.side)
    return fit(*size, 512) if detail == "low" else tile_size(*size)


def _mood(body: Json, thought: Thought) -> bytes:
    """What the style goes by: the same for the same question and answer, run after run."""
    return json.dumps([thought.codes, body.get("stream"), len(items_at(body, "messages"))]).encode()
