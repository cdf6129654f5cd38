"""Section A, accused although innocent, where sockets or the command are the point."""

from __future__ import annotations

import http.server
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from between import PAGE
from commanded import HERE, Ended, at, command, environment
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from conformance.asgi.serving import serve_in_thread
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint

#: Seconds in which a wrong call is told, Python's own start and a machine under load included.
SOON = 60.0
PRAISE = ("Conforms", "handles correctly")


def verify_wrong_call(ended: Ended, *words: str) -> None:
    """One sentence with these words, at once, and no verdict on anything."""
    assert ended.status == 2, ended.said
    for word in words:
        assert word in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert ended.seconds < SOON
    assert not ended.is_reported
    assert not any(praise in ended.stdout for praise in PRAISE)


# ---------------------------------------------------------------- A2


@contextmanager
def dying(number: int) -> Iterator[str]:
    """The URL of an endpoint that is killed when so many requests have arrived."""
    with subprocess.Popen(
        [sys.executable, str(HERE / "dying.py"), str(number)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as child:
        assert child.stdout is not None
        try:
            yield child.stdout.readline().strip()
        finally:
            child.kill()


@pytest.mark.slow
def test_a2_the_endpoint_is_killed_during_the_run(tmp_path: Path) -> None:
    with dying(12) as url:
        ended = command(tmp_path, *at(f"{url}/v1"), "--area", "url", "--area", "base64")
    assert ended.status == 3, ended.said
    verdicts = ended.verdicts
    assert set(verdicts.values()) <= {"passed", "unobserved", "blocked"}
    assert verdicts["url/credentials-are-not-forwarded"] == "unobserved"
    assert verdicts["url/fetches-are-few"] == "unobserved"
    assert sum(verdict == "passed" for verdict in verdicts.values()) <= 12
    assert {banner["kind"] for banner in ended.report["footer"]["banners"]} == {"dying"}
    assert not any(praise in ended.stdout for praise in PRAISE)


# ---------------------------------------------------------------- A3


def test_a3_the_tunnel_to_our_own_picture_host_is_down(tmp_path: Path) -> None:
    asked = count()

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        next(asked)
        await make_app(Endpoint())(scope, receive, send)

    with serve_in_thread(endpoint) as url, socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        tunnel = f"http://127.0.0.1:{bound.getsockname()[1]}"
        ended = command(tmp_path, *at(f"{url}/v1"), "--picture-host-url", tunnel)
    verify_wrong_call(ended, "our own picture host cannot be reached", tunnel, "cannot connect")
    # Ourselves first: nothing was asked of the endpoint.
    assert next(asked) == 0


# ---------------------------------------------------------------- A12


def verify_partial(ended: Ended, selected: int) -> None:
    """Wherever a reader looks, it says that this was a part."""
    selection = ended.report["header"]["selection"]
    assert selection["selected"] == len(ended.verdicts) == selected
    words = f"partial run: {selected} of {selection['all']} cases"
    title = ended.page.partition("<title>")[2].partition("</title>")[0]
    for place in (title, ended.stdout, ended.junit):
        assert words in place.lower()
    assert "Conforms" not in ended.stdout
    assert "Conforms" not in ended.page


@pytest.mark.slow
def test_a12_one_case_is_a_partial_run_and_without_its_cassette_nothing(tmp_path: Path) -> None:
    narrowed = ("--area", "base64", "-k", "base64/plain")
    ended = command(tmp_path, "run", "--reference", "--seed", "committed", *narrowed)
    verify_partial(ended, 1)
    assert (ended.status, ended.verdicts) == (0, {"base64/plain": "passed"})
    options = ended.report["header"]["options"]
    assert (options["area"], options["keyword"]) == (["base64"], "base64/plain")
    # What was not looked at has no row of its own.
    assert "not observed" not in ended.stdout

    (cassette,) = (tmp_path / "out" / "cassettes").rglob("exchanges.yaml")
    cassette.unlink()
    judged = command(tmp_path, "judge", "out", "--out", "out", *narrowed)
    verify_partial(judged, 1)
    assert (judged.status, judged.verdicts) == (3, {"base64/plain": "unobserved"})


@pytest.mark.slow
def test_a12_a_may_case_that_fails_is_no_conformance(tmp_path: Path) -> None:
    fault = ("--reference", "--fault", "leaves-refusal-out")
    ended = command(tmp_path, "run", *fault, "--seed", "committed", "-k", "reply-is-complete")
    verify_partial(ended, 1)
    # No MUST was judged.
    assert (ended.status, ended.verdicts) == (3, {"shape/reply-is-complete": "failed"})


# ---------------------------------------------------------------- A13


@contextmanager
def static_server(folder: Path) -> Iterator[str]:
    """Python's own server of files: 501 and a page to every POST."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.slow
def test_a13_a_static_web_server(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    with static_server(tmp_path / "site") as url:
        ended = command(tmp_path, *at(f"{url}/v1"))
    verify_wrong_call(ended, "501", "a web page, not an API", "--base-url")


# ---------------------------------------------------------------- A14

QUOTA = {
    "error": {
        "message": "You exceeded your current quota, please check your plan and billing details.",
        "type": "insufficient_quota",
        "param": None,
        "code": "insufficient_quota",
    }
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "words", "most"),
    [
        # Of a gateway it may pass, so it is asked a few times within seconds.
        pytest.param(
            Response(PAGE, 502, media_type="text/html"),
            ("502", "502 Bad Gateway"),
            6,
            id="502",
            marks=pytest.mark.slow,
        ),
        pytest.param(JSONResponse(QUOTA, 429), ("quota",), 1, id="no quota"),
    ],
)
def test_a14_everything_fails_for_one_reason(
    answer: Response, words: tuple[str, ...], most: int, tmp_path: Path
) -> None:
    asked = count(1)
    posts: list[int] = []

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        posts.append(next(asked))
        await answer(scope, receive, send)

    with serve_in_thread(endpoint) as url:
        ended = command(tmp_path, *at(f"{url}/v1"))
    verify_wrong_call(ended, *words)
    assert len(posts) <= most
