"""A wrong call ends with status 2 and one sentence that names the way out."""

from __future__ import annotations

import ssl
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

AT = ("--base-url", "{reference}", "--model", "gpt-4o", "-k", "plain")

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
    "reference and base URL": (
        ("run", "--reference", "--base-url", "{reference}"),
        {},
        ("leave out --base-url",),
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
    "judge without pictures": (("judge", "elsewhere", "--area", "x"), {}, ("holds no recorded",)),
    "plan for an unknown area": (("plan", "--area", "colour"), {}, ("there is no area 'colour'",)),
    "plan for a broken target": (("plan", "--target", "syntax.toml"), {}, ("is not TOML",)),
    "serve at no address": (("serve", "--bind", "nowhere"), {}, ("is not an address",)),
    "serve an unknown model": (("serve", "--plays", "nobody"), {}, ("'nobody'",)),
    "serve an unknown fault": (("serve", "--fault", "x"), {}, ("there is no fault 'x'",)),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory, reference: str, closed_port: int, request):
    """Every call made, a few at a time."""
    make = request.getfixturevalue("command_in")
    names = {
        "reference": reference,
        "closed": closed_port,
        "address": reference.removeprefix("http://").removesuffix("/v1"),
    }

    def call(name: str):
        arguments, environ, _ = CALLS[name]
        folder = tmp_path_factory.mktemp("call")
        _furnish(folder)
        return make(folder)(*(a.format(**names) for a in arguments), **environ)

    with ThreadPoolExecutor(4) as pool:
        yield dict(zip(CALLS, pool.map(call, CALLS), strict=True)), names


def _furnish(folder: Path) -> None:
    (folder / "file").write_text("")
    (folder / "empty").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / "target.json").write_text("{")
    for name, text in {
        "syntax": "model = ",
        "unknown": 'base_url = "http://127.0.0.1:1/v1"\nmodle = "m"',
        "type": 'base_url = "http://127.0.0.1:1/v1"\nmodel = 7',
    }.items():
        (folder / f"{name}.toml").write_text(text)


@pytest.mark.parametrize("name", CALLS)
def test_one_sentence(outcomes, name: str) -> None:
    found, names = outcomes
    ended = found[name]
    assert ended.status == 2, ended
    for words in CALLS[name][2]:
        assert words.format(**names) in ended.sentence
    assert "Traceback" not in ended.stdout
    assert len(ended.sentence) < 600


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
    from click.testing import CliRunner

    from conformance.cli import main

    ended = CliRunner().invoke(main, list(arguments))
    assert ended.exit_code == 2
    assert "Error: " in ended.output
    assert "Traceback" not in ended.output


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Silence."""


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
    with closing(HTTPServer(("127.0.0.1", 0), _Answers)) as server:
        server.handle_error = lambda *_: None
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"https://127.0.0.1:{server.server_port}/v1"
        ended = command("run", "--base-url", url, "--model", "m")
        server.shutdown()
    assert ended.status == 2
    assert "no secure connection" in ended.sentence
    assert "certificate" in ended.sentence
    assert "SSL_CERT_FILE" in ended.sentence
