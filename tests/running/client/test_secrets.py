"""The key is in no exchange, however an endpoint spells it."""

from __future__ import annotations

import base64
import codecs
import gzip
import json
import time
from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from conformance.model import Exchange, Probe, TextPart, Turn
from conformance.redact import MARK, OURS, OURS_SPELLED_OUT, THEIRS, THEIRS_SPELLED_OUT, Redactor

Send = Callable[..., Exchange]
PLAIN = Probe(turns=(Turn(parts=(TextPart(text="hello"),)),))

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda key: key,
    "in a word": lambda key: f"Bearer{key}x",
    "json": lambda key: json.dumps(key),
    "json in json": lambda key: json.dumps(json.dumps(key)),
    "json with slashes escaped": lambda key: json.dumps(key).replace("/", "\\/"),
    "url": lambda key: quote(key, safe=""),
    "url in lower case": lambda key: quote(key, safe="").replace("%2F", "%2f"),
    "url but for the slash": quote,
    "json escapes": lambda key: "".join(f"\\u{ord(c):04X}" for c in key),
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "url-safe base64": lambda key: base64.urlsafe_b64encode(key.encode()).decode().rstrip("="),
    "basic auth": lambda key: base64.b64encode(f"user:{key}:rest".encode()).decode(),
    "base64 of the header": lambda key: base64.b64encode(f"Bearer {key}".encode()).decode(),
    "hex": lambda key: key.encode().hex(),
    "backwards": lambda key: key[::-1],
}


def decoded(text: str) -> str:
    """Every spelling turned back, as somebody would who looks for the key."""
    unescaped = codecs.decode(text.encode(), "unicode_escape")
    found = [text, unescaped, httpx.URL("http://x/?q=" + text).params.get("q", "")]
    for n in range(4):
        for alphabet in (base64.b64decode, base64.urlsafe_b64decode):
            try:
                found.append(alphabet(text[n:] + "==").decode("latin-1"))
            except ValueError:
                continue
    return " ".join(found)


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("status", [200, 401, 500])
def test_an_endpoint_that_echoes_the_key(
    chat: respx.Route, send: Send, key: str, spell: Callable[[str], str], status: int
) -> None:
    told = spell(key)
    value = {"choices": [{"message": {"content": told}}], "error": {"message": told}}
    chat.mock(
        httpx.Response(status, content=told.encode(), headers={"x-echo": told})
        if status == 500
        else httpx.Response(status, json=value, headers={"x-echo": told})
    )
    exchange = send(PLAIN)
    shown = repr(exchange)
    assert told not in shown
    assert json.dumps(told)[1:-1] not in exchange.body.decode()
    assert key[8:] not in decoded(exchange.reply.text + exchange.reply.error_message)
    assert key[8:] not in decoded(exchange.header("x-echo"))


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_the_rest_of_the_body_stays(key: str, spell: Callable[[str], str]) -> None:
    found = Redactor([key]).text(f"before {spell(key)} after")
    assert found.startswith("before ")
    assert found.endswith(" after")
    assert OURS in found


def split(key: str, path: Callable[[str], object]) -> bytes:
    pieces = [key[n : n + 3] for n in range(0, len(key), 3)]
    return "".join(f"data: {json.dumps(path(piece))}\n\n" for piece in pieces).encode()


