"""The section “The bill” and its chart: complete, sound, bounded, and absent without usage."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from conformance.model import Finding
from conformance.report.billchart import chart
from conformance.report.billcolumns import MOST_COLUMNS
from conformance.report.document import Header, document
from conformance.report.html import render
from conformance.wire import contract

SVG = "{http://www.w3.org/2000/svg}"
Bill = dict[str, Any]
MakeBill = Callable[..., Bill]


def point(width: int, detail: str, tokens: int, **changes: Any) -> dict[str, Any]:
    plain = {
        "width": width,
        "height": 512,
        "detail": detail,
        "bytes": 5000,
        "tokens": tokens,
        "requests": 2,
        "claimed": 255,
        "best": 306.0,
    }
    return plain | changes


class Page(HTMLParser):
    """Elements and text of the section alone."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: list[str] = []
        self.text: list[str] = []
        at = html.index('<section aria-labelledby="the-bill"')
        self.feed(html[at : html.index("</section>", at)])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture
def page_of(
    make_header: Callable[..., Header], findings: list[Finding]
) -> Callable[[Bill | None], str]:
    def rendered(bill: Bill | None) -> str:
        doc = document(make_header(), findings[:3], interrupted=False, bill=bill)
        assert contract.problems("report", doc) == []
        return render(json.loads(json.dumps(doc, allow_nan=False)), {})

    return rendered


def test_no_section_without_a_bill(page_of: Callable[[Bill | None], str]) -> None:
    html = page_of(None)

    assert "The bill" not in html
    assert "<svg" not in html


@pytest.mark.parametrize(
    "text",
    [
        "Claims gpt-4o; bills like gpt-4o times 1.2 (p > 0.999).",
        "120.0 % ± 0.2",
        "51 tokens",
        "8 requests",
        "less the 21 of the same words alone",
        "3 more requests with one picture: left out",
        "1 reply left out that counts impossibly many tokens",
        "2 more sizes left out",
        "gpt-4o × 1.2",
        "+20.0 %",
        "200×512",
    ],
)
def test_the_section_says(
    make_bill: MakeBill, page_of: Callable[[Bill | None], str], text: str
) -> None:
    assert text in "".join(Page(page_of(make_bill())).text)


def test_the_table_has_a_row_for_each_size(
    make_bill: MakeBill, page_of: Callable[[Bill | None], str]
) -> None:
    page = Page(page_of(make_bill()))

    assert page.tags.count("tr") == 1 + 4
    assert page.tags.count("svg") == 2


def test_hostile_words_stay_text(
    make_bill: MakeBill, page_of: Callable[[Bill | None], str], hostile: str
) -> None:
    best = {"rules": [hostile], "factor": 1.0, "each": 5.0, "likelihood": 1.0, "estimator": False}
    claimed = {"rule": hostile, "holds": False, "ratio": None, "error": None, "off": None}
    page = Page(page_of(make_bill(model=hostile, words=hostile, best=best, claimed=claimed)))

    tags = "section h2 p dl div dt dd details summary table thead tbody tr th td mark"
    assert set(page.tags) <= {*tags.split(), *["svg", "title", "path", "circle", "text"]}
    assert not [name for name in page.names if name.startswith("on") or name in ("src", "href")]
    assert "\u202e" not in "".join(page.text)


@pytest.mark.parametrize("width", [343, 760, 1056])
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "on a page"])
def test_the_chart_is_sound_xml_within_its_frame(
    make_bill: MakeBill, width: int, alone: bool
) -> None:
    root = ET.fromstring(chart(make_bill(), width, alone=alone))

    assert [len(root.findall(f"{SVG}path[@class='{c}']")) for c in ("claimed", "best")] == [3, 3]
    dots = [d for d in root.findall(f"{SVG}path") if d.find(f"{SVG}title") is not None]
    assert len(dots) == 4
    for text in root.findall(f"{SVG}text[@x]"):
        assert 0 <= float(text.get("x", "-1")) <= width


def test_the_rule_that_holds_is_drawn_once(make_bill: MakeBill) -> None:
    claimed = make_bill()["claimed"] | {"holds": True}
    root = ET.fromstring(chart(make_bill(claimed=claimed, verdict="as-claimed")))

    assert root.findall(f"{SVG}path[@class='best']") == []


@pytest.mark.parametrize(
    "points",
    [
        [point(512, "auto", 0)],
        [point(512, "auto", -40)],
        [point(512, "auto", 10_000_000), point(600, "auto", 255)],
        [point(512, "auto", 300, claimed=None, best=None)],
        [point(512, "auto", 300, claimed=0, best=0.0)],
        [point(512, "auto", n, bytes=n) for n in range(6)],
        [point(n, "auto", 300) for n in range(1, 200)],
        [point(512, "auto", 300, best=1e300)],
    ],
    ids=["0", "negative", "huge", "no rule", "a rule of 0", "many costs", "many sizes", "vast"],
)
@pytest.mark.parametrize("claimed", [True, False], ids=["claimed", "no claim"])
def test_odd_figures(
    make_bill: MakeBill,
    page_of: Callable[[Bill | None], str],
    points: list[dict[str, Any]],
    claimed: bool,
) -> None:
    bill = make_bill(points=points, **({} if claimed else {"claimed": None}))

    for width in (343, 1056):
        text = chart(bill, width)
        ET.fromstring(text)
        assert "nan" not in text
        assert "inf" not in text
    rows = min(len({(p["width"], p["detail"]) for p in points}), MOST_COLUMNS)
    assert Page(page_of(bill)).tags.count("tr") == 1 + rows


def test_a_bill_that_cannot_tell_has_no_best_rule(
    make_bill: MakeBill, page_of: Callable[[Bill | None], str]
) -> None:
    points = [point(512, "auto", 300, best=None)]
    words = "cannot tell by which rule: the cost of 1 picture is known, and 8 are needed"
    changes = {"verdict": "cannot-tell", "best": None, "unexplained": None, "words": words}
    shown = "".join(Page(page_of(make_bill(points=points, **changes))).text)

    assert "Cannot tell by which rule" in shown
    assert "dashed" not in shown
