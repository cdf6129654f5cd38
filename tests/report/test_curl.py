"""The curl line is run by bash, with a function named curl that keeps what it was given."""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.model import (
    Credential,
    Exchange,
    Hosted,
    ImagePart,
    Inline,
    Payload,
    Picture,
    Probe,
    Service,
)
from conformance.report.curl import curl
from conformance.wire import address, chat

BASE = "https://api.example.org/v1"
FAKE = """
curl() { printf '%s\\0' "$@" > arguments; cat > input; }
"""
NASTY = [
    "it's",
    '"quoted"',
    "$(touch owned) `touch owned` ${HOME} $OPENAI_API_KEY",
    "line\nbreak\r\n\ttab",
    "'; touch owned; '",
    "back\\slash \\n !! # not a comment",
    "\nBODY\nEOF\n",
    "\x1b[31m \u202e 图像 \U0001f600",
    "{{sha256:00ff:not-ours}} {{picture-host",
    "%s %d %%",
    "",
    "x" * 200_000,
]


@pytest.fixture
def run(tmp_path: Path) -> Callable[[str], tuple[list[str], bytes]]:
    def run(command: str) -> tuple[list[str], bytes]:
        environment = {
            "OPENAI_API_KEY": "sk-from-the-environment",
            "PICTURE_HOST": "http://127.0.0.1:9",
            "PATH": "/usr/bin:/bin",
        }
        (tmp_path / "command.sh").write_text(FAKE + command, encoding="utf-8")
        subprocess.run(
            ["bash", "--norc", "-eu", "-o", "pipefail", "command.sh"],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            check=True,
            timeout=20,
        )
        assert not (tmp_path / "owned").exists(), "text of the body was run as a command"
        arguments = (tmp_path / "arguments").read_bytes().decode().split("\0")[:-1]
        return arguments, (tmp_path / "input").read_bytes()

    return run


Run = Callable[[str], tuple[list[str], bytes]]
Make = Callable[..., Exchange]
Ask = Callable[..., Probe]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_the_body_arrives_byte_for_byte(
    run: Run, make_exchange: Make, make_probe: Ask, text: str
) -> None:
    exchange = make_exchange(make_probe(text=text))

    _, sent = run(curl(exchange, BASE))

    assert sent == exchange.sent.body


@pytest.mark.parametrize("raw", [b"\x00\xff\xfe{", b"{not json'", b"a\x1b[2Jb\tc\r\n", b"\n\n"])
def test_a_raw_body_arrives_byte_for_byte(
    run: Run, make_exchange: Make, make_probe: Ask, raw: bytes
) -> None:
    exchange = make_exchange(make_probe(raw_body=raw))

    command = curl(exchange, BASE)

    assert run(command)[1] == raw
    assert "\x1b" not in command


def sent_with(make: Make, probe: Probe, header: tuple[str, str]) -> Exchange:
    exchange = make(probe)
    return replace(exchange, sent=replace(exchange.sent, headers=(header,)))


def test_a_compressed_body_is_compressed_again(
    run: Run, make_exchange: Make, make_probe: Ask
) -> None:
    exchange = sent_with(make_exchange, make_probe(), ("content-encoding", "gzip"))

    arguments, sent = run(curl(exchange, BASE))

    assert gzip.decompress(sent) == exchange.sent.body
    assert "content-encoding: gzip" in arguments


def test_a_body_in_chunks_is_sent_in_chunks(run: Run, make_exchange: Make, make_probe: Ask) -> None:
    exchange = sent_with(make_exchange, make_probe(), ("transfer-encoding", "chunked"))

    assert "transfer-encoding: chunked" in run(curl(exchange, BASE))[0]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_picture_beside_a_nasty_text_is_read_all_the_same(
    run: Run, make_exchange: Make, make_probe: Ask, pictures: dict[str, Picture], tmp_path: Path,
    target: object, text: str,
) -> None:  # fmt: skip
    picture = pictures["sheet-01"]
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / picture.file).write_bytes(picture.data)
    probe = make_probe(ImagePart(picture=picture, via=Inline()), text=f"{text}\u202e\x85")
    as_sent = chat.write_body(probe, target, _real)  # type: ignore[arg-type]

    command = curl(make_exchange(probe), BASE)

    assert run(command)[1] == as_sent
    assert "\u202e" not in command


