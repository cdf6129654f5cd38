"""The reference endpoint, step by step. A fault replaces one step; see ``faults``.

What it hears, sees and answers has a file each; here are its doors.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import ClassVar

import httpx
from starlette.responses import Response

from conformance.model import Json
from conformance.reference.account import KEY, MODEL, TEXT_MODEL
from conformance.reference.addresses import Downloader, origin_of
from conformance.reference.answering import Answers
from conformance.reference.dialects import Dialect, as_bearer
from conformance.reference.failure import ApiError
from conformance.reference.hearing import Hears
from conformance.reference.voice import VARIED
from conformance.tokens.rules import rule_named
from conformance.wire.jsontext import NotJson, at
from conformance.wire.jsontext import parse as parse_json

__all__ = ["KEY", "MODEL", "TEXT_MODEL", "Endpoint"]


class Endpoint(Hears, Answers):
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
        self.rule = rule
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
