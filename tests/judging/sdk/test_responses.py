"""The reference endpoint's /responses as users of the official ``openai`` client meet it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from conformance.asking import prompts
from conformance.drawing.corpus import Corpus
from conformance.model import Picture
from conformance.reference.account import KEY, MODEL

openai = pytest.importorskip("openai", reason="the official client is missing: pip install openai")


@pytest.fixture
def client(base_url: str) -> Iterator[Any]:
    http = openai.DefaultHttpxClient(trust_env=False)
    given = {"api_key": KEY, "max_retries": 0, "timeout": 20, "http_client": http}
    with openai.OpenAI(base_url=base_url, _strict_response_validation=True, **given) as made:
        yield made


def image(picture: Picture) -> dict[str, str]:
    data = base64.b64encode(picture.data).decode()
    url = f"data:{picture.media_type};base64,{data}"
    return {"type": "input_image", "image_url": url, "detail": "auto"}


def test_a_picture_is_read_and_billed(client: Any, pictures: Corpus) -> None:
    picture = pictures["sheet-01"]
    content = [image(picture), {"type": "input_text", "text": prompts.CODE}]
    reply = client.responses.create(model=MODEL, input=[{"role": "user", "content": content}])
    assert reply.output_text == picture.facts.code
    assert (reply.status, reply.error) == ("completed", None)
    assert reply.usage.input_tokens > 85
    assert reply.usage.total_tokens == reply.usage.input_tokens + reply.usage.output_tokens


def test_a_picture_in_the_result_of_a_tool_is_read(client: Any, pictures: Corpus) -> None:
    picture = pictures["sheet-02"]
    call = {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}
    result = {"type": "function_call_output", "call_id": "c1", "output": [image(picture)]}
    asked = {"role": "user", "content": prompts.CODE}
    reply = client.responses.create(model=MODEL, input=[asked, call, result])
    assert reply.output_text == picture.facts.code


def test_a_bad_picture_is_refused(client: Any, pictures: Corpus) -> None:
    content = [image(pictures["text"]), {"type": "input_text", "text": prompts.CODE}]
    with pytest.raises(openai.BadRequestError) as caught:
        client.responses.create(model=MODEL, input=[{"role": "user", "content": content}])
    assert caught.value.body["message"]


def test_an_unknown_part_is_refused(client: Any) -> None:
    with pytest.raises(openai.BadRequestError):
        client.responses.create(
            model=MODEL, input=[{"role": "user", "content": [{"type": "picture"}]}]
        )


def test_a_model_is_looked_up_by_its_name(client: Any) -> None:
    assert client.models.retrieve(MODEL).id == MODEL
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("no-such-model")
