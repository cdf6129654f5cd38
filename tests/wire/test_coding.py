"""Content codings are undone as asked for, and never past a bound."""

from __future__ import annotations

import gzip
import zlib

import pytest

from conformance.wire.coding import CodingError, Decoder

WORDS = b"It is as it is. " * 20


def undone(named: str, data: bytes, piece: int = 7, most: int = 10_000) -> bytes:
    decoder = Decoder(named)
    pieces = (data[at : at + piece] for at in range(0, len(data), piece))
    whole = b"".join(decoder.decode(each, most) for each in pieces)
    decoder.close()
    return whole


@pytest.mark.parametrize(
    ("named", "data"),
    [
        ("", WORDS),
        ("identity", WORDS),
        (" Identity , ", WORDS),
        ("gzip", gzip.compress(WORDS, mtime=0)),
        ("GZIP", gzip.compress(WORDS, mtime=0)),
        ("x-gzip", gzip.compress(WORDS, mtime=0)),
        ("gzip, identity", gzip.compress(WORDS, mtime=0)),
        ("deflate", zlib.compress(WORDS)),
        # As servers do that name the one and send the other.
        ("deflate", gzip.compress(WORDS, mtime=0)),
        ("gzip", zlib.compress(WORDS)),
    ],
)
def test_what_was_asked_for_is_undone(named: str, data: bytes) -> None:
    assert undone(named, data) == WORDS


@pytest.mark.parametrize(
    "named", ["br", "zstd", "compress", "gzip, gzip", "gzip, deflate", "gzip, br", "br, identity"]
)
def test_what_nobody_asked_for_is_not(named: str) -> None:
    with pytest.raises(CodingError, match="nobody asked for"):
        Decoder(named)


@pytest.mark.parametrize("data", [b"{}", gzip.compress(WORDS, mtime=0)[2:], b"\x1f\x8b\x00garbage"])
def test_bytes_that_are_none_are_one_sentence(data: bytes) -> None:
    with pytest.raises(CodingError, match="cannot be decoded") as caught:
        undone("gzip", data)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("cut", [1, 8, 12])
def test_a_body_that_is_cut_off(cut: int) -> None:
    with pytest.raises(CodingError, match="cut off"):
        undone("gzip", gzip.compress(WORDS, mtime=0)[:-cut])


def test_a_body_of_nothing_is_nothing() -> None:
    assert undone("gzip", b"") == b""


@pytest.mark.parametrize("most", [0, 1, 5000])
def test_a_bomb_does_not_go_off(most: int) -> None:
    """A few bytes stand for ten million: no more of them than are wanted, and one."""
    bomb = zlib.compress(bytes(10_000_000), 9)
    assert len(Decoder("gzip").decode(bomb, most)) == most + 1
