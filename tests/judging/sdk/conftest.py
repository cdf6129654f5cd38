from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance import data
from conformance.asgi.serving import serve_in_thread
from conformance.drawing import corpus
from conformance.drawing.corpus import Corpus
from conformance.host.server import HostServer
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint


@pytest.fixture(scope="session")
def pictures() -> Corpus:
    return corpus.load(data.folder("fixtures"))


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """The reference endpoint on a real socket. Terse, so that an answer is the code alone."""
    with serve_in_thread(make_app(Endpoint(style="terse"))) as url:
        yield f"{url}/v1"


@pytest.fixture(scope="session")
def picture_host() -> Iterator[HostServer]:
    with HostServer() as server:
        yield server
