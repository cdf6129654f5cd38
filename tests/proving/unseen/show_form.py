"""Requests that show a reply which says nothing, ends wrongly, has a wrong form or misleads."""

from __future__ import annotations

import json

from conformance.reference.account import MODEL
from unseen._asking import Asker
from unseen._shown import CODE, JSON_MODE, NOTE, is_refused, named, shows


@shows("answers-animations-with-nothing")
async def _(a: Asker) -> None:
    said = await a.ask(a.inline("gif-animated"), CODE)
    assert (said.status, said.text) == (200, "")
    assert named((await a.ask(a.inline("gif-still"), CODE)).text) == (a.code("gif-still"),)


@shows("answers-offered-tools-with-nothing")
async def _(a: Asker) -> None:
    part = a.inline("sheet-07")
    for choice in ({}, {"tool_choice": "auto"}):
        said = await a.ask(part, CODE, tools=[NOTE], **choice)
        assert (said.status, said.text, said.arguments) == (200, "", "")
    said = await a.ask(part, CODE, tools=[NOTE], tool_choice="none")
    assert named(said.text) == (a.code("sheet-07"),)
    assert (await a.ask("Reply with the word ready.", tools=[NOTE])).text == "Ready"


@shows("says-done-before-the-last-chunk")
async def _(a: Asker) -> None:
    said = await a.ask(a.inline("sheet-02"), CODE, stream=True)
    events = [line for line in said.body.decode().splitlines() if line]
    assert events[-2] == "data: [DONE]"
    assert '"finish_reason": "stop"' in events[-1]
    assert named(said.text) == (a.code("sheet-02"),)


@shows("dates-chunks-in-fractions")
async def _(a: Asker) -> None:
    said = await a.ask(a.inline("sheet-02"), CODE, stream=True)
    assert all(chunk["created"] % 1 == 0.25 for chunk in said.chunks)
    plain = await a.ask(a.inline("sheet-02"), CODE)
    assert isinstance(plain.value["created"], int)


@shows("sends-errors-as-plain-text")
async def _(a: Asker) -> None:
    said = await a.post("/chat/completions", {})
    assert is_refused(said)
    assert said.kind.startswith("text/plain")
    assert (await a.ask("Reply with the word ready.")).kind == "application/json"


@shows("fences-json-beside-pictures")
async def _(a: Asker) -> None:
    part = a.inline("sheet-07")
    said = await a.ask(part, CODE, **JSON_MODE)
    assert said.text.startswith("```json\n{")
    assert json.loads((await a.ask(CODE, **JSON_MODE)).text)
    assert "```" not in (await a.ask(part, CODE)).text


@shows("looks-up-its-model-as-text-only")
async def _(a: Asker) -> None:
    told = (await a.get(f"/models/{MODEL}")).value
    assert told.get("supports_vision") is False
    listed = (await a.get("/models")).value["data"]
    assert all("supports_vision" not in entry for entry in listed)
