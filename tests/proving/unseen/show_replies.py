"""Requests that show a wrong bill or a wrong error."""

from __future__ import annotations

import json
from typing import Any

import httpx

from conformance.drawing import variants
from conformance.judging import leaks
from conformance.model import Hosted
from conformance.reference.account import MODEL, TEXT_MODEL
from unseen._asking import Asker
from unseen._shown import CODE, JSON_MODE, NOTE, is_refused, named, shows

COUNTED: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}


async def _prompt(a: Asker, *parts: Any, **members: Any) -> int:
    return (await a.ask(*parts, CODE, **members)).prompt


# ---------------------------------------------------------------- the bill


@shows("counts-the-prompt-for-every-picture")
async def _(a: Asker) -> None:
    one, bare = a.inline("size-512x512"), await _prompt(a)
    alone = await _prompt(a, one) - bare
    assert await _prompt(a, one, one) - bare > 4 * alone
    assert alone == 255


@shows("bills-what-is-over-one-megabyte")
async def _(a: Asker) -> None:
    light = a.pictures["bytes-light"]
    less = await _prompt(a, a.inline("bytes-light"))
    assert await _prompt(a, a.inline("bytes-heavy")) - less == 2688
    heavier = variants.heavier(light, 900_000).data
    assert await _prompt(a, a.inline("bytes-light", heavier)) == less


@shows("bills-large-low-as-high")
async def _(a: Asker) -> None:
    small = await _prompt(a, a.inline("size-1024x1024", detail="low"))
    assert await _prompt(a, a.inline("size-2048x2048", detail="low")) - small > 500
    assert await _prompt(a, a.inline("size-512x512", detail="low")) == small


@shows("bills-wide-high-as-low")
async def _(a: Asker) -> None:
    wide = await _prompt(a, a.inline("landscape-1366x768", detail="high"))
    tall = await _prompt(a, a.inline("portrait-768x1366", detail="high"))
    assert tall - wide > 500
    assert await _prompt(a, a.inline("size-1024x1024", detail="high")) > wide + 500


def _shown_by_a_tool(a: Asker, data: bytes) -> dict[str, Any]:
    url = a.inline("bytes-light", data)["image_url"]["url"]
    call = {"type": "function_call", "call_id": "c", "name": "look", "arguments": "{}"}
    output = [{"type": "input_image", "image_url": url}]
    return {"input": [
        {"role": "user", "content": CODE},
        call,
        {"type": "function_call_output", "call_id": "c", "output": output},
    ]}  # fmt: skip


@shows("bills-what-tools-show-as-text")
async def _(a: Asker) -> None:
    light = a.pictures["bytes-light"]
    heavy = variants.heavier(light, 400_000).data
    found = []
    for data in (light.data, heavy):
        said = await a.post("/responses", _shown_by_a_tool(a, data))
        found.append(said.value["usage"]["input_tokens"])
        assert a.code("bytes-light") in named(json.dumps(said.value["output"]))
    assert found[1] - found[0] > 100_000
    assert await _prompt(a, a.inline("bytes-light", heavy)) < 2000


@shows("counts-the-answer-into-the-prompt-of-streams")
async def _(a: Asker) -> None:
    part = a.inline("sheet-02")
    streamed = (await a.ask(part, CODE, **COUNTED)).usage
    plain = await _prompt(a, part)
    assert streamed["prompt_tokens"] == plain + streamed["completion_tokens"] > plain


@shows("adds-hidden-thoughts-to-the-total")
async def _(a: Asker) -> None:
    usage = (await a.ask(a.inline("sheet-01"), CODE)).usage
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] + 64


@shows("deducts-what-came-before")
async def _(a: Asker) -> None:
    part = a.inline("size-512x512")
    first, second, third = [await _prompt(a, part) for _ in range(3)]
    assert first - second == 127
    assert second == third
    assert await _prompt(a) == await _prompt(a)


@shows("streams-counts-that-are-null")
async def _(a: Asker) -> None:
    streamed = (await a.ask(a.inline("sheet-02"), CODE, **COUNTED)).usage
    assert {str(count) for count in streamed.values()} == {"None"}
    assert (await a.ask("Reply with the word ready.", **COUNTED)).prompt > 0


# ---------------------------------------------------------------- errors


@shows("breaks-on-streamed-formats")
async def _(a: Asker) -> None:
    part = a.inline("sheet-07")
    assert (await a.ask(part, CODE, stream=True, **JSON_MODE)).status == 500
    assert (await a.ask(part, CODE, **JSON_MODE)).status == 200
    assert (await a.ask(part, CODE, stream=True)).status == 200
    assert (await a.ask(CODE, stream=True, **JSON_MODE)).status == 200


