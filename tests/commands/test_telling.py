"""Sentences with hostile texts in them say what is there, and do nothing."""

from __future__ import annotations

import pytest

from conformance.commands.telling import complain, tell

HOSTILE = {
    "title": "\x1b]0;mine\x07",
    "clear": "\x1b[2J",
    "C1": "\x9b2J",
    "override": "\u202e",
    "isolate": "\u2066",
    "zero-width": "\u200b",
    "tag": "\U000e0041",
    "NUL": "\x00",
    "return": "\r",
    "backspace": "\b",
    "surrogate": "\ud800",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_a_stranger_says_is_written_out(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell(f"model {text} is")
    complain(f"model {text} is")
    said = capsys.readouterr()
    for told in (said.out, said.err):
        assert f"U+{ord(text[0]):04X}" in told
        assert text[0] not in told
