from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from conformance.host.app import PictureHost, Placement
from conformance.host.server import HostServer
from conformance.model import Fetch, Hosted, Picture

Place = Callable[..., Placement]


@pytest.fixture(scope="session")
def picture() -> Picture:
    return make_picture(1)


@pytest.fixture(scope="session")
def pictures() -> tuple[Picture, ...]:
    """Twelve pictures of different sizes, the largest of several pieces."""
    return tuple(make_picture(n) for n in range(1, 13))


def make_picture(number: int) -> Picture:
    data = b"\x89PNG\r\n\x1a\n" + hashlib.sha256(str(number).encode()).digest() * number * 500
    return Picture(
        id=f"p{number}",
        file_bytes=data,
        sha256=hashlib.sha256(data).hexdigest(),
        file=f"{number}.png",
        media_type="image/png",
    )


@pytest.fixture(scope="session")
def server() -> Iterator[HostServer]:
    with HostServer() as running:
        yield running


@pytest.fixture
def host(server: HostServer) -> PictureHost:
    return server.host


@pytest.fixture
def place(host: PictureHost, picture: Picture) -> Iterator[Place]:
    """Places the one picture with the orders given as keywords."""
    placed: list[Placement] = []

    def put(**orders: object) -> Placement:
        placed.append(host.place(picture, Hosted(**orders)))
        return placed[-1]

    yield put
    for placement in placed:
        host.forget(placement.token)


@pytest.fixture(scope="session")
def web() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=5, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def settled(host: PictureHost) -> Callable[[str], Fetch]:
    """The only fetch of a token, once its byte count has stopped changing."""

    def wait(token: str) -> Fetch:
        before, deadline = None, time.monotonic() + 2
        while time.monotonic() < deadline:
            (now,) = host.fetches(token)
            if now == before:
                return now
            before = now
            time.sleep(0.1)
        raise AssertionError(f"still sending: {before}")

    return wait
