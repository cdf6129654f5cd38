"""Every hostile text through the function of each medium, and what the medium makes of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape, quoteattr

import pytest
import vcr
import yaml
from rich.table import Table

from conformance.commands.telling import complain, tell
from conformance.model import Exchange, Fetch, Probe, Sent, Target, TextPart, Turn
from conformance.recording.cassette import FILE, Cassette
from conformance.report.billchart import chart
from conformance.report.curl import curl
from conformance.report.markdown import cell
from conformance.report.screen import Screen
from conformance.report.text import fitted, line, marked, scrubbed, unbroken
from conformance.wire import address, chat
from conformance.wire.chat import read_reply
from tests.report.conftest import some_bill
from tests.shown import looking, shell
from tests.shown.endpoint import encoded, value
from tests.shown.texts import TEXTS
from tests.shown.unseen import UNSEEN

ALL = TEXTS | UNSEEN
every = pytest.mark.parametrize("text", ALL.values(), ids=ALL)
BASE = "http://127.0.0.1:9/v1"


def off(problems: Iterator[str]) -> list[str]:
    return list(problems)[:3]


@every
def test_a_sentence_is_one_line(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell(f"model {text} is")
    complain(text)
    said = capsys.readouterr()
    for told in (said.out, said.err):
        assert told.count("\n") == 1
        assert off(looking.in_terminal(told)) == []


@every
def test_a_screen_shows_text_alone(text: str) -> None:
    out = io.StringIO()
    screen = Screen(file=out, width=70)
    table = Table(text, box=None)
    table.add_row(text, f"x {line(text)}")
    screen.print(table)
    screen.print(text)
    assert off(looking.in_terminal(out.getvalue())) == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_a_screen_without_unicode_shows_all(encoding: str) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    for text in ALL.values():
        Screen(file=out, width=70).print(text, line(text))
    out.flush()


@every
def test_pages_and_xml_hold_text_alone(text: str) -> None:
    for made in (marked(text), fitted(text, 300)):
        assert off(looking.in_html(str(made))) == []
    fit = unbroken(text)
    assert off(looking.in_xml(f"<a b={quoteattr(fit)}>{escape(fit)}</a>")) == []


@every
def test_a_picture_of_the_bill_is_xml(text: str) -> None:
    drawn = chart(some_bill(model=text, words=f"claims {text}"), alone=True)
    assert off(looking.in_xml(str(drawn))) == []
    assert "<script" not in drawn


@every
def test_a_cell_of_markdown_is_text(text: str) -> None:
    assert off(looking.in_markdown(cell(text))) == []


def exchange(text: str) -> Exchange:
    """With the text wherever an endpoint can put one."""
    probe = Probe(turns=(Turn(parts=(TextPart(text=scrubbed(text)),)),))
    target = Target(name="t", base_url=BASE, model=scrubbed(text))
    body = encoded(json.dumps({text: text, "choices": [{"message": {"content": text}}]}))
    said = (value(scrubbed(text)), scrubbed(text))
    headers = (*(("x-said", each) for each in said), ("content-type", "text/plain"))
    fetch = Fetch(
        at=0.1, method="GET", path=scrubbed(text), headers=headers, status=200, bytes_sent=1
    )
    sent = Sent(
        method="POST",
        path="/chat/completions",
        headers=(
            ("content-type", "application/json"),
            ("x-mine", value(text).encode("ascii", "replace").decode()),
        ),
        body=chat.write_body(probe, target, address.symbolic),
    )
    made = Exchange(
        probe=probe, sent=sent, status=200, headers=tuple((k, scrubbed(v)) for k, v in headers),
        body=body + encoded(text), fetches=(fetch,), troubles=(scrubbed(text),), elapsed=0.1,
    )  # fmt: skip
    return replace(made, reply=read_reply(200, "text/plain", made.body))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
def test_a_cassette_holds_what_was_said(tmp_path: Path, loader: Any) -> None:
    cassette, target = Cassette(tmp_path), Target(name="t", base_url=BASE, model="m")
    said = [exchange(text) for text in ALL.values()]
    for each in said:
        cassette.add(each, target)
    again = Cassette(tmp_path)
    assert [again.find(e.probe, e.sent) for e in said] == said
    written = (tmp_path / FILE).read_text("utf-8")
    found = yaml.load(written, Loader=loader)["interactions"]
    assert [_bytes(each["response"]["body"]["string"]) for each in found] == [e.body for e in said]
    assert [each["response"]["headers"]["x-said"] for each in found] == [
        [v for k, v in e.headers if k == "x-said"] for e in said
    ]
    with vcr.VCR(record_mode="none").use_cassette(str(tmp_path / FILE)) as played:
        assert len(played) == len(said)


def _bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body


@pytest.mark.sampled(4)
@pytest.mark.parametrize("part", range(4))
def test_curl_lines_run_nothing(tmp_path: Path, part: int) -> None:
    texts = list(ALL.values())[part::4]
    said = [exchange(text) for text in texts]
    bases = [f"{BASE}/{value(scrubbed(text))[:300]}" for text in texts]
    commands = [
        curl(e, base, query=(("q", e.probe.turns[0].parts[0].text),))  # type: ignore[union-attr]
        for e, base in zip(said, bases, strict=True)
    ]
    called = shell.run(commands, tmp_path)
    for one, base, command, found in zip(said, bases, commands, called, strict=True):
        assert found.body == one.sent.body
        url = found.arguments[found.arguments.index("POST") + 1]
        assert unquote(url).startswith(unquote(base))
        assert f"x-mine: {dict(one.sent.headers)['x-mine']}" in found.arguments
        assert looking.hidden(command) == []
