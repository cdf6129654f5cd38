"""The terminal: readable in 80 columns, without colours, and safe."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from rich.console import Console

from conformance.report.matrix import print_matrix


def _printed(doc: dict[str, Any], **options: Any) -> str:
    out = io.StringIO()
    print_matrix(doc, Console(file=out, **({"width": 80} | options)))
    return out.getvalue()


def test_a_pipe_gets_plain_text_of_80_columns(doc: dict[str, Any]) -> None:
    lines = _printed(doc).splitlines()

    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if "\x1b" in line]


def test_the_headline_areas_lead_with_their_standing_in_words(doc: dict[str, Any]) -> None:
    lines = _printed(doc).splitlines()

    assert re.fullmatch(r"Area +MUST +SHOULD +MAY +Overall *", lines[1])
    assert re.fullmatch(
        r"Pictures by URL +✗1 ✓3 +–1 ✓1 +⊘1 ✓1 +✗ 1 requirement violated *", lines[2]
    )
    starts = ["Pictures by URL", "Base64 data URLs", "Several pictures", "Detail levels"]
    named = [start for line in lines for start in starts if line.startswith(start)]
    assert named == starts
    text = _printed(doc)
    for words in ("6 failed", "3 beyond the model", "3 not observed", "1 no published rule"):
        assert words in text


def test_the_four_areas_are_named_even_where_nothing_ran(doc: dict[str, Any]) -> None:
    only = [f for f in doc["findings"] if f["area"] == "url"]

    assert re.search(r"Detail levels +– not run", _printed({**doc, "findings": only}))


def test_banners_then_statements_then_failures_in_their_order(doc: dict[str, Any]) -> None:
    text = " ".join(_printed(doc).split())
    first, second = (statement["cases"] for statement in doc["footer"]["diagnosis"])
    said = [
        "What this model can do",
        "✗ cannot count discs: 2, 3 expected",
        "! 12 of 620 first tries answered 500.",
        "✗ MUST Pictures are not read: 9 of 10 requests with detail low; 1 of 210 without.",
        f"{', '.join(first)} ✗ SHOULD Billed 200 %",
        f"✗ {first[0]}",
        f"✗ {second[0]}",
    ]
    places = [text.index(words) for words in said]

    assert places == sorted(places)


def test_a_partial_run_says_so(doc: dict[str, Any]) -> None:
    header = doc["header"] | {
        "selection": {"selected": 60, "all": 575, "partial": True},
        "options": {"keyword": "plain"},
    }

    assert "\nPartial run: 60 of 575 cases (-k plain).\n" in _printed({**doc, "header": header})
    assert "artial run" not in _printed(doc)


def test_failures_say_expected_actual_and_hint(doc: dict[str, Any]) -> None:
    text = _printed(doc)

    assert "✗ url/rule-4[case-4]  MUST" in text
    assert "expected the code 7KQ4M in the answer" in text
    assert "hint     The endpoint may drop picture parts silently." in text
    assert len(re.findall(r"^✗ \S+\[case-\d+\]  ", text, re.MULTILINE)) == 6
    assert text.rstrip().endswith("3 MUST requirements are violated, in 3 cases. Exit status 1.")


@pytest.mark.parametrize("colours", [True, False])
def test_the_endpoint_cannot_steer_the_terminal(doc: dict[str, Any], colours: bool) -> None:
    text = _printed(doc, force_terminal=colours, width=200)
    ours = re.sub(r"\x1b\[[\d;]*m", "", text)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e\u200b]", ours)
    assert "⟨U+001B⟩[31mred" in ours


def test_markup_of_the_endpoint_is_text(doc: dict[str, Any]) -> None:
    finding = next(f for f in doc["findings"] if f["verdict"] == "failed")
    odd = finding | {"actual": "[bold]loud[/bold] [/nothing] [link=https://x.example]y[/link]"}

    assert "[bold]loud[/bold] [/nothing]" in _printed({**doc, "findings": [odd]})


def test_a_console_without_unicode_is_served(doc: dict[str, Any]) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    print_matrix(doc, Console(file=out, width=80))
    out.flush()

    assert b"x 1 requirement violated" in raw.getvalue()


def test_many_failures_are_counted_not_listed(doc: dict[str, Any]) -> None:
    finding = next(f for f in doc["findings"] if f["verdict"] == "failed")

    text = _printed({**doc, "findings": [finding] * 45})

    assert len(re.findall(r"^✗ url/rule-4\[case-4\]", text, re.MULTILINE)) == 40
    assert "5 more failures in the report file." in text
