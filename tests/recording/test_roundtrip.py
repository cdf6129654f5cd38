"""An exchange comes back from its cassette as it was."""

from __future__ import annotations

import json
import resource
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import vcr
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.model import (
    Ability,
    Chunk,
    Claim,
    Credential,
    Exchange,
    Fetch,
    Probe,
    Service,
    Target,
    TextPart,
    Turn,
)
from conformance.recording import origin
from conformance.recording.cassette import FILE, Cassette, CassetteError
from conformance.redact import Redactor
from conformance.wire.chat import read_reply
from conformance.wire.request import sent_request

TARGET = Target(name="t", base_url="http://127.0.0.1:9/v1", model="m")
FETCHES = (
    Fetch(
        at=0.25,
        method="GET",
        path="/p1.0badf00d/picture.png",
        headers=(("user-agent", "fetcher/1 ü"), ("accept", "image/*")),
        status=302,
        bytes_sent=0,
    ),
    Fetch(at=0.5, method="HEAD", path="/", headers=(), status=0, bytes_sent=7),
)


def exchange(body: bytes = b"{}", *, words: str = "hello", **changes: object) -> Exchange:
    probe = Probe(turns=(Turn(parts=(TextPart(text=words),)),))
    probe = replace(probe, **changes.pop("probe", {}))
    plain = Exchange(
        probe=probe,
        sent=sent_request(probe, TARGET, Redactor(())),
        status=200,
        headers=(("content-type", "application/json"),),
        body=body,
        elapsed=1.25,
    )
    made = replace(plain, **changes)
    return replace(made, reply=read_reply(made.status, made.header("content-type"), made.body))


def again(folder: Path, *exchanges: Exchange) -> list[Exchange | None]:
    cassette = Cassette(folder)
    for each in exchanges:
        cassette.add(each, TARGET)
    found = Cassette(folder)
    return [found.find(e.probe, e.sent) for e in exchanges]


STREAM = b'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\r\n\r\ndata: [DONE]\r\n\r\n'


@pytest.mark.parametrize(
    "one",
    [
        exchange(b'{"choices":[{"message":{"content":"\\u00fc"}}]}'),
        exchange(b""),
        exchange(b"\x00\x01\x02\xff\xfe binary"),
        exchange("Grüße".encode("latin-1")),
        exchange("Grüße, 图像\u2028\x85\ufeff".encode()),
        exchange(b"\xef\xbb\xbf{}"),
        exchange(b" leading\r\nand trailing \n\n"),
        exchange(b"a\rb\tc\x7f\x1b[31m"),
        exchange(b"yes"),
        exchange(b"123"),
        exchange(b"!!python/object/apply:os.system [echo]"),
        exchange(b"\xed\xa0\x80 a lone surrogate"),
        exchange(STREAM, headers=(("content-type", "text/event-stream"),)),
        exchange(STREAM, chunks=(Chunk(at=0.1, size=3), Chunk(at=0.1001, size=len(STREAM) - 3))),
        exchange(fetches=FETCHES),
        exchange(troubles=("503", "reset", "503")),
        exchange(status=503, troubles=("503", "503"), trouble="503", reproduced=True),
        exchange(status=0, troubles=("stall",), trouble="stall", failure="no whole reply"),
        exchange(status=0, headers=(), trouble="stall", failure="none", probe={"is_risky": True}),
        exchange(status=999),
        exchange(headers=(("x-a", "1"), ("x-a", "2"), ("x-b", ""))),
        exchange(words="图像 \U0001f5bc \x00 \r\n"),
        exchange(probe={"raw_body": b"\xff\x00 not json"}),
        exchange(probe={"raw_body": b""}),
        exchange(probe={"credential": Credential.WRONG}),
        exchange(probe={"service": Service.MODELS, "turns": ()}),
    ],
    ids=lambda e: repr(e.body[:20]),
)
def test_it_comes_back_as_it_was(tmp_path: Path, one: Exchange) -> None:
    assert again(tmp_path, one) == [one]
    yaml.load((tmp_path / FILE).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def test_requests_are_told_apart(tmp_path: Path) -> None:
    several = [
        exchange(b"1"),
        exchange(b"2", words="other"),
        exchange(b"3", probe={"sample": 1}),
        exchange(b"4", probe={"sample": 2}),
        exchange(b"5", probe={"credential": Credential.NONE}),
        exchange(b"6", probe={"service": Service.MODELS}),
        exchange(b"7", probe={"stream": True}),
        exchange(b"8", probe={"headers": (("accept", "application/json"),)}),
    ]
    assert again(tmp_path, *several) == several


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=60))
def test_any_body_comes_back(tmp_path: Path, body: bytes) -> None:
    one = exchange(body)
    assert again(tmp_path, one) == [one]