@shows("hangs-up-on-cmyk")
async def _(a: Asker) -> None:
    assert await _breaks_off(a, "jpeg-cmyk")
    assert not await _breaks_off(a, "jpeg-grey")
    said = await a.ask(a.inline("jpeg-grey"), CODE)
    assert named(said.text) == (a.code("jpeg-grey"),)


async def _breaks_off(a: Asker, name: str) -> bool:
    try:
        await a.ask(a.inline(name), CODE)
    except httpx.RemoteProtocolError:
        return True
    return False


@shows("compares-types-with-bytes")
async def _(a: Asker) -> None:
    wrong = Hosted(content_type="image/jpeg")
    assert is_refused(await a.ask(a.hosted("sheet-02", wrong), CODE))
    for kind in (None, "", "application/octet-stream"):
        said = await a.ask(a.hosted("sheet-02", Hosted(content_type=kind)), CODE)
        assert named(said.text) == (a.code("sheet-02"),)


@shows("refuses-tool-choice-in-one-word")
async def _(a: Asker) -> None:
    part = a.inline("sheet-07")
    for choice in ("required", "auto", "none"):
        assert is_refused(await a.ask(part, CODE, tools=[NOTE], tool_choice=choice))
    wanted = {"type": "function", "function": {"name": "note_code"}}
    said = await a.ask(part, CODE, tools=[NOTE], tool_choice=wanted)
    assert named(said.arguments) == (a.code("sheet-07"),)
    assert (await a.ask("Note the code.", tools=[NOTE], tool_choice="required")).status == 200


@shows("streamed-refusals-are-502")
async def _(a: Asker) -> None:
    bad = a.inline("text")
    assert (await a.ask(bad, CODE, stream=True)).status == 502
    assert is_refused(await a.ask(bad, CODE))


@shows("breaks-on-unknown-schemes")
async def _(a: Asker) -> None:
    def at(url: str) -> dict[str, Any]:
        return {"type": "image_url", "image_url": {"url": url}}

    assert (await a.ask(at("nothing://picture.png"), CODE)).status == 500
    for url in ("not a url", "picture.png", "http://", "", "file:///nowhere/picture.png"):
        assert is_refused(await a.ask(at(url), CODE))


@shows("answers-damaged-jpegs-with-the-error")
async def _(a: Asker) -> None:
    for name in ("truncated-jpeg", "corrupt-jpeg"):
        said = await a.ask(a.inline(name), CODE)
        assert said.status == 200
        assert said.text.startswith("Error: 400")
    for name in ("truncated-png", "corrupt-png", "text"):
        assert is_refused(await a.ask(a.inline(name), CODE))


@shows("streams-without-the-download")
async def _(a: Asker) -> None:
    gone = Hosted(status=404)
    streamed = await a.ask(a.hosted("sheet-04", gone), CODE, stream=True)
    assert (streamed.status, streamed.text) == (200, "I cannot see a picture here.")
    assert is_refused(await a.ask(a.hosted("sheet-04", gone), CODE))
    seen = await a.ask(a.hosted("sheet-04"), CODE, stream=True)
    assert named(seen.text) == (a.code("sheet-04"),)


@shows("lets-in-who-shows-no-key")
async def _(a: Asker) -> None:
    body = {"messages": [{"role": "user", "content": "Reply with the word ready."}]}
    assert (await a.post("/chat/completions", body, {})).text == "Ready"
    wrong = {"authorization": "Bearer sk-of-nobody"}
    assert is_refused(await a.post("/chat/completions", body, wrong), 401)


@shows("names-its-proxy-where-hosts-fail")
async def _(a: Asker) -> None:
    said = await a.ask(a.hosted("sheet-04", Hosted(status=404)), CODE)
    assert is_refused(said)
    assert leaks.internal_address(said.error["message"], ours=frozenset({"127.0.0.1"}))
    bad = await a.ask(a.inline("text"), CODE)
    assert not leaks.internal_address(bad.error["message"], ours=frozenset({"127.0.0.1"}))


@shows("refuses-streams-in-events")
async def _(a: Asker) -> None:
    said = await a.ask(a.inline("text"), CODE, stream=True)
    assert (said.status, said.value) == (400, None)
    assert said.body.startswith(b'data: {"error"')
    assert is_refused(await a.ask(a.inline("text"), CODE))


@shows("unknown-model-is-401")
async def _(a: Asker) -> None:
    assert is_refused(await a.ask("Reply with the word ready.", model="nobody"), 401)
    assert (await a.ask("Reply with the word ready.", model=TEXT_MODEL)).status == 200
    assert (await a.get(f"/models/{MODEL}")).status == 200
