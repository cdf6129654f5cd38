"""From where the reference endpoint downloads, and that it never connects beyond loopback."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from conformance.reference.addresses import Downloader, loopback, origin_of
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import all_faults

LOOPBACK = [
    "127.0.0.1", "127.1", "127.255.0.3", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "0x7f000001",
    "017700000001", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "localhost",
    "LOCALHOST",
]  # fmt: skip
BEYOND = [
    "10.0.0.1", "192.168.1.1", "169.254.169.254", "192.0.2.1", "0.0.0.0", "0", "3232235777",
    "012.0.0.1", "::", "::ffff:10.0.0.1", "fe80::1", "fd00::1", "example.org", "localhost.", "",
    "localhost.example.org", "127.0.0.1.example.org", "128.0.0.1",
]  # fmt: skip
ALLOWED = "http://127.0.0.1:8398"
_KINDS = {f.make.downloader_kind for f in all_faults().values()} | {Downloader}
KINDS = sorted(_KINDS, key=lambda kind: kind.__name__)


class Recorder(httpx.AsyncBaseTransport):
    """Answers everything with a redirect to the next of some addresses, then with bytes."""

    def __init__(self, *onward: str) -> None:
        self.onward = list(onward)
        self.asked: list[httpx.URL] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        if self.onward:
            return httpx.Response(302, headers={"location": self.onward.pop(0)})
        return httpx.Response(200, content=b"bytes", headers={"content-type": "image/png"})


def download(downloader: Downloader, url: str) -> bytes | None:
    """The bytes; None where they are refused."""

    async def go() -> bytes | None:
        try:
            return (await downloader.get(url, "url")).data
        except (ApiError, httpx.HTTPError, httpx.InvalidURL):
            return None
        finally:
            await downloader.close()

    return asyncio.run(go())


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@pytest.mark.parametrize("host", LOOPBACK)
def test_every_spelling_of_loopback_is_known(host: str) -> None:
    address = loopback(host)
    assert address is not None
    assert address.is_loopback


@pytest.mark.parametrize("host", BEYOND)
def test_nothing_else_is_taken_for_loopback(host: str) -> None:
    assert loopback(host) is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("host", BEYOND)
def test_no_downloader_connects_beyond_loopback(kind: type[Downloader], host: str) -> None:
    """Neither at once nor by a redirect, whatever the fault allows."""
    url = f"http://{bracketed(host)}/picture.png"
    for first, onward in ((url, ()), (f"{ALLOWED}/a", (url,))):
        recorder = Recorder(*onward)
        download(kind(recorder), first)
        assert {str(asked.host) for asked in recorder.asked} <= {"127.0.0.1"}


@pytest.mark.parametrize("host", LOOPBACK[1:])
def test_an_allowed_origin_has_one_spelling(host: str) -> None:
    recorder = Recorder()
    downloader = Downloader(recorder)
    downloader.origins = frozenset({ALLOWED})
    assert download(downloader, f"http://{bracketed(host)}:8398/a") is None
    assert recorder.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8399/a", "http://127.0.0.1/a", "https://127.0.0.1:8398/a",
        "http://127.0.0.1:8398@127.0.0.1:8399/a", "http://localhost:8398/a", "http://127.1:8398/a",
    ],
)  # fmt: skip
def test_an_allowed_origin_is_scheme_host_and_port(url: str) -> None:
    for first, onward in ((url, ()), (f"{ALLOWED}/a", (url,))):
        recorder = Recorder(*onward)
        downloader = Downloader(recorder)
        downloader.origins = frozenset({ALLOWED})
        assert download(downloader, first) is None
        assert len(recorder.asked) == len(onward)


def test_an_allowed_origin_is_fetched_redirects_within_it_too() -> None:
    downloader = Downloader(Recorder(f"{ALLOWED}/b", "/c"))
    downloader.origins = frozenset({ALLOWED})
    assert download(downloader, f"{ALLOWED}/a") == b"bytes"


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("http://127.0.0.1:80/pics/", "http://127.0.0.1"),
        ("HTTPS://Pictures.Example:8443", "https://pictures.example:8443"),
        ("http://[::1]:8", "http://[::1]:8"),
    ],
)
def test_an_origin_is_compared_in_one_form(text: str, origin: str) -> None:
    assert origin_of(text) == origin
    assert Endpoint(pictures_from=[text]).downloader.origins == {origin}


@pytest.mark.parametrize("text", ["", "127.0.0.1:80", "ftp://127.0.0.1", "http://", "http://a:x"])
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no origin"):
        origin_of(text)
