"""The reference endpoint as users of the official ``openai`` client meet it.

The client validates strictly here: it raises where a reply does not fit its own types.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from conformance.asking import prompts
from conformance.drawing.corpus import Corpus
from conformance.host.server import HostServer
from conformance.model import Hosted, Picture
from conformance.reference.account import KEY, MODEL
from conformance.tokens.rules import rule_named

openai = pytest.importorskip("openai", reason="the official client is missing: pip install openai")

Part = dict[str, Any]


# ---------------------------------------------------------------- how users write it


def data_url(picture: Picture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"


def image(url: str, **more: str) -> Part:
    return {"type": "image_url", "image_url": {"url": url, **more}}


def user(*parts: Part | str) -> list[Any]:
    content = [{"type": "text", "text": p} if isinstance(p, str) else p for p in parts]
    return [{"role": "user", "content": content}]


@contextmanager
def hosted(server: HostServer, picture: Picture, **behaviour: Any) -> Iterator[str]:
    """A picture at a real URL; on leaving, it must have been fetched."""
    placed = server.host.place(picture, Hosted(**behaviour))
    yield placed.url
    assert server.host.fetches(placed.token)
    server.host.forget(placed.token)


def options(base_url: str, **changed: Any) -> dict[str, Any]:
    given = {"base_url": base_url, "api_key": KEY, "max_retries": 0, "timeout": 20}
    return given | {"_strict_response_validation": True} | changed


@pytest.fixture
def client(base_url: str) -> Iterator[Any]:
    http = openai.DefaultHttpxClient(trust_env=False)
    with openai.OpenAI(**options(base_url, http_client=http)) as made:
        yield made


def ask(client: Any, *parts: Part | str, **more: Any) -> Any:
    return client.chat.completions.create(model=MODEL, messages=user(*parts), **more)


# ---------------------------------------------------------------- pictures


def test_a_data_url_is_read(client: Any, pictures: Corpus) -> None:
    picture = pictures["sheet-01"]
    reply = ask(client, prompts.CODE, image(data_url(picture)))
    choice = reply.choices[0]
    assert choice.message.content == picture.facts.code
    assert (choice.message.role, choice.finish_reason) == ("assistant", "stop")
    assert reply.id.startswith("chatcmpl-")
    assert reply._request_id


def test_a_url_is_read_and_really_fetched(
    client: Any, pictures: Corpus, picture_host: HostServer
) -> None:
    picture = pictures["sheet-02"]
    with hosted(picture_host, picture) as url:
        assert (
            ask(client, prompts.CODE, image(url)).choices[0].message.content == picture.facts.code
        )


def test_several_pictures_are_read_in_order(
    client: Any, pictures: Corpus, picture_host: HostServer
) -> None:
    first, second, third = (pictures[f"sheet-{n:02}"] for n in (3, 4, 5))
    with hosted(picture_host, second) as url:
        reply = ask(
            client, image(data_url(first)), image(url), image(data_url(third)), prompts.CODES
        )
    wanted = [p.facts.code for p in (first, second, third)]
    assert reply.choices[0].message.content.split() == wanted


@pytest.mark.parametrize("detail", ["low", "high", "auto"])
def test_usage_counts_by_detail(client: Any, pictures: Corpus, detail: str) -> None:
    """Two pictures cost twice what the published rule says; the text costs the same."""
    picture, rule = pictures["size-1024x1024"], rule_named(MODEL)
    assert rule is not None
    part = image(data_url(picture), detail=detail)
    one = ask(client, prompts.CODE, part).usage
    two = ask(client, prompts.CODE, part, part).usage
    price = rule.cost(1024, 1024, detail)
    assert two.prompt_tokens - one.prompt_tokens == price
    assert one.prompt_tokens_details.image_tokens == price
    assert one.total_tokens == one.prompt_tokens + one.completion_tokens


def test_low_is_cheaper_than_high(client: Any, pictures: Corpus) -> None:
    url = data_url(pictures["size-1024x1024"])
    low, high = (
        ask(client, prompts.CODE, image(url, detail=d)).usage.prompt_tokens for d in ("low", "high")
    )
    assert low < high


# ---------------------------------------------------------------- streams


def test_a_stream_adds_up_to_the_code(client: Any, pictures: Corpus) -> None:
    picture = pictures["sheet-06"]
    chunks = list(ask(client, prompts.CODE, image(data_url(picture)), stream=True))
    words = "".join(c.choices[0].delta.content or "" for c in chunks)
    assert words == picture.facts.code
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [c.choices[0].finish_reason for c in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert {c.usage for c in chunks} == {None}


def test_a_stream_tells_usage_when_asked(client: Any, pictures: Corpus) -> None:
    part = image(data_url(pictures["sheet-06"]))
    plain = ask(client, prompts.CODE, part).usage
    asked = {"stream": True, "stream_options": {"include_usage": True}}
    *_, last = ask(client, prompts.CODE, part, **asked)
    assert last.choices == []
    assert last.usage.prompt_tokens == plain.prompt_tokens
    assert last.usage.prompt_tokens_details.image_tokens > 0


def test_the_stream_helper_gathers_the_completion(client: Any, pictures: Corpus) -> None:
    picture = pictures["sheet-07"]
    messages = user(prompts.CODE, image(data_url(picture)))
    with client.chat.completions.stream(model=MODEL, messages=messages) as stream:
        completion = stream.get_final_completion()
    assert completion.choices[0].message.content == picture.facts.code


# ---------------------------------------------------------------- tools and formats

CODE_SCHEMA = {
    "type": "object",
    "properties": {"code": {"type": "string"}},
    "required": ["code"],
    "additionalProperties": False,
}


def test_a_tool_is_called_with_what_is_seen(client: Any, pictures: Corpus) -> None:
    picture = pictures["sheet-08"]
    tool = {"type": "function", "function": {"name": "report", "parameters": CODE_SCHEMA}}
    reply = ask(
        client,
        prompts.CODE,
        image(data_url(picture)),
        tools=[tool],
        tool_choice={"type": "function", "function": {"name": "report"}},
    )
    [call] = reply.choices[0].message.tool_calls
    assert call.function.name == "report"
    assert json.loads(call.function.arguments) == {"code": picture.facts.code}
    assert reply.choices[0].message.content is None


def test_a_required_tool_ends_with_tool_calls(client: Any, pictures: Corpus) -> None:
    tool = {"type": "function", "function": {"name": "report", "parameters": CODE_SCHEMA}}
    part = image(data_url(pictures["sheet-08"]))
    reply = ask(client, prompts.CODE, part, tools=[tool], tool_choice="required")
    assert reply.choices[0].finish_reason == "tool_calls"


@pytest.mark.parametrize(
    "response_format",
    [
        {"type": "json_object"},
        {
            "type": "json_schema",
            "json_schema": {"name": "found", "strict": True, "schema": CODE_SCHEMA},
        },
    ],
    ids=["json_object", "json_schema"],
)
def test_a_response_format_is_kept(
    client: Any, pictures: Corpus, response_format: dict[str, Any]
) -> None:
    picture = pictures["sheet-09"]
    part = image(data_url(picture))
    reply = ask(client, f"{prompts.CODE} Answer as JSON.", part, response_format=response_format)
    assert json.loads(reply.choices[0].message.content) == {"code": picture.facts.code}


# ---------------------------------------------------------------- models and errors


def test_models_are_listed(client: Any) -> None:
    assert MODEL in [m.id for m in client.models.list()]


def test_a_bad_request_names_the_member(client: Any) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, prompts.CODE, image("data:text/plain;base64,AAAA"))
    error = caught.value
    assert error.status_code == 400
    assert "unsupported MIME type" in error.body["message"]
    assert error.code == error.body["code"] == "invalid_value"
    assert error.param == error.body["param"] == "messages[0].content[1].image_url.url"
    assert error.type == "invalid_request_error"
    assert error.request_id


def test_a_picture_that_is_gone_is_a_bad_request(
    client: Any, pictures: Corpus, picture_host: HostServer
) -> None:
    with (
        hosted(picture_host, pictures["sheet-01"], status=404) as url,
        pytest.raises(openai.BadRequestError) as caught,
    ):
        ask(client, prompts.CODE, image(url))
    assert caught.value.code == "invalid_image_url"
    assert "404" in caught.value.body["message"]


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
def test_bytes_that_are_no_picture_are_a_bad_request(client: Any, stream: bool) -> None:
    """Also where a stream was asked for: it is refused before the stream begins."""
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, prompts.CODE, image("data:image/png;base64,AAAA"), stream=stream)
    assert caught.value.code == "invalid_image_format"
    assert "unsupported image" in caught.value.body["message"]


def test_a_wrong_key_is_an_authentication_error(client: Any) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(client.with_options(api_key="sk-wrong"), prompts.READY)
    assert (caught.value.status_code, caught.value.code) == (401, "invalid_api_key")
    assert "sk-wrong" not in caught.value.body["message"]


def test_an_unknown_model_is_not_found(client: Any) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model="no-such-model", messages=user(prompts.READY))
    assert caught.value.code == "model_not_found"
    assert "no-such-model" in caught.value.body["message"]


# ---------------------------------------------------------------- the async client


def test_the_async_client_reads_many_at_once(base_url: str, pictures: Corpus) -> None:
    sheets = [pictures[f"sheet-{n:02}"] for n in range(1, 9)]

    async def read(client: Any, picture: Picture) -> str:
        reply = await ask(client, prompts.CODE, image(data_url(picture)))
        return str(reply.choices[0].message.content)

    async def streamed(client: Any, picture: Picture) -> str:
        stream = await ask(client, prompts.CODE, image(data_url(picture)), stream=True)
        return "".join([c.choices[0].delta.content or "" async for c in stream])

    async def run() -> None:
        http = openai.DefaultAsyncHttpxClient(trust_env=False)
        async with openai.AsyncOpenAI(**options(base_url, http_client=http)) as client:
            found = await asyncio.gather(*(read(client, p) for p in sheets))
            assert found == [p.facts.code for p in sheets]
            assert await streamed(client, sheets[0]) == sheets[0].facts.code
            with pytest.raises(openai.BadRequestError) as caught:
                await ask(client, prompts.CODE, image(""))
            assert caught.value.param == "messages[0].content[1].image_url.url"

    asyncio.run(run())
