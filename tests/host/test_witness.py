"""The witness, and the other places where a picture can be that nobody should fetch."""

from __future__ import annotations

import socket

import httpx
import pytest

from conformance.asgi.sockets import ServeError, listening_socket
from conformance.host import witness
from conformance.host.app import PictureHost
from conformance.host.errors import HostError
from conformance.host.sites import Sites, open_sites
from conformance.host.witness import WitnessServer
from conformance.model import Elsewhere, Hosted, LocalFile
from conformance.wire.address import AT_WITNESS

#: Those that the resolver of this machine is known to take.
SPELLINGS = ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "localhost"]


@pytest.fixture
def sites():
    with open_sites("127.0.0.1:0", "", security=True) as opened:
        yield opened


def has_ipv6() -> bool:
    try:
        listening_socket("[::1]:0").close()
    except ServeError:
        return False
    return True


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_witness_is_reached_however_it_is_spelled(sites: Sites, web, picture, spelling):
    placed = sites.place(picture, Elsewhere(spelling=spelling))
    assert placed.url.startswith(f"http://{spelling}:")
    assert web.get(placed.url).content == picture.data
    (hit,) = sites.fetches(placed.token)
    assert (hit.path, hit.status) == (f"{AT_WITNESS}/TOKEN/picture.png", 200)
    sites.forget(placed.token)
    assert sites.fetches(placed.token) == ()
    assert web.get(placed.url).status_code == 404


@pytest.mark.parametrize("spelling", ["[::1]", "[::ffff:127.0.0.1]"])
def test_the_witness_is_reached_over_ipv6(sites: Sites, web, picture, spelling):
    if not has_ipv6():
        pytest.skip("this machine has no IPv6")
    placed = sites.place(picture, Elsewhere(spelling=spelling))
    assert web.get(placed.url).content == picture.data
    assert len(sites.fetches(placed.token)) == 1


def test_the_witness_listens_on_another_port_than_the_host(sites: Sites):
    assert sites.witness is not None
    assert sites.witness.public_url != sites.host.public_url


@pytest.mark.parametrize("redirects", [(302,), (301, 307)])
def test_redirects_lead_from_the_host_to_the_witness(sites: Sites, web, picture, redirects):
    placed = sites.place(picture, Elsewhere(spelling="127.1", redirects=redirects))
    assert placed.url.startswith(sites.host.public_url)
    reply = web.get(placed.url, follow_redirects=True)
    assert reply.content == picture.data
    assert tuple(r.status_code for r in reply.history) == redirects
    fetches = sites.fetches(placed.token)
    assert [f.status for f in fetches] == [*redirects, 200]
    assert [f.path.startswith(AT_WITNESS) for f in fetches] == [False] * len(redirects) + [True]


@pytest.mark.parametrize("scheme", ["file://", ""])
def test_a_file_is_there_or_missing(sites: Sites, picture, scheme):
    placed = sites.place(picture, LocalFile(scheme=scheme))
    path = placed.url.removeprefix(scheme)
    with open(path, "rb") as file:  # noqa: PTH123
        assert file.read() == picture.data
    missing = sites.place(picture, LocalFile(scheme=scheme, missing=True))
    with pytest.raises(FileNotFoundError):
        open(missing.url.removeprefix(scheme))  # noqa: PTH123, SIM115


def test_the_files_are_gone_with_the_run(picture):
    with open_sites("127.0.0.1:0", "", security=True) as sites:
        sites.place(picture, LocalFile())
        folder = sites.folder
        assert folder is not None
        assert list(folder.iterdir())
    assert not folder.exists()


def test_without_security_there_is_nothing_of_this(picture):
    with open_sites("127.0.0.1:0", "", security=False) as sites:
        assert (sites.witness, sites.folder) == (None, None)
        assert sites.place(picture, Hosted()).url.startswith(sites.host.public_url)
    bare = Sites(host=PictureHost("http://pictures.test"))
    for via in (Elsewhere(), LocalFile()):
        with pytest.raises(ValueError, match="--security"):
            bare.place(picture, via)


def test_a_port_that_is_somebody_elses_on_ipv6_is_not_taken(monkeypatch):
    if not has_ipv6():
        pytest.skip("this machine has no IPv6")
    taken: list[socket.socket] = []

    def first_is_taken(bind: str) -> socket.socket:
        if bind.startswith("[::1]") and not taken:
            taken.append(listening_socket(bind))
        return listening_socket(bind)

    monkeypatch.setattr(witness, "listening_socket", first_is_taken)
    with WitnessServer() as server, taken[0]:
        port = taken[0].getsockname()[1]
        assert not server.host.public_url.endswith(f":{port}")


def test_no_port_at_all_is_explained(monkeypatch):
    def always_taken(bind: str) -> socket.socket:
        if bind.startswith("[::1]"):
            raise ServeError("taken") from OSError(98, "taken")
        return listening_socket(bind)

    monkeypatch.setattr(witness, "listening_socket", always_taken)
    with pytest.raises(HostError, match="no port is free"), WitnessServer():
        pass


def test_without_ipv6_the_witness_is_on_ipv4_alone(monkeypatch, web, picture):
    def ipv4_only(bind: str) -> socket.socket:
        if bind.startswith("["):
            raise ServeError("no IPv6") from OSError(97, "no IPv6")
        return listening_socket(bind)

    monkeypatch.setattr(witness, "listening_socket", ipv4_only)
    monkeypatch.setattr(witness, "_NO_IPV6", (97,))
    with WitnessServer() as server:
        assert web.get(server.host.place(picture, Hosted()).url).content == picture.data


# ---------------------------------------------------------------- floods


def test_a_flood_ends_when_the_client_hangs_up(place, host, web, settled):
    for kind in ("endless", "vast"):
        placed = place(instead=kind)
        with (
            httpx.Client(trust_env=False, verify=False) as client,
            client.stream("GET", placed.url) as reply,
        ):
            announced = reply.headers.get("content-length")
            next(reply.iter_raw())
        assert announced == (None if kind == "endless" else "10000000000")
        assert settled(placed.token).bytes_sent < 32 * 1024 * 1024


def test_what_was_announced_too_large_is_cut(place, web, caplog):
    with pytest.raises(httpx.TransportError):
        web.get(place(instead="vast").url)
    assert caplog.records == []


def test_a_compressed_flood_is_small_and_inflates_to_the_picture(place, web, host):
    placed = place(instead="inflated")
    with web.stream("GET", placed.url) as reply:
        assert reply.headers["content-encoding"] == "gzip"
        sizes = [len(piece) for piece in reply.iter_bytes()]
    assert sum(sizes) > 128 * 1024 * 1024
    assert host.fetches(placed.token)[0].bytes_sent < 1_000_000
