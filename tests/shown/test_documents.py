"""A report of somebody else, hostile in every member that is free, as each report shows it."""

from __future__ import annotations

import io
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from conformance.report import jsonfile
from conformance.report.comparison import lacks, print_comparison
from conformance.report.document import document
from conformance.report.html import render
from conformance.report.matrix import print_matrix
from conformance.report.screen import Screen
from conformance.report.text import scrubbed, unbroken
from conformance.suite.junit import suite_properties
from tests.report.conftest import able, header, many_findings, some_bill, told
from tests.shown import looking
from tests.shown.texts import TEXTS
from tests.shown.unseen import UNSEEN

#: Members that a machine reads: of a closed vocabulary, an address of ours, or a place in the page.
CLOSED = {"verdict", "level", "url", "kind", "area", "dimensions", "sent_as", "detail"}
#: How texts are put together, so that a few pages hold all of them.
GROUPS = 5
_ALL = [scrubbed(text)[:400] for text in (TEXTS | UNSEEN).values()]
_OURS = """
html head meta title style body a header p h1 h2 h3 h4 code div span strong i ul li b dl dt dd main
section table thead tbody tr th td form fieldset legend input label small details summary footer
mark ol pre figure figcaption svg path text circle
"""
_TAGS = _OURS.split()


each_group = pytest.mark.parametrize("group", range(GROUPS))


@cache
def spoiled(group: int) -> dict[str, Any]:
    """A report in which every free text is one of the group."""
    findings = many_findings(20)
    doc = document(
        header(), findings, interrupted=False, diagnosis=told(findings), abilities=able(),
        bill=some_bill(),
    )  # fmt: skip
    texts = _ALL[group::GROUPS]
    return _spoiled(doc, iter(texts * 10_000))


def _spoiled(value: Any, texts: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _spoiled(v, texts, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_spoiled(each, texts, name) for each in value]
    is_free = isinstance(value, str) and value and name not in CLOSED and name != "ability"
    if name == "verdict" or not is_free or value in ("as-claimed", "not-as-claimed"):
        return value
    return next(texts)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        acting = [n for n, v in attrs if n.startswith("on") or n in ("src", "srcdoc", "action")]
        led = [v for n, v in attrs if n == "href" and not (v or "").startswith(("#", "https://"))]
        self.odd += [f"<{tag} {acting} {led}>"] if acting or led or tag not in _TAGS else []

    def handle_comment(self, data: str) -> None:
        self.odd.append(f"<!--{data}")


@pytest.mark.sampled(GROUPS)
@each_group
def test_the_page_is_ours(group: int) -> None:
    page = render(spoiled(group), {})
    reader = _Page()
    reader.feed(page)
    assert reader.odd == []
    assert looking.hidden(page) == []


@pytest.mark.sampled(GROUPS)
@each_group
def test_the_terminal_is_calm(group: int) -> None:
    assert lacks(spoiled(group)) == ""
    for width in (40, 120):
        out = io.StringIO()
        print_matrix(spoiled(group), Screen(file=out, width=width))
        print_comparison(
            [spoiled(group), spoiled(group)], Screen(file=out, width=width), ["a\x1b[2J", "b"]
        )
        assert list(looking.in_terminal(out.getvalue()))[:3] == []


@pytest.mark.sampled(GROUPS)
@each_group
def test_properties_of_xml_are_calm(group: int) -> None:
    shown = "".join(f"<p v={quoteattr(unbroken(v))}/>" for _, v in suite_properties(spoiled(group)))
    assert list(looking.in_xml(f"<all>{shown}</all>"))[:3] == []


@pytest.mark.sampled(GROUPS)
@each_group
def test_the_file_is_ascii_and_comes_back(group: int, tmp_path: Path) -> None:
    jsonfile.write(tmp_path / "report.json", spoiled(group))
    assert (tmp_path / "report.json").read_bytes().isascii()
    assert jsonfile.read(tmp_path / "report.json") == spoiled(group)
