"""Our cassettes are VCR's own files: pytest-recording replays them without us."""

from __future__ import annotations

from functools import cache
from typing import Any

import httpx
import pytest
import yaml
from vcr.errors import CannotOverwriteExistingCassetteException

from conformance import data
from conformance.proving.recorded import Judged, judged_again
from conformance.recording.cassette import FILE

REFERENCE = data.folder("cassettes") / "reference"
#: VCR matches on method and URI only, unless told otherwise; then two POSTs are the same one.
MATCH_ON = ("method", "path", "body")


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(REFERENCE)


def recorded(probe: str, at: int = 0) -> dict[str, Any]:
    """The interaction of one request of a case."""
    [finding] = [each for each in judged().cases if each.case.id == probe]
    body = finding.evidence[at].sent.body.decode()
    [found] = [each for each in interactions() if each["request"]["body"] == body]
    return found


@cache
def judged() -> Judged:
    return judged_again(REFERENCE)


@cache
def interactions() -> list[dict[str, Any]]:
    text = (REFERENCE / FILE).read_text(encoding="utf-8")
    found: list[dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)["interactions"]
    return found


def sent_again(interaction: dict[str, Any], body: str = "") -> httpx.Response:
    request = interaction["request"]
    headers = {key: values[0] for key, values in request["headers"].items()}
    content = (body or request["body"]).encode()
    with httpx.Client(trust_env=False) as client:
        return client.request(request["method"], request["uri"], content=content, headers=headers)


@pytest.mark.vcr(match_on=MATCH_ON)
@pytest.mark.block_network
@pytest.mark.default_cassette(FILE)
def test_a_plain_reply_comes_back_byte_for_byte() -> None:
    interaction = recorded("base64/plain")
    reply = sent_again(interaction)
    wanted = interaction["response"]
    assert reply.status_code == wanted["status"]["code"] == 200
    assert reply.content == wanted["body"]["string"].encode()
    assert reply.headers["content-type"] == "application/json"


@pytest.mark.vcr(match_on=MATCH_ON)
@pytest.mark.block_network
@pytest.mark.default_cassette(FILE)
def test_a_streamed_reply_comes_back_byte_for_byte() -> None:
    """The same question was asked without a stream as well: the body tells the two apart."""
    stream = recorded("streaming/done-ends-the-stream", -1)
    reply = sent_again(stream)
    assert reply.content == stream["response"]["body"]["string"].encode()
    assert reply.content.endswith(b"data: [DONE]\n\n")


@pytest.mark.vcr(match_on=MATCH_ON)
@pytest.mark.block_network
@pytest.mark.default_cassette(FILE)
def test_a_question_about_another_picture_is_not_answered() -> None:
    interaction = recorded("base64/plain")
    body = interaction["request"]["body"].replace("sheet-01", "sheet-02")
    assert body != interaction["request"]["body"]
    with pytest.raises(CannotOverwriteExistingCassetteException):
        sent_again(interaction, body)
