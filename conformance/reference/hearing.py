"""How the reference endpoint hears a request: from its bytes to the conversation they hold."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping

from conformance.model import Json
from conformance.reference import known
from conformance.reference.account import TEXT_MODEL
from conformance.reference.addresses import Downloader, Loaded, from_data_url
from conformance.reference.conversation import Conversation, Item, Said
from conformance.reference.failure import ApiError
from conformance.reference.seeing import Sees
from conformance.wire import contract
from conformance.wire.jsontext import NotJson, at, items_at
from conformance.wire.jsontext import parse as parse_json


class Hears(Sees):
    """The steps of a request: who asks, whether it is one, and what is said and shown in it."""

    model: str
    key: str
    downloader: Downloader

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

    # ------------------------------------------------------------ the conversation

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