@pytest.mark.parametrize("payload", Payload)
def test_an_inline_picture_is_read_from_the_fixtures(
    run: Run,
    make_exchange: Make,
    make_probe: Ask,
    pictures: dict[str, Picture],
    tmp_path: Path,
    payload: Payload,
    target: object,
) -> None:
    picture = replace(pictures["sheet-01"], file="it's a $(touch owned) sheet.png")
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / picture.file).write_bytes(picture.data)
    probe = make_probe(
        ImagePart(picture=picture, via=Inline(payload=payload)),
        ImagePart(picture=picture, via=Inline()),
    )
    as_sent = chat.write_body(probe, target, _real)  # type: ignore[arg-type]

    _, sent = run(curl(make_exchange(probe), BASE))

    assert sent == as_sent


def _real(part: ImagePart) -> str:
    assert part.picture is not None
    assert isinstance(part.via, Inline)
    return address.data_url(part.picture, part.via)


def test_a_hosted_picture_is_taken_from_the_picture_host(
    run: Run, make_exchange: Make, make_probe: Ask, pictures: dict[str, Picture]
) -> None:
    via = Hosted(path="a.png", query="q=1", redirects=(302, 307), first_byte=2.5)
    exchange = make_exchange(make_probe(ImagePart(picture=pictures["sheet-01"], via=via)))

    command = curl(exchange, BASE)
    _, sent = run(command)

    assert b'"http://127.0.0.1:9/sheet-01.' in sent
    assert b"/a.png?q=1" in sent
    remark = command.partition("printf")[0]
    assert "vision-conformance host" in remark
    assert "serves sheet-01 as a.png, redirects first, by 302, 307, waits 2.5 s" in remark


@pytest.mark.parametrize(
    ("credential", "auth", "header"),
    [
        (Credential.RIGHT, "bearer", "Authorization: Bearer sk-from-the-environment"),
        (Credential.RIGHT, "api-key", "api-key: sk-from-the-environment"),
        (Credential.RIGHT, "none", None),
        (Credential.NONE, "bearer", None),
        (Credential.WRONG, "bearer", "Authorization: Bearer sk-conformance-wrong-key"),
    ],
)
def test_the_key_comes_from_the_environment(
    run: Run, make_exchange: Make, make_probe: Ask, credential: Credential, auth: str, header: str
) -> None:
    exchange = make_exchange(make_probe(credential=credential))

    command = curl(exchange, BASE, "OPENAI_API_KEY", auth)
    arguments, _ = run(command)

    sent = [a for a in arguments if "key" in a.lower() or "bearer" in a.lower()]
    assert sent == ([header] if header else [])
    assert "sk-from-the-environment" not in command
    assert "[redacted]" not in command


def test_headers_query_and_method_are_those_of_the_request(
    run: Run, make_exchange: Make, make_probe: Ask
) -> None:
    exchange = make_exchange(make_probe())
    headers = (("X-Odd", "it's `odd`"), ("X-Empty", ""), ("accept", "*/*"))
    exchange = replace(exchange, sent=replace(exchange.sent, headers=headers))
    query = (("api-version", "2026 01"), ("subscription-key", "very-secret"))

    command = curl(exchange, BASE + "/", query=query)
    arguments, _ = run(command)

    url = f"{BASE}/chat/completions?api-version=2026+01&subscription-key=REDACTED"
    assert arguments[arguments.index("POST") + 1] == url
    assert {"X-Odd: it's `odd`", "X-Empty;", "Content-Type:"} <= set(arguments)
    assert "very-secret" not in command


def test_a_request_without_body_sends_none(make_exchange: Make, make_probe: Ask) -> None:
    command = curl(make_exchange(make_probe(service=Service.MODELS)), BASE)

    assert command.startswith("curl ")
    assert f"--request GET {BASE}/models" in command
    assert "--data-binary" not in command


def test_a_huge_body_is_not_written_out(make_exchange: Make, make_probe: Ask) -> None:
    command = curl(make_exchange(make_probe(raw_body=b"x" * 300_000)), BASE)

    assert command == "# The request body has 300,000 bytes: too long to write out."


def test_a_variable_name_cannot_smuggle_a_command(make_exchange: Make, make_probe: Ask) -> None:
    with pytest.raises(ValueError, match="cannot name an environment variable"):
        curl(make_exchange(make_probe()), BASE, "KEY$(touch owned)")