PLACES: dict[str, Callable[[str], object]] = {
    "content": lambda s: {"choices": [{"index": 0, "delta": {"content": s}}]},
    "parts": lambda s: {"choices": [{"index": 0, "delta": {"content": [{"text": s}]}}]},
    "reasoning": lambda s: {"choices": [{"index": 0, "delta": {"reasoning_content": s}}]},
    "refusal": lambda s: {"choices": [{"index": 0, "delta": {"refusal": s}}]},
    "second choice": lambda s: {"choices": [{}, {"index": 1, "delta": {"content": s}}]},
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_key_split_over_the_events_of_a_stream(
    chat: respx.Route, send: Send, key: str, place: Callable[[str], object]
) -> None:
    content = split(key, place)
    chat.mock(httpx.Response(200, content=content, headers={"content-type": "text/event-stream"}))
    exchange = send(PLAIN)
    assert exchange.body == OURS_SPELLED_OUT.encode()
    assert key not in exchange.reply.text


def test_a_key_in_json_escapes(chat: respx.Route, send: Send, key: str) -> None:
    spelled = "".join(f"\\u{ord(c):04x}" for c in key)
    chat.mock(httpx.Response(400, content=f'{{"error":{{"message":"{spelled}"}}}}'.encode()))
    exchange = send(PLAIN)
    assert exchange.reply.error_message == OURS
    assert spelled.encode() not in exchange.body


def test_a_key_in_a_compressed_reply(chat: respx.Route, send: Send, key: str) -> None:
    chat.mock(
        httpx.Response(
            200, content=gzip.compress(key.encode()), headers={"content-encoding": "gzip"}
        )
    )
    assert send(PLAIN).body == OURS.encode()


def test_a_key_in_a_failure(chat: respx.Route, send: Send, key: str) -> None:
    chat.side_effect = httpx.ConnectError(f"bad header {key}")
    exchange = send(PLAIN)
    assert exchange.failure == f"cannot connect: bad header {OURS}"


def test_a_key_in_the_probe_itself(chat: respx.Route, send: Send, key: str) -> None:
    probe = Probe(turns=(Turn(parts=(TextPart(text=key),)),), headers=(("x-key", key),))
    exchange = send(probe, headers=(("x-other", f"Token {key}"),))
    assert key in json.loads(chat.calls.last.request.content)["messages"][0]["content"]
    assert json.dumps(key)[1:-1] not in repr(exchange.sent)
    assert key not in repr(exchange.sent.headers)


PRIVATE = ["Authorization", "Set-Cookie", "API-Key", "OpenAI-Organization", "openai-project"]


@pytest.mark.parametrize("name", PRIVATE)
def test_private_headers_are_never_kept(name: str) -> None:
    assert Redactor(()).headers([(name, "x"), ("x-other", "y")]) == ((name, MARK), ("x-other", "y"))


@given(st.binary())
def test_bodies_without_secrets_come_back_as_they_are(body: bytes) -> None:
    assert Redactor(["not-in-there-at-all"]).body(body) == body


@given(st.binary(max_size=20), st.binary(max_size=20), st.text(min_size=4, max_size=40))
def test_no_body_keeps_the_secret(before: bytes, after: bytes, secret: str) -> None:
    try:
        raw = secret.encode()
    except UnicodeEncodeError:
        return
    redacted = Redactor([secret]).body(before + raw + after)
    if raw not in (OURS + MARK).encode():
        assert raw not in redacted


def test_texts_of_three_letters_are_no_secrets() -> None:
    assert Redactor(["abc", ""]).text("abc") == "abc"


# ---------------------------------------------------------------- keys of others

STRANGERS = {
    "sk-": "sk-proj-h3Vb9QzL2mXw7RtK5pNc8YdFg4Js6TvB1ZaE0uWo",
    "AIza": "AIzaSyB7kQ2mWx9LrT4vNc8ZpHd3JfGs6YtEa1U",
    "AKIA": "AKIA4XW7RTK5PNC8YDFG",
    "gsk_": "gsk_h3Vb9QzL2mXw7RtK5pNc8YdFg4Js6TvB1ZaE0uWoh3Vb9QzL",
    "hf_": "hf_h3VbQzLmXwRtKpNcYdFgJsTvB1ZaEuWohi",
}
WRAPPINGS: dict[str, Callable[[str], str]] = {
    "alone": lambda key: key,
    "in quotes": lambda key: f"the key '{key}' is wrong",
    "in JSON": lambda key: json.dumps({"key": key}),
    "after a line end in JSON": lambda key: json.dumps(f"keys:\n{key}\n"),
    "in a URL": lambda key: f"https://upstream/v1?alt=sse&key={key}",
    "in a URL in Go's JSON": lambda key: f'"https://upstream/v1?alt=sse\\u0026key={key}"',
    "in an encoded URL": lambda key: quote(f"https://upstream/v1?key={key}", safe=""),
    "as a bearer": lambda key: f"Authorization: Bearer {key}",
    "in a Python dict": lambda key: str({"api_key": key}),
}


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
@pytest.mark.parametrize("hint", STRANGERS)
def test_a_key_of_somebody_else_is_in_no_exchange(
    chat: respx.Route, send: Send, hint: str, wrap: Callable[[str], str]
) -> None:
    stranger = STRANGERS[hint]
    told = wrap(stranger)
    headers = {"x-echo": told.replace("\n", " ")}
    chat.mock(httpx.Response(400, json={"error": {"message": told}}, headers=headers))
    exchange = send(PLAIN)
    assert stranger not in repr(exchange)
    assert stranger[len(hint) :] not in repr(exchange)
    assert THEIRS in exchange.reply.error_message
    assert THEIRS in exchange.header("x-echo")
    assert json.loads(exchange.body)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN", "Bearer "),
        ("https://upstream/v1?key=0b7c1d2e-3f4a-5b6c-7d8e-9f0a1b2c3d4e&a=1", "&a=1"),
        ('{"x-api-key": "0b7c1d2e3f4a5b6c7d8e9f0a1b2c3d4e"}', '"x-api-key": "'),
        ("api_key='0b7c1d2e3f4a5b6c7d8e9f0a1b2c3d4e'", "api_key='"),
    ],
)
def test_keys_are_known_by_what_stands_before_them(text: str, kept: str) -> None:
    found = Redactor(()).text(text)
    assert kept in found
    assert THEIRS in found
    assert "c3d4e" not in found
    assert "dozjg" not in found
    assert Redactor(()).text(found) == found


