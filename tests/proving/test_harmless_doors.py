"""Endpoints that lack tools, schemas or other dialects, or have them otherwise, are not accused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from starlette.responses import HTMLResponse, Response

from conformance.model import Ability, Case, Json, Verdict
from conformance.proving.rehearsal import TARGET
from conformance.reference.account import TEXT_MODEL
from conformance.reference.dialects import COUNT_TOKENS, MESSAGES, Dialect
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.mind import Thought
from conformance.wire.jsontext import at, items_at

AREAS = ("tools", "models", "dialects")


class _Without(Endpoint):
    """Refuses a member of the request, pictures or not."""

    member = ""

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        if self.member in body:
            raise ApiError(f"Unsupported parameter: {self.member}.", param=self.member)


class HasNoTools(_Without):
    """Tools refused: the server was started without a parser for them."""

    member = "tools"


class HasNoFormats(_Without):
    """Formats refused."""

    member = "response_format"


class OverlooksTools(Endpoint):
    """Tools and formats overlooked, pictures or not: a small server."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        known = {"model", "messages", "stream", "max_tokens", "max_completion_tokens"}
        return {name: value for name, value in super().parse(raw).items() if name in known}


class CallsWhatIsOffered(Endpoint):
    """A tool that is offered is called, with what the picture shows."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        offered = items_at(body, "tools") and body.get("tool_choice", "auto") == "auto"
        said = made["choices"][0]["message"]["content"]
        if not offered or at(body, "tools", 0, "function", "name") != "note_code":
            return made
        function = {"name": "note_code", "arguments": json.dumps({"code": said})}
        call = {"id": "call_1", "type": "function", "function": function}
        message = made["choices"][0]["message"] | {"content": None, "tool_calls": [call]}
        choice = made["choices"][0] | {"message": message, "finish_reason": "tool_calls"}
        return made | {"choices": [choice]}


class FencesJson(Endpoint):
    """JSON in a Markdown code block, always: the format is a wish."""

    def phrase(self, thought: Thought, body: dict[str, Json]) -> str:
        text = super().phrase(thought, body)
        return f"```json\n{text}\n```" if body.get("response_format") else text


class SpeaksChatAlone(Endpoint):
    """No other dialect, and no model to look up: 404."""

    async def speak(self, dialect: Dialect, headers: Mapping[str, str], raw: bytes) -> Response:
        return self.refuse(ApiError("Not found", status=404))

    async def one_model(self, headers: Mapping[str, str], name: str) -> Response:
        return self.refuse(ApiError("Not found", status=404))


class HasAPageForEverything(SpeaksChatAlone):
    """A page of HTML with status 200 under every other path, as a web interface has."""

    async def speak(self, dialect: Dialect, headers: Mapping[str, str], raw: bytes) -> Response:
        return HTMLResponse("<html><body>Welcome</body></html>")

    async def one_model(self, headers: Mapping[str, str], name: str) -> Response:
        return HTMLResponse("<html><body>Welcome</body></html>")


class WantsItsOwnHeader(Endpoint):
    """The key in x-api-key alone at /messages."""

    async def speak(self, dialect: Dialect, headers: Mapping[str, str], raw: bytes) -> Response:
        shown = {k: v for k, v in headers.items() if k != "authorization"}
        own = dialect in (MESSAGES, COUNT_TOKENS)
        return await super().speak(dialect, shown if own else headers, raw)


class CountsNothingElsewhere(Endpoint):
    """No usage in other dialects."""

    def translate_back(self, dialect: Dialect, made: Json) -> Json:
        return dialect.write({k: v for k, v in made.items() if k != "usage"})


class TakesBase64AloneElsewhere(Endpoint):
    """Pictures at URLs refused in other dialects, and those in results of tools."""

    def translate(self, dialect: Dialect, body: Mapping[str, Json]) -> dict[str, Json]:
        if any(word in json.dumps(body) for word in ('"http', "tool_result", "call_output")):
            raise ApiError("Only base64 pictures in messages of the user are supported.")
        return super().translate(dialect, body)


class RefusesAsARouterDoes(Endpoint):
    """404 for a picture to a text model: no route takes it. Error objects without type."""

    def verify_text_only(self, body: dict[str, Json]) -> None:
        try:
            super().verify_text_only(body)
        except ApiError:
            raise ApiError("No endpoints found that support image input", status=404) from None


class RefusesInsideTheStream(Endpoint):
    """A stream of status 200 with nothing but the error, where a text model gets a picture."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        response = await super().chat(headers, raw)
        if response.status_code != 400 or not self.parse(raw).get("stream"):
            return response
        return self.stream([json.loads(bytes(response.body))])


class DescribesPictures(Endpoint):
    """A text model that is told by another one what the picture shows, and is right."""

    def verify_text_only(self, body: dict[str, Json]) -> None:
        """Every picture is described."""


class NamesItsModelsOtherwise(Endpoint):
    """Providers before the names, dates behind them, and capital letters."""

    def served(self, body: dict[str, Json]) -> str:
        return f"OpenAI/{super().served(body).upper()}-2024-08-06"

    def describe_named(self, name: str) -> Json:
        told = {"architecture": {"input_modalities": ["text", "image"]}, "vision": None}
        return super().describe_named(name) | {"id": f"openai/{name}-2024-08-06"} | told


class ListsNothing(Endpoint):
    """An empty list of models."""

    def list_models(self) -> list[Json]:
        return []


class ListsAPattern(Endpoint):
    """A list of models that is a pattern: whatever the provider has."""

    def list_models(self) -> list[Json]:
        return [self.describe_named("openai/*")]


class HasAnAlias(Endpoint):
    """A name of the house in every reply."""

    def served(self, body: dict[str, Json]) -> str:
        return "house-model-v2" if body.get("model") != TEXT_MODEL else TEXT_MODEL


VARIANTS: tuple[type[Endpoint], ...] = (
    HasNoTools, HasNoFormats, OverlooksTools, CallsWhatIsOffered, FencesJson, SpeaksChatAlone,
    HasAPageForEverything, WantsItsOwnHeader, CountsNothingElsewhere, TakesBase64AloneElsewhere,
    RefusesAsARouterDoes, RefusesInsideTheStream, DescribesPictures, NamesItsModelsOtherwise,
    ListsNothing, ListsAPattern, HasAnAlias,
)  # fmt: skip


#: What some do not do with words alone either: it is told as something the model cannot do.
UNABLE: dict[type[Endpoint], set[Ability]] = {
    OverlooksTools: {Ability.TOOL, Ability.FORM},
    FencesJson: {Ability.FORM},
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", VARIANTS, ids=lambda kind: kind.__name__)
def test_nothing_is_held_against(kind: type[Endpoint], run: Any, every_case: list[Case]) -> None:
    checks = {c.check.id for c in every_case if c.check.area in AREAS}
    # Nobody vouches for their models: what these can do is found out.
    findings = run(kind, checks, replace(TARGET, vouched=frozenset()))
    wanted = {Verdict.PASSED, Verdict.NOT_APPLICABLE}
    unlike = [f for f in findings if f.verdict not in wanted]
    told = "\n".join(f"{f.case.id}: {f.verdict}, {f.actual}" for f in unlike)
    assert {f.verdict for f in unlike} <= {Verdict.UNOBSERVED}, told
    assert {f.ability for f in unlike} == UNABLE.get(kind, set()), told
