"""What is a leak and what is none, whatever the text, and in no time."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.judging import leaks
from conformance.judging.leaks import Find
from conformance.model import Claim, Exchange, ImagePart, Inline, Picture, Probe, Sent, Target, Turn
from conformance.redact import OURS, OURS_SPELLED_OUT, THEIRS_SPELLED_OUT, theirs

SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"{}")
GOOGLE = "AIzaSyB7kQ2mWx9LrT4vNc8ZpHd3JfGs6YtEa1U"
PAYLOAD = base64.b64encode(bytes(range(256)) * 4).decode()


def addresses(text: str) -> str:
    return leaks.internal_address(text, frozenset({"127.0.0.1", "localhost"}))


def echoes(text: str) -> str:
    return leaks.echoed_base64(text, (PAYLOAD,))


#: Kind of leak, and texts that have one.
FOUND: dict[Find, tuple[str, ...]] = {
    leaks.our_key: (f"the key {OURS} is wrong", OURS_SPELLED_OUT),
    leaks.their_key: (
        f"Post https://host/v1beta?key={GOOGLE}: timeout",
        theirs("AIza"),
        THEIRS_SPELLED_OUT,
    ),
    addresses: (
        "dial tcp 10.42.3.17:8000: connect: connection refused",
        '{"error": "http://192.168.1.20/v1"}',
        "read tcp 172.16.9.4:4242->172.31.0.8:443",
        "connect ECONNREFUSED 169.254.169.254:80",
        "HTTPConnectionPool(host='vllm.internal', port=8000)",
        "lookup qwen.default.svc.cluster.local: no such host",
        "qwen-vl.models.svc:8000",
        "http://host.docker.internal/v1",
        "ip-10-0-1-5.ec2.internal",
        "http://vllm:8000/v1/chat/completions",
        "https://gateway.local/v1",
    ),
    leaks.traceback: (
        "Traceback (most recent call last):",
        '  File "server/app.py", line 12, in run',
        json.dumps(json.dumps('File "app.py", line 12')),
        "goroutine 1 [running]:",
        "goroutine 88 [chan receive, 2 minutes]:",
        "panic: runtime error: index out of range [3] with length 3",
        "/src/relay/image.go:88 +0x1f4",
        "thread 'main' panicked at src/decode.rs:10:5",
        "    at Object.<anonymous> (/srv/relay/index.js:12:34)",
        "at process (node:internal.process/task_queues.js:95:5)",
        "at com.relay.Image.decode(Image.java:42)",
        "Caused by: java.io.IOException: broken",
        "Stack trace:\n#0 index.php(12)",
        "at Relay.Images.Load() in Images.cs:line 42",
    ),
    leaks.heap_address: (
        "<_io.BytesIO object at 0x7f3c5c1b2e30>",
        "<PIL.PngImagePlugin.PngImageFile image mode=RGB size=8x8 at 0x7F3C5C1B2E30>",
        "&{0xc000a4e2f0}",
        "pc=0xffff9c2d1e50",
        "0x55d0c8a3f1b0",
    ),
    leaks.object_representation: (
        "<_io.BytesIO object at 0x7f3c5c1b2e30>",
        "<PIL.PngImagePlugin.PngImageFile image mode=RGB size=8x8 at 0x7F3C5C1B2E30>",
        "<function load at 0x7f3c5c1b2e30>",
        "expected str, got <class 'dict'>",
        "[{'type': 'missing', 'loc': ('body', 'messages'), 'msg': 'Field required'}]",
        "Error code: 400 - {'error': {'message': 'no'}}",
        "&{Type:image_url URL:0xc000a4e2f0}",
        "unexpected part %!d(string=auto)",
        "java.io.ByteArrayInputStream@1b2c3d4e",
    ),
    leaks.parser_internals: (
        "messages[0]: unknown variant `image_url`, expected `text` at line 1 column 802043",
        "json: cannot unmarshal array into Go struct field Message.messages.content of type string",
        "com.fasterxml.jackson.databind.exc.MismatchedInputException",
        "serde_json::error::Error",
    ),
    echoes: (
        f"data:image/png;base64,{PAYLOAD}",
        f"cannot decode '{PAYLOAD[:80]}'",
        f"…{PAYLOAD[-80:]}",
        json.dumps({"url": PAYLOAD}).replace("/", "\\/"),
        PAYLOAD.translate(str.maketrans("+/", "-_")),
    ),
}  # fmt: skip

#: Texts without any leak.
HARMLESS = (
    "",
    "KX74MP",
    "Incorrect API key provided: sk-confo***************-key. You can find your API key at "
    "https://platform.openai.com/account/api-keys.",
    "Authorization: Bearer YOUR_KEY",
    "sk-your-api-key-goes-here-please",
    "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1",
    '{"id": "chatcmpl-9f8a7b6c5d4e3f2a1b0c9d8e", "system_fingerprint": "fp_44709d6fcb"}',
    "x-request-id: req_0123456789abcdef0123456789abcdef",
    "Error while downloading http://127.0.0.1:40123/aBcD/picture.png.",
    "Error while downloading http://REDACTED:8398/aBcD/picture.png.",
    "connect to 93.184.216.34:443 failed",
    "api.openai.com:443",
    "private networks (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16) are not allowed",
    "not 127.0.0.1, and not 169.254.169.254 either",
    "nginx/1.25.3, Chrome/120.0.0.0, version 10.0.19041.1, v10.1.2.3",
    "torch.internal and threading.local are modules; rpc.internal is a code",
    "one of the following formats: ['png', 'jpeg', 'gif', 'webp']",
    "Expected a base64-encoded data URL with an image MIME type (e.g. 'data:image/png;base64,…')",
    "HRESULT 0x80070057, transaction 0x" + "ab" * 20,
    f"data:image/png;base64,{PAYLOAD[:40]}…",
    base64.b64encode(bytes(500)).decode(),
    "a" * 64,
    "We could not parse the JSON body of your request at line 1 column 2.",
    "Look at the picture at noon (see docs.py).",
    "The server is running at 0.0.0.0:8000.",
)


@pytest.mark.parametrize(
    ("find", "text"), [(find, text) for find, texts in FOUND.items() for text in texts]
)
def test_it_is_found(find: Find, text: str) -> None:
    assert find(text)
    assert len(find(text)) < 700
    assert find(f'{{"error": {{"message": {json.dumps(text)}}}}}')


@pytest.mark.parametrize("find", FOUND, ids=lambda f: getattr(f, "__name__", "find"))
@pytest.mark.parametrize("text", HARMLESS)
def test_nothing_is_found(find: Find, text: str) -> None:
    assert find(text) == ""


def test_a_key_is_never_quoted() -> None:
    assert GOOGLE[8:] not in leaks.their_key(f"?key={GOOGLE}")


SEEDS = ("", "at ", "a.", "10.", "<a", "sk-", "&{", "File \"", "\\", "/a.js:1", "unknown variant `",
         "goroutine 1 [", "A", "data:image/png;base64,", "://a", " 0x7f", "{'", "key=", "\n", "é",
         "at a.a(", "Bearer ", "host.internal", "x-api-key: ")  # fmt: skip


@pytest.mark.sampled(12)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("other", ["", "a", " "])
def test_no_text_takes_long(seed: str, other: str) -> None:
    text = (seed + other) * (2 * leaks.MOST // max(1, len(seed + other)))
    began = time.perf_counter()
    for find in FOUND:
        find(text)
    assert time.perf_counter() - began < 10


# ---------------------------------------------------------------- exchanges


def exchange(body: bytes, **headers: str) -> Exchange:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange(probe=Probe(), sent=SENT, status=400, headers=pairs, body=body)


def seen(find: Find, told: Exchange) -> list[str]:
    return [place for place, text in leaks.said(told) if find(text)]


def test_headers_and_body_and_the_texts_in_it_are_read() -> None:
    assert seen(addresses, exchange(b"", x_backend="10.1.2.3:80")) == ["the header x-backend"]
    assert seen(addresses, exchange(b"\xff10.1.2.3")) == ["the body"]
    assert seen(addresses, exchange(b'{"a": {"b": ["\\n10.1.2.3"]}}')) == ["the body"]


@pytest.mark.parametrize(
    "name", ["set_cookie", "via", "x_forwarded_for", "content_security_policy"]
)
def test_headers_about_us_are_not_read(name: str) -> None:
    assert not seen(addresses, exchange(b"{}", **{name: "10.1.2.3:80"}))


def test_a_text_spread_over_a_stream_is_read() -> None:
    deltas = [{"choices": [{"delta": {"content": piece}}]} for piece in ("10.", "1.2", ".3:80")]
    body = "".join(f"data: {json.dumps(delta)}\n\n" for delta in deltas).encode()
    assert seen(addresses, exchange(body)) == ["the body"]


TARGET = Target(name="x", base_url="https://192.168.7.7:8443/v1", model="m")


def hosts(target: Target, sent: bytes = b"") -> frozenset[str]:
    return leaks.our_hosts(target, replace(exchange(b""), sent=replace(SENT, body=sent)))


def test_what_we_named_is_ours() -> None:
    assert {"192.168.7.7", "127.0.0.1", "localhost"} <= hosts(TARGET)
    far = replace(TARGET, picture_host_url="http://10.9.9.9:81/x")
    assert {"192.168.7.7", "10.9.9.9"} <= hosts(far)
    assert "localhost" not in hosts(far)
    assert "127.0.0.1" not in hosts(replace(TARGET, unclaimed=frozenset({Claim.URL})))
    assert {"10.1.1.1", "inner.local"} <= hosts(
        far, b'{"url": "http://10.1.1.1/http://Inner.local"}'
    )
    assert hosts(replace(TARGET, base_url="http://[", picture_host_url="http://x/"))


def test_the_base64_of_a_picture_is_known() -> None:
    picture = Picture(id="p", file_bytes=bytes(99), sha256="0", file="p", media_type="image/png")
    part = ImagePart(picture=picture, via=Inline())
    probe = Probe(turns=(Turn(parts=(part, ImagePart(picture=None, via=Inline()))),))
    told = replace(exchange(b""), probe=probe)
    assert leaks.payloads(told) == (base64.b64encode(bytes(99)).decode(),)


# ---------------------------------------------------------------- the checks


@pytest.mark.slow
def test_nearly_every_request_is_one_of_another_check(
    probes_of: Callable[[Callable[[str], bool]], set[Probe]],
) -> None:
    theirs = probes_of(lambda area: area != "leaks")
    ours = probes_of(lambda area: area == "leaks")
    assert len(ours) > 50
    assert ours <= theirs
