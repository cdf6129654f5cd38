"""Whole runs against an endpoint that is hostile in every member, and what each medium shows."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import shutil
import socket
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import vcr
import yaml

from conformance.asgi.serving import serve_in_thread
from conformance.recording.cassette import FILE, Cassette
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from tests.report.test_browser import CHROMIUM, FLAGS
from tests.shown import looking, shell
from tests.shown.endpoint import Loud, serving
from tests.shown.texts import TEXTS
from tests.shown.unseen import UNSEEN

pytestmark = pytest.mark.long

AREAS = ("url", "shape", "streaming", "errors", "models", "leaks", "tools", "sdk", "dialects")
NAME = (
    "n\x1b]0;owned\x07[bold]x[/bold]<script>document.title='owned'</script>\n::error::x "
    "$(touch pwned) :boom: \u202e"
)
MODEL = (
    "m\u202e'`$(touch pwned)`\"[link=x]y[/link]<img src=x onerror=document.title=1>##[error]\x9b2J"
)
COLUMNS = 100
#: What Chromium asks for of its own accord, which the proxy does not answer.
OWN = b"google"
SECONDS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command wrote to a terminal and to standard error."""

    status: int
    terminal: str
    error: str


def command(*words: object, folder: Path) -> Said:
    """The command with a terminal for its output."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    environ = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")}
    child = subprocess.Popen(
        [sys.executable, "-m", "conformance.cli", *map(str, words)],
        cwd=folder,
        env=environ | {"OPENAI_API_KEY": "sk-test-0123456789", "TERM": "xterm-256color"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    pieces: list[bytes] = []
    reader = threading.Thread(target=_read, args=(ours, pieces))
    reader.start()
    _, error = child.communicate(timeout=SECONDS)
    reader.join(timeout=10)
    os.close(ours)
    return Said(status=child.returncode, terminal=b"".join(pieces).decode(), error=error.decode())


def _read(file: int, pieces: list[bytes]) -> None:
    with contextlib.suppress(OSError):  # the other end was closed
        while piece := os.read(file, 65536):
            pieces.append(piece)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    folder: Path
    said: Said
    fingerprint: Said
    asked: int


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("loud")
    target = folder / "loud.toml"
    with serve_in_thread(make_app(Endpoint())) as seeing:
        loud = Loud(TEXTS | UNSEEN, seeing)
        with serving(loud) as url:
            lines = (f"name = {json.dumps(NAME)}", f"base_url = {json.dumps(url)}")
            target.write_text("\n".join((*lines, f"model = {json.dumps(MODEL)}")), "utf-8")
            areas = [word for area in AREAS for word in ("--area", area)]
            words = ("run", "--target", target, "--timeout", "8", "--out", "out", *areas)
            said = command(*words, folder=folder)
            told = command("fingerprint", "--target", target, folder=folder)
        yield Run(folder=folder, said=said, fingerprint=told, asked=loud.count)


@pytest.fixture(scope="module")
def report(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run.folder / "out" / "report.json").read_text("ascii"))
    return found


def test_the_endpoint_was_asked_with_every_text(run: Run) -> None:
    assert run.said.status == 1, run.said
    assert run.asked > 2 * len(TEXTS | UNSEEN)


def test_the_terminal_shows_lines_and_nothing_else(run: Run) -> None:
    for said in (run.said, run.fingerprint):
        assert list(looking.in_terminal(said.terminal))[:5] == []
        assert list(looking.in_terminal(said.error))[:5] == []
    assert "Traceback" not in run.said.error + run.fingerprint.error
    assert run.said.terminal.rstrip().endswith("report.html")


@pytest.mark.parametrize(
    "words",
    [
        ("judge", "out"),
        ("compare", "out", "out"),
        ("plan", "--target", "loud.toml", "--area", "url"),
        ("list",),
        ("list", "--faults"),
        ("list", "--markdown"),
        ("run", "--target", "none\x1b[2J\n::error::x.toml"),
        ("judge", "none\x1b]0;owned\x07"),
    ],
    ids=lambda words: " ".join(words)[:20].encode("ascii", "replace").decode().split("\x1b")[0],
)
def test_so_do_the_other_commands(run: Run, words: tuple[str, ...]) -> None:
    said = command(*words, folder=run.folder)
    assert said.terminal or said.error
    assert "Traceback" not in said.error
    for told in (said.terminal, said.error):
        assert list(looking.in_terminal(told))[:5] == []


def test_the_log_of_pytest_and_its_xml_are_calm(run: Run) -> None:
    log = (run.folder / "out" / "pytest.log").read_text("utf-8")
    assert list(looking.in_terminal(log))[:5] == []
    assert list(looking.in_xml((run.folder / "out" / "junit.xml").read_text("utf-8")))[:5] == []


def test_the_cassette_is_yaml_and_comes_back(run: Run) -> None:
    path = run.folder / "out" / "cassettes" / FILE
    with path.open(encoding="utf-8") as file:
        found = yaml.load(file, Loader=yaml.CSafeLoader)["interactions"]
    lines = path.read_bytes().split(b"\n")[2:-1]
    plain = [json.loads(x[2:]) for x in lines if b"!!binary" not in x]
    assert [each for each in found if not _has_bytes(each)][: len(plain)]
    assert all(each in found for each in plain)
    assert len(Cassette(path.parent)) == len(found)
    with vcr.VCR(record_mode="none").use_cassette(str(path)) as played:
        assert len(played) == len(found)


def _has_bytes(interaction: dict[str, Any]) -> bool:
    return isinstance(interaction["response"]["body"]["string"], bytes)


def test_every_curl_line_is_one_request(run: Run, report: dict[str, Any], tmp_path: Path) -> None:
    asked = {e["curl"]: e["request"] for f in report["findings"] for e in f["evidence"]}
    known = {c: request for c, request in asked.items() if not c.startswith("# The request body")}
    fixtures = tmp_path / "fixtures"
    shutil.copytree(run.folder / "out" / "fixtures", fixtures)
    # What a check makes of a picture is not in the folder.
    for name in set(re.findall(r"fixtures/([a-z0-9.-]+)", " ".join(known))):
        (fixtures / name).touch()
    called = shell.run(list(known), tmp_path / "shell", fixtures)
    assert len(known) > 50
    for (line, request), found in zip(known.items(), called, strict=True):
        assert looking.hidden(line) == []
        place = found.arguments[found.arguments.index("--request") + 1 :]
        assert place[0] == request["method"]
        assert place[1].endswith(request["path"])
        assert b"{{sha256:" not in found.body
        assert _model(found.body) == _model(request["body"])
        if "{{" not in request["body"] and len(request["body"]) < 100_000:
            assert found.body.decode("utf-8", "replace") == request["body"]


def _model(body: str | bytes) -> object:
    try:
        asked = json.loads(body)
    except ValueError:
        return None
    return asked.get("model") if isinstance(asked, dict) else None


#: Runs first on the page itself, then looks at it in a frame as wide as a phone.
HARNESS = """<!doctype html><meta charset=utf-8><title>harness</title><pre id="saw"></pre>
<iframe src="report.html" style="width:375px;height:800px"></iframe>
<script>
onload = () => {
  const page = document.querySelector("iframe").contentDocument;
  for (const d of page.querySelectorAll("details")) d.open = true;
  const all = [...page.querySelectorAll("*")];
  const odd = "script,img,iframe,object,embed,base,audio,video,link,math,template,textarea";
  const links = [...page.querySelectorAll("[href],[src],[action]")];
  document.getElementById("saw").textContent = JSON.stringify({
    title: page.title,
    width: page.documentElement.scrollWidth,
    odd: [...page.querySelectorAll(odd)].map(e => e.tagName),
    refresh: page.querySelectorAll("meta[http-equiv=refresh]").length,
    on: all.flatMap(e => [...e.attributes].map(a => a.name)).filter(n => n.startsWith("on")),
    links: links.map(e => e.getAttribute("href") ?? "src").filter(h => !/^(#|https:)/.test(h)),
    marks: page.querySelectorAll("mark.cp").length > 20,
  });
};
</script>"""


@pytest.fixture
def browse(tmp_path: Path) -> Callable[[str], tuple[str, list[bytes]]]:
    """What Chromium makes of a page, and what the page wanted of anybody."""

    def browse(name: str) -> tuple[str, list[bytes]]:
        with _listening() as (port, count):
            flags = [f for f in FLAGS.split() if not f.startswith("--proxy-server")]
            words = [
                str(CHROMIUM), *flags, f"--user-data-dir={tmp_path / 'profile'}",
                f"--proxy-server=127.0.0.1:{port}", "--proxy-bypass-list=<-loopback>",
                "--virtual-time-budget=5000", "--dump-dom", (tmp_path / name).as_uri(),
            ]  # fmt: skip
            done = subprocess.run(words, capture_output=True, timeout=120, check=True)
        return done.stdout.decode(), [each for each in count if OWN not in each]

    return browse


@contextlib.contextmanager
def _listening() -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that answers nothing and remembers what was wanted of it."""
    wanted: list[bytes] = []

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, contextlib.suppress(OSError):
                    connection.settimeout(2)
                    wanted.append(connection.recv(300))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1], wanted
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_nothing_of_the_page_runs_or_reaches_out(
    run: Run, tmp_path: Path, browse: Callable[[str], tuple[str, list[bytes]]]
) -> None:
    shutil.copy(run.folder / "out" / "report.html", tmp_path / "report.html")
    (tmp_path / "harness.html").write_text(HARNESS, "utf-8")
    made, wanted = browse("harness.html")
    found = re.search(r'<pre id="saw">(.*?)</pre>', made, re.DOTALL)
    assert found
    saw = json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    title = saw.pop("title")
    assert title.startswith("Does not conform (partial run: ")
    assert "<script>document.title='owned'</script>" in title
    assert saw == {
        "width": 375, "odd": [], "refresh": 0, "on": [], "links": [], "marks": True,
    }  # fmt: skip
    assert wanted == []


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_bare_they_would(tmp_path: Path, browse: Callable[[str], tuple[str, list[bytes]]]) -> None:
    """The other way round: the same texts, not escaped, run and reach out."""
    said = "".join(TEXTS[name] for name in ("script", "image", "page"))
    (tmp_path / "bare.html").write_text(f"<!doctype html><title>calm</title>{said}", "utf-8")
    made, wanted = browse("bare.html")
    assert "<title>calm</title>" not in made
    assert wanted