def test_vcr_replays_what_was_recorded(tmp_path: Path) -> None:
    """The file is VCR's own: whoever knows pytest-recording can use it without the suite."""
    one, two = exchange(b'{"n":1}'), exchange(b'{"n":2}', words="other")
    binary = exchange(b"\xff\x00", words="bytes")
    again(tmp_path, one, two, binary)
    player = vcr.VCR(record_mode="none", match_on=["method", "path", "body"])
    with player.use_cassette(str(tmp_path / FILE)), httpx.Client() as client:
        for wanted in (two, binary, one):
            url = TARGET.base_url + wanted.sent.path
            found = client.post(url, content=wanted.sent.body)
            assert (found.status_code, found.content) == (200, wanted.body)


def test_of_equal_requests_the_last_counts(tmp_path: Path) -> None:
    again(tmp_path, exchange(b"old"), exchange(b"other", words="other"))
    cassette = Cassette(tmp_path, "later")
    assert cassette.find(exchange().probe, exchange().sent, own=True) is None
    cassette.add(new := exchange(b"new"), TARGET)
    assert cassette.find(new.probe, new.sent, own=True) == new
    assert again(tmp_path, exchange(b"new")) == [exchange(b"new")]
    before = cassette.size
    cassette.compact()
    assert cassette.size < before
    assert len(Cassette(tmp_path)) == 2
    assert b"old" not in (tmp_path / FILE).read_bytes()


def test_the_same_is_stored_once(tmp_path: Path) -> None:
    again(tmp_path, exchange(b"x"), exchange(b"x"))
    assert (tmp_path / FILE).read_bytes().count(b"\n- ") == 1


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path, cut: int) -> None:
    one, two = exchange(b"1"), exchange(b"2", words="other")
    again(tmp_path, one, two)
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:-cut])
    assert len(Cassette(tmp_path)) == 1
    assert again(tmp_path, one, two) == [one, two]


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    cassette = Cassette(tmp_path / "file")
    (tmp_path / "file").write_text("")
    with pytest.raises(CassetteError, match=r"^cannot write the cassette .*: (Not a|File ex)"):
        cassette.add(exchange(), TARGET)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_sentence_and_costs_nothing(tmp_path: Path) -> None:
    again(tmp_path, exchange(b"1"))
    before = (tmp_path / FILE).read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    cassette = Cassette(tmp_path)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100, limits[1]))
        with pytest.raises(CassetteError, match=r"^cannot write the cassette .*: File too large$"):
            cassette.add(exchange(b"2" * 1000, words="other"), TARGET)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (tmp_path / FILE).read_bytes() == before


def test_the_target_comes_back_as_it_was(tmp_path: Path) -> None:
    """What it declines, claims and vouches for decides what is judged, and how."""
    target = replace(
        TARGET,
        headers=(("x-a", "1"),),
        unclaimed=frozenset({Claim.GIF, Claim.URL}),
        claimed=frozenset({Claim.DETAIL}),
        vouched=frozenset({Ability.COUNT, Ability.READ}),
        most_pictures=5,
        most_bytes=4_000_000,
    )
    origin.write(tmp_path, origin.begun(target, "some-seed", "run"), Redactor(()))
    found = origin.read(tmp_path)
    assert (found.target, found.seed) == (target, "some-seed")


def test_a_target_of_before_comes_back_without_what_nobody_knew_then(tmp_path: Path) -> None:
    origin.write(tmp_path, origin.begun(TARGET, "some-seed", "run"), Redactor(()))
    path = tmp_path / origin.FILE
    document = json.loads(path.read_text())
    for name in ("claimed", "vouched", "most_pictures", "most_bytes"):
        del document["target"][name]
    path.write_text(json.dumps(document))
    assert origin.read(tmp_path).target == TARGET
