"""An exchange comes back from its cassette as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import vcr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.model import (
    Ability,
    Case,
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
from conformance.recording import cassettes, origin
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


def again(folder: Path, case: Case, *exchanges: Exchange) -> list[Exchange | None]:
    cassettes.store(folder, case, TARGET, exchanges)
    found = cassettes.load(cassettes.path_of(folder, case), cassettes.Shared())
    assert found is not None
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
def test_it_comes_back_as_it_was(tmp_path: Path, all_cases: list[Case], one: Exchange) -> None:
    assert again(tmp_path, all_cases[0], one) == [one]


def test_requests_are_told_apart(tmp_path: Path, all_cases: list[Case]) -> None:
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
    assert again(tmp_path, all_cases[0], *several) == several


def test_every_case_has_a_file_of_its_own(tmp_path: Path, all_cases: list[Case]) -> None:
    paths = [cassettes.path_of(tmp_path, case) for case in all_cases]
    assert len(set(paths)) == len(paths)
    assert all(path.is_relative_to(tmp_path) and ".." not in path.parts for path in paths)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=60))
def test_any_body_comes_back(tmp_path: Path, all_cases: list[Case], body: bytes) -> None:
    one = exchange(body)
    assert again(tmp_path, all_cases[0], one) == [one]


def test_vcr_replays_what_was_recorded(tmp_path: Path, all_cases: list[Case]) -> None:
    """The files are VCR's own: whoever knows pytest-recording can use them without the suite."""
    one, two = exchange(b'{"n":1}'), exchange(b'{"n":2}', words="other")
    again(tmp_path, all_cases[0], one, two)
    player = vcr.VCR(record_mode="none", match_on=["method", "path", "body"])
    path = cassettes.path_of(tmp_path, all_cases[0])
    with player.use_cassette(str(path)), httpx.Client() as client:
        for wanted in (two, one):
            url = TARGET.base_url + wanted.sent.path
            found = client.post(url, content=wanted.sent.body)
            assert (found.status_code, found.content) == (200, wanted.body)


def test_nothing_is_left_of_a_cassette_that_cannot_be_written(
    tmp_path: Path, all_cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    again(tmp_path, all_cases[0], exchange(b"old"))
    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cassettes.store(tmp_path, all_cases[0], TARGET, [exchange(b"new")])
    monkeypatch.undo()
    (left,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == cassettes.path_of(tmp_path, all_cases[0])
    assert b"old" in left.read_bytes()


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, all_cases: list[Case]
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(cassettes.CassetteError, match=r"^cannot write the cassette .*: Not a dir"):
        cassettes.store(tmp_path / "file", all_cases[0], TARGET, [exchange()])


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
    origin.write(tmp_path, target, "some-seed", Redactor(()))
    found = origin.read(tmp_path)
    assert (found.target, found.seed) == (target, "some-seed")


def test_a_target_of_before_comes_back_without_what_nobody_knew_then(tmp_path: Path) -> None:
    origin.write(tmp_path, TARGET, "some-seed", Redactor(()))
    path = tmp_path / origin.FILE
    document = json.loads(path.read_text())
    for name in ("claimed", "vouched", "most_pictures", "most_bytes"):
        del document["target"][name]
    path.write_text(json.dumps(document))
    assert origin.read(tmp_path).target == TARGET
