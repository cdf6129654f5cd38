"""The key is nowhere: not in a process list, not in a file, not on the screen."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from conformance.reference.account import KEY as REFERENCE_KEY
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint

KEY = 'sk-Very"Secret+Key/0123456789=='
HEADER = "another-secret-in-a-header"


async def echo(request: Request) -> Response:
    """Tells the key back in every spelling, in errors, replies, headers, and redirects."""
    key = request.headers["authorization"].removeprefix("Bearer ")
    told = f"{key} {quote(key)} {base64.b64encode(f'user:{key}'.encode()).decode()}"
    told += f" {request.headers['x-secret']} {json.dumps(json.dumps(key))}"
    headers = {"x-echo": told, "location": f"/{quote(key)}"}
    body = await request.json() if request.method == "POST" else {}
    if "image_url" in json.dumps(body) and len(json.dumps(body)) % 2:
        return JSONResponse({"error": {"message": told, "type": key}}, 400, headers)
    message = {"role": "assistant", "content": told}
    choice = {"index": 0, "message": message, "finish_reason": key}
    return JSONResponse({"id": key, "choices": [choice], key: key}, 200, headers)


def watch(child: subprocess.Popen[str], seen: set[str]) -> None:
    """Notes the command line of every process of the child's session."""
    while child.poll() is None:
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                session = int((entry / "stat").read_text().rpartition(")")[2].split()[3])
                if session == child.pid:
                    seen.add((entry / "cmdline").read_bytes().decode("utf-8", "replace"))
            except (OSError, ValueError):
                continue
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_an_endpoint_that_echoes_the_key_everywhere(command, serve, finished, tmp_path) -> None:
    paths = ["/v1/chat/completions", "/v1/models"]
    url = serve(Starlette(routes=[Route(path, echo, methods=["GET", "POST"]) for path in paths]))
    (tmp_path / "t.toml").write_text(
        f'base_url = "{url}/v1"\nmodel = "m"\nkey_env = "MY_KEY"\n[headers]\nX-Secret = "$OTHER"\n'
    )
    arguments = ("--target", "t.toml", "--area", "shape", "--area", "errors", "--area", "url")
    child = command.start("run", *arguments, "--seed", "committed", MY_KEY=KEY, OTHER=HEADER)
    lines: set[str] = set()
    watcher = threading.Thread(target=watch, args=(child, lines), daemon=True)
    watcher.start()
    ended = finished(child)
    watcher.join()

    assert ended.status == 1, ended
    assert lines, "the process was not seen"
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert {"report.json", "report.html", "junit.xml"} <= {path.name for path in files}
    assert any(path.suffix == ".yaml" for path in files)
    texts = {str(p): p.read_text(errors="replace") for p in files if "fixtures" not in p.parts}
    texts |= {"stdout": ended.stdout, "stderr": ended.stderr, "argv": "\n".join(lines)}
    tails = [KEY[-14:], HEADER, base64.b64encode(f"user:{KEY}".encode()).decode()[12:30]]
    for name, text in texts.items():
        for tail in tails:
            assert not re.search(re.escape(tail).replace("/", r"(?:/|\\+/|%2F)"), text), name


def test_a_key_that_was_given_by_mistake_is_not_told(command, serve, tmp_path: Path) -> None:
    """As part of an option it never was in a reply: the report is looked through as a whole."""
    key = REFERENCE_KEY
    url = serve(make_app(Endpoint()))
    at = ("--base-url", f"{url}/v1", "--model", "gpt-4o", "--seed", key)
    ended = command("run", *at, "-k", f"content-type-is-json or {key}")
    files = [tmp_path / "out" / name for name in ("report.json", "report.html", "junit.xml")]
    texts = [ended.stdout, ended.stderr, *(file.read_text() for file in files)]
    assert ended.status == 0
    assert [key in text for text in texts] == [False] * len(texts)
    assert json.loads(files[0].read_text())["header"]["options"]["keyword"].startswith("content")
