"""What goes over the wire, and what is written down of it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable

import httpx
import pytest
import respx

from conformance.model import (
    Credential,
    Exchange,
    Fetch,
    Hosted,
    ImagePart,
    Inline,
    Picture,
    Probe,
    Service,
    Target,
    TextPart,
    Turn,
)
from conformance.redact import MARK, Redactor
from conformance.running.client import Client
from conformance.wire.address import is_loopback
from conformance.wire.request import WRONG_KEY

Send = Callable[..., Exchange]

DATA = b"\x89PNG not really"
PICTURE = Picture(
    id="p1",
    file_bytes=DATA,
    sha256=hashlib.sha256(DATA).hexdigest(),
    file="p1.png",
    media_type="image/png",
)
PLAIN = Probe(turns=(Turn(parts=(TextPart(text="hello"),)),))


def showing(via: Inline | Hosted) -> Probe:
    return Probe(turns=(Turn(parts=(ImagePart(picture=PICTURE, via=via),)),))


def request(route: respx.Route) -> httpx.Request:
    return route.calls.last.request


@pytest.mark.parametrize(
    ("auth", "credential", "wanted"),
    [
        ("bearer", Credential.RIGHT, {"authorization": "Bearer {key}"}),
        ("bearer", Credential.WRONG, {"authorization": f"Bearer {WRONG_KEY}"}),
        ("bearer", Credential.NONE, {}),
        ("api-key", Credential.RIGHT, {"api-key": "{key}"}),
        ("api-key", Credential.WRONG, {"api-key": WRONG_KEY}),
        ("api-key", Credential.NONE, {}),
        ("none", Credential.RIGHT, {}),
        ("none", Credential.WRONG, {}),
    ],
)
def test_credentials(
    chat: respx.Route,
    send: Send,
    key: str,
    auth: str,
    credential: Credential,
    wanted: dict[str, str],
) -> None:
    exchange = send(Probe(turns=PLAIN.turns, credential=credential), auth=auth)
    names = ("authorization", "api-key")
    sent = {n: request(chat).headers[n] for n in names if n in request(chat).headers}
    assert sent == {name: value.replace("{key}", key) for name, value in wanted.items()}
    recorded = dict(exchange.sent.headers)
    assert {n: recorded[n] for n in names if n in recorded} == dict.fromkeys(wanted, MARK)


def test_the_plainest_request(chat: respx.Route, send: Send) -> None:
    exchange = send(PLAIN)
    sent = request(chat)
    assert json.loads(sent.content) == {
        "model": "m",
        "messages": [{"role": "user", "content": "hello"}],
        "max_tokens": 4096,
    }
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["accept"] == "*/*"
    assert sent.headers["user-agent"] == "vision-conformance"
    assert exchange.sent.body == sent.content
    assert (exchange.sent.method, exchange.sent.path) == ("POST", "/chat/completions")


def test_headers_of_the_target_and_of_the_probe(chat: respx.Route, send: Send) -> None:
    probe = Probe(turns=PLAIN.turns, headers=(("Accept", "application/json"),))
    send(probe, headers=(("X-Project", "p"), ("User-Agent", "mine"), ("Accept", "x/y")))
    headers = request(chat).headers
    assert headers["x-project"] == "p"
    assert headers.get_list("user-agent") == ["mine"]
    assert headers.get_list("accept") == ["application/json"]


def test_the_query_of_the_target(wire: respx.MockRouter, send: Send) -> None:
    route = wire.post("/chat/completions", params={"api-version": "2024-10-21"})
    route.mock(httpx.Response(200, json={}))
    exchange = send(PLAIN, query=(("api-version", "2024-10-21"),))
    assert request(route).url.query == b"api-version=2024-10-21"
    assert exchange.status == 200


def test_the_body_of_the_target(chat: respx.Route, send: Send) -> None:
    send(
        PLAIN,
        body=(("reasoning", '{"effort":"low"}'),),
        output_limit="max_completion_tokens",
        output_tokens=7,
    )
    body = json.loads(request(chat).content)
    assert body["reasoning"] == {"effort": "low"}
    assert body["max_completion_tokens"] == 7
    assert "max_tokens" not in body


def test_the_list_of_models(wire: respx.MockRouter, send: Send) -> None:
    route = wire.get("/models").mock(httpx.Response(200, json={"data": []}))
    exchange = send(Probe(service=Service.MODELS))
    assert request(route).content == b""
    assert "content-type" not in request(route).headers
    assert (exchange.sent.method, exchange.sent.path) == ("GET", "/models")


def test_an_inline_picture_is_sent_whole_and_recorded_by_digest(
    chat: respx.Route, send: Send
) -> None:
    exchange = send(showing(Inline()))
    assert b"data:image/png;base64,iVBOR" in request(chat).content
    assert b"iVBOR" not in exchange.sent.body
    assert PICTURE.sha256.encode() in exchange.sent.body


def test_a_hosted_picture_has_an_address_that_is_not_recorded(
    chat: respx.Route, send: Send, host: object
) -> None:
    fetch = Fetch(
        at=0.0,
        method="GET",
        path="/picture.png",
        headers=(("Authorization", "Bearer x"), ("user-agent", "u")),
        status=200,
        bytes_sent=3,
    )
    host.log["token-0"] = (fetch,)
    exchange = send(showing(Hosted()))
    assert b"http://127.0.0.1:8/token-0/picture.png" in request(chat).content
    assert b"token-0" not in exchange.sent.body
    assert b"{{picture-host}}/p1." in exchange.sent.body
    assert host.forgotten == ["token-0"]
    (seen,) = exchange.fetches
    assert seen.at >= 0
    assert dict(seen.headers) == {"Authorization": MARK, "user-agent": "u"}


def test_a_picture_is_forgotten_when_the_request_fails(
    wire: respx.MockRouter, send: Send, host: object
) -> None:
    wire.post("/chat/completions").mock(side_effect=httpx.ConnectError("refused"))
    assert send(showing(Hosted())).failure
    assert host.forgotten == ["token-0"]


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://localhost/v1", True),
        ("http://[::1]:80/v1", True),
        ("https://api.example.com/v1", False),
        ("http://127.example.com/v1", False),
        ("http://localhost.example.com/v1", False),
    ],
)
def test_proxies_of_the_environment_are_for_strangers_only(
    target: Callable[..., Target],
    host: object,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    wanted: bool,
) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:7")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:7")
    client = Client(target(base_url=url), "k", host, Redactor(()))
    assert client._http().trust_env is not wanted
    assert is_loopback(url) is wanted