@pytest.mark.parametrize(
    "text",
    [
        "sk-confo***************-key",
        "sk-your-api-key-goes-here-please",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1",
        "Authorization: Bearer YOUR_API_KEY",
        'Bearer realm="https://api.example.com/v1/token"',
        "task-0123456789abcdef0123456789abcdef",
        "chatcmpl-AIzaSyB7kQ2mWx9LrT4vNc8ZpHd3JfGs6YtEa1U",
        "The code is KX74MP.",
        '{"model": "gpt-4o-2024-08-06", "id": "req_0123456789abcdef0123456789abcdef"}',
        "sk-conformance-wrong-key",
    ],
)
def test_what_is_no_key_stays(text: str) -> None:
    assert Redactor(()).text(text) == text


@given(st.binary(max_size=3000))
def test_pictures_in_base64_stay(data: bytes) -> None:
    for coded in (base64.b64encode(data), base64.urlsafe_b64encode(data)):
        url = b"data:image/png;base64," + coded
        assert Redactor(()).body(url) == url


def test_a_key_of_somebody_else_split_over_a_stream(chat: respx.Route, send: Send) -> None:
    content = split(STRANGERS["sk-"], PLACES["content"])
    chat.mock(httpx.Response(200, content=content, headers={"content-type": "text/event-stream"}))
    exchange = send(PLAIN)
    assert exchange.body == THEIRS_SPELLED_OUT.encode()
    assert STRANGERS["sk-"] not in exchange.reply.text


def test_a_short_secret_is_no_proof_of_an_echo() -> None:
    """Where the key is an ordinary word, such as ``ollama``, a reply may well hold that word."""
    assert Redactor(["ollama"]).text("owned by ollama") == f"owned by {MARK}"
    assert Redactor(["ollama"]).spelled_out(["by ollama"]) == MARK
    assert OURS in Redactor(["ollama", "ollama" * 2]).text("by ollamaollama")


@pytest.mark.parametrize("seed", ["sk-", "sk-a ", "Bearer ", "key=", "api_key: ", "AIza", "\\"])
def test_no_reply_takes_long(seed: str) -> None:
    began = time.perf_counter()
    Redactor(()).body(seed.encode() * (4_000_000 // len(seed)))
    assert time.perf_counter() - began < 10
