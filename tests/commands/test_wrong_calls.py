"""A wrong call ends with status 2 and one sentence that names the way out."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from conformance.asgi.serving import serve_in_thread
from conformance.cli import main
from conformance.reference.account import KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    status: int
    stdout: str
    stderr: str


AT = ("--base-url", "{reference}", "--model", "gpt-4o", "-k", "plain")


def to(place: str) -> tuple[str, ...]:
    """A call of one of the doors in STRANGE."""
    return ("run", "--base-url", f"{{strange}}/{place}/v1", "--model", "gpt-4o")


HTML = "text/html; charset=utf-8"
JSON = "application/json"
#: What stands in an API's place, or before it: answers the same to every request, by first step
#: of the path. Status, content type, body and further headers.
STRANGE: dict[str, tuple[int, str, str, dict[str, str]]] = {
    "page": (501, HTML, "<!DOCTYPE HTML><title>Error response</title>Unsupported method", {}),
    "gateway": (502, HTML, "<html><head><title>502 Bad Gateway</title></head></html>", {}),
    "maintenance": (503, "text/plain", "back soon", {"retry-after": "99999999"}),
    "poor": (429, JSON, '{"error": {"message": "Pay first.", "code": "insufficient_quota"}}', {}),
    "guarded": (403, HTML, "<title>Just a moment...</title>", {"server": "cloudflare"}),
    "abroad": (403, JSON, '{"error": {"message": "Country not supported"}}', {}),
    "login": (302, "text/plain", "", {"location": "https://login.example/sso?next=/v1"}),
    "asleep": (404, JSON, '{"error": {"message": "This tenant \\u001b[2Jsleeps."}}', {}),
}

#: Name, arguments, environment, and what the sentence must say.
CALLS: dict[str, tuple[tuple[str, ...], dict[str, str | None], tuple[str, ...]]] = {
    "unreachable": (
        ("run", "--base-url", "http://127.0.0.1:{closed}/v1", "--model", "gpt-4o"),
        {},
        ("cannot be reached", "--base-url"),
    ),
    "TLS against plain http": (
        ("run", "--base-url", "https://{address}/v1", "--model", "gpt-4o"),
        {},
        ("no secure connection", "https"),
    ),
    "wrong key": (("run", *AT), {"OPENAI_API_KEY": "sk-wrong"}, ("OPENAI_API_KEY", "401")),
    "missing key": (("run", *AT), {"OPENAI_API_KEY": None}, ("OPENAI_API_KEY is not set",)),
    "empty key": (("run", *AT), {"OPENAI_API_KEY": " "}, ("OPENAI_API_KEY is not set",)),
    "key with a space": (("run", *AT), {"OPENAI_API_KEY": "a b"}, ("has a space",)),
    "missing variable": (
        ("run", *AT, "--api-key-env", "NO_SUCH_KEY"),
        {},
        ("NO_SUCH_KEY is not set",),
    ),
    "unknown model": (
        ("run", "--base-url", "{reference}", "--model", "gpt-4"),
        {},
        ("does not know the model 'gpt-4'", "it lists gpt-4o", "--model"),
    ),
    "no /v1": (
        ("run", "--base-url", "http://{address}", "--model", "gpt-4o"),
        {},
        ("use --base-url http://{address}/v1",),
    ),
    "another path": (
        ("run", "--base-url", "http://{address}/v1/other/v1", "--model", "gpt-4o"),
        {},
        ("check --base-url",),
    ),
    "no base URL": (("run", "--model", "gpt-4o"), {}, ("no base URL is given",)),
    "no model": (("run", "--base-url", "{reference}"), {}, ("no model is given", "--model")),
    "no scheme": (
        ("run", "--base-url", "api.example.com/v1", "--model", "m"),
        {},
        ("begins with https:// or http://",),
    ),
    "unwritable folder": (
        ("run", *AT, "--out", "file/out"),
        {},
        ("file/out cannot be written", "--out"),
    ),
    "unwritable cassettes": (("run", *AT, "--cassettes", "file/c"), {}, ("file/c",)),
    "target that is missing": (("run", "--target", "none.toml"), {}, ("none.toml cannot be read",)),
    "target with a slip": (("run", "--target", "syntax.toml"), {}, ("syntax.toml is not TOML",)),
    "target with an unknown key": (
        ("run", "--target", "unknown.toml"),
        {},
        ("the key 'modle' is not known", "'model'"),
    ),
    "target with a wrong type": (("run", "--target", "type.toml"), {}, ("type.toml: model",)),
    "unknown area": (("run", *AT, "--area", "colour"), {}, ("there is no area 'colour'", "url")),
    "unknown fault": (
        ("run", "--reference", "--fault", "drops-url-picture"),
        {},
        ("did you mean 'drops-url-pictures'",),
    ),
    "unknown second fault": (
        ("run", "--reference", "--fault", "drops-url-pictures", "--fault", "asks-for-no-keys"),
        {},
        ("did you mean 'asks-for-no-key'",),
    ),
    "faults that cannot stand together": (
        ("run", "--fault", "sees-the-first-only", "--fault", "reverses-pictures"),
        {},
        ("sees-the-first-only replaces what reverses-pictures does",),
    ),
    "prove an unknown fault": (("prove", "--fault", "x"), {}, ("there is no fault 'x'",)),
    "target with a limit of none": (
        ("run", "--target", "limit.toml"),
        {},
        ("limit.toml: limits.pictures: expected 1 or more",),
    ),
    "target with an unknown ability": (
        ("run", "--target", "can.toml"),
        {},
        ("can.toml: can[0]: expected one of everything, read,", "the nearest is 'colours'"),
    ),
    "reference that plays an unknown model": (
        ("run", "--reference", "--model", "nobody"),
        {},
        ("no token rule for 'nobody'",),
    ),
    "reference and base URL": (
        ("run", "--reference", "--base-url", "{reference}"),
        {},
        ("leave out --base-url",),
    ),
    "web page": (to("page"), {}, ("501: “Error response”", "a web page, not an API")),
    "gateway": (to("gateway"), {}, ("answers 502 (“502 Bad Gateway”)", "does not answer")),
    "maintenance": (to("maintenance"), {}, ("answers 503 (“back soon”)",)),
    "no quota": (to("poor"), {}, ("OPENAI_API_KEY has no quota left (429: “Pay first.”)",)),
    "firewall": (to("guarded"), {}, ("a firewall or CDN", "Cloudflare")),
    "country": (to("abroad"), {}, ("takes no requests from where this machine is",)),
    "login": (to("login"), {}, ("(302) to “https://login.example/sso", "is not followed")),
    "words of its own": (to("asleep"), {}, (r"answers 404: “This tenant \x1b[2Jsleeps.”",)),
    "tunnel that is down": (
        ("run", *AT, "--picture-host-url", "http://127.0.0.1:{closed}"),
        {},
        (
            "our own picture host cannot be reached at the address we were given, "
            "http://127.0.0.1:{closed}: cannot connect",
        ),
    ),
    "nothing selected": (
        ("run", "--base-url", "{reference}", "--model", "gpt-4o", "-k", "nosuchcheck"),
        {},
        ("nothing was judged",),
    ),
    "picture host at no address": (
        ("run", *AT, "--picture-host-bind", "nowhere:1"),
        {},
        ("--picture-host-bind",),
    ),
    "judge on an empty folder": (("judge", "empty"), {}, ("empty holds no recorded run",)),
    "judge on nothing": (("judge", "nothing"), {}, ("nothing holds no recorded run",)),
    "judge on a broken recording": (("judge", "broken"), {}, ("target.json cannot be read",)),
    "plan for an unknown area": (("plan", "--area", "colour"), {}, ("there is no area 'colour'",)),
    "plan for a broken target": (("plan", "--target", "syntax.toml"), {}, ("is not TOML",)),
    "serve at no address": (("serve", "--bind", "nowhere"), {}, ("is not an address",)),
    "serve an unknown model": (("serve", "--plays", "nobody"), {}, ("'nobody'",)),
    "serve an unknown fault": (("serve", "--fault", "x"), {}, ("there is no fault 'x'",)),
}


#: Those that end before any process is started; one of them is called as the others all the same.
EARLY = frozenset(
    {
        "empty key",
        "key with a space",
        "missing variable",
        "no base URL",
        "no model",
        "no scheme",
        "unwritable folder",
        "unwritable cassettes",
        "target that is missing",
        "target with a slip",
        "target with an unknown key",
        "target with a wrong type",
        "unknown area",
        "unknown fault",
        "unknown second fault",
        "faults that cannot stand together",
        "prove an unknown fault",
        "target with a limit of none",
        "target with an unknown ability",
        "reference and base URL",
        "reference that plays an unknown model",
        "judge on an empty folder",
        "judge on nothing",
        "plan for an unknown area",
        "plan for a broken target",
        "serve at no address",
        "serve an unknown model",
        "serve an unknown fault",
    }
)


#: Of those that need a process, one for each that tells it; the sentences are those of preflight.
SAMPLE = frozenset({"wrong key", "tunnel that is down", "missing key"})


@pytest.fixture(scope="module")
def strange() -> Iterator[str]:
    """The address of everything that is no API."""
    with serve_in_thread(_strange) as url:
        yield url


async def _strange(scope: Scope, receive: Receive, send: Send) -> None:
    status, kind, body, headers = STRANGE[scope["path"].split("/")[1]]
    await Response(body, status, headers, media_type=kind)(scope, receive, send)


@pytest.fixture(scope="module")
def names(reference: str, strange: str, closed_port: int) -> dict[str, str]:
    """What stands for the words in braces."""
    address = reference.removeprefix("http://").removesuffix("/v1")
    return {
        "reference": reference,
        "strange": strange,
        "closed": str(closed_port),
        "address": address,
    }


def _furnish(folder: Path) -> None:
    (folder / "file").write_text("")
    (folder / "empty").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / "target.json").write_text("{")
    for name, text in {
        "syntax": "model = ",
        "unknown": 'base_url = "http://127.0.0.1:1/v1"\nmodle = "m"',
        "type": 'base_url = "http://127.0.0.1:1/v1"\nmodel = 7',
        "limit": "[limits]\npictures = 0",
        "can": 'can = ["colors"]',
    }.items():
        (folder / f"{name}.toml").write_text(text)


@pytest.mark.parametrize(
    "name",
    [
        name if name in SAMPLE else pytest.param(name, marks=pytest.mark.slow)
        for name in CALLS
        if name not in EARLY
    ],
)
def test_one_sentence(tmp_path: Path, names: dict[str, str], name: str, command) -> None:
    arguments, environ, _ = CALLS[name]
    _furnish(tmp_path)
    _is_told(command(*(a.format(**names) for a in arguments), **environ), name, names)


@pytest.mark.parametrize("name", sorted(EARLY))
def test_one_sentence_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: dict[str, str], name: str
) -> None:
    arguments, environ, _ = CALLS[name]
    _furnish(tmp_path)
    monkeypatch.chdir(tmp_path)
    for variable in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    seen = {"OPENAI_API_KEY": KEY} | environ
    ended = CliRunner().invoke(main, [a.format(**names) for a in arguments], env=seen)
    found = Ended(status=ended.exit_code, stdout=ended.stdout, stderr=ended.stderr)
    _is_told(found, name, names)


def _is_told(ended: Ended, name: str, names: dict[str, str]) -> None:
    assert ended.status == 2, ended
    lines = [line for line in ended.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("vision-conformance: ")
    for words in CALLS[name][2]:
        assert words.format(**names) in lines[0]
    assert "Traceback" not in ended.stdout
    assert lines[0].isprintable()
    assert len(lines[0]) < 600


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--level", "SOMETIMES"),
        ("run", "--concurrency", "0"),
        ("run", "--timeout", "no"),
        ("run", "--record-mode", "twice"),
        ("run", "--colour"),
        ("judge",),
        ("fly",),
    ],
    ids=" ".join,
)
def test_click_says_what_is_wrong_with_options(arguments: tuple[str, ...]) -> None:
    ended = CliRunner().invoke(main, list(arguments))
    assert ended.exit_code == 2
    assert "Error: " in ended.output
    assert "Traceback" not in ended.output


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.mark.slow
def test_a_certificate_of_its_own(command, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    subject = ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run([*openssl, *subject], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl to make a certificate with")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with HTTPServer(("127.0.0.1", 0), _Answers) as server:
        server.handle_error = lambda *_: None
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"https://127.0.0.1:{server.server_port}/v1"
        ended = command("run", "--base-url", url, "--model", "m")
        server.shutdown()
    assert ended.status == 2
    (line,) = ended.stderr.splitlines()
    for words in ("no secure connection", "certificate", "SSL_CERT_FILE"):
        assert words in line
