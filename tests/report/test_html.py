"""The page: complete, self-contained, bounded, and deaf to what the endpoint says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from conformance.model import Finding, Picture
from conformance.report.document import Header, document
from conformance.report.html import render

VOID = {"meta", "img", "input", "br", "hr", "link"}
TAGS = """
html head meta title style body a header p h1 code div span strong b i ul li dl dt dd main section
h2 h3 h4 table thead tbody tr th td form fieldset legend input label small details summary figure
figcaption pre mark footer
"""
EXPECTED_TAGS = set(TAGS.split())


class Page(HTMLParser):
    """Elements, their attributes and the text of a page; unbalanced tags are an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, attribute: str) -> list[str]:
        return [a[attribute] or "" for _, a in self.elements if attribute in a]


@pytest.fixture(scope="module")
def html(doc: dict[str, Any], pictures: dict[str, Picture]) -> str:
    return render(doc, pictures)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_only_our_elements_and_no_handlers(page: Page) -> None:
    assert {tag for tag, _ in page.elements} <= EXPECTED_TAGS
    names = {name for _, attributes in page.elements for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "srcdoc")]


def test_the_policy_forbids_everything_but_our_styles_and_pictures(page: Page) -> None:
    policies = [a["content"] for t, a in page.elements if t == "meta" and "http-equiv" in a]

    assert policies == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


def test_links_are_http_or_lead_somewhere_on_the_page(page: Page) -> None:
    links, anchors = page.values("href"), page.values("id")

    outside = {link for link in links if not link.startswith("#")}
    assert outside == {"https://example.org/images", "https://example.org/rfc9110#section-15.4"}
    assert {link[1:] for link in links if link.startswith("#")} <= set(anchors)
    assert [name for name, times in Counter(anchors).items() if times > 1] == []


def test_nothing_invisible_is_left(html: str) -> None:
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", html) == []
    assert '<mark class="cp">U+202E</mark>gnp.exe' in html


def test_hostile_text_is_still_there_to_be_read(page: Page, hostile: str) -> None:
    shown = "".join(page.text)

    assert "<script>document.title='owned'</script>" in shown
    assert "{{ 7*7 }}{% raw %}" in shown


def test_each_picture_is_embedded_once_and_used_often(html: str, page: Page) -> None:
    embedded = re.findall(r"url\((data:image/webp;base64,[^)]+)\)", html)
    used = Counter(c for a in page.values("class") for c in a.split() if re.fullmatch(r"p\d+", c))

    assert len(embedded) == len(set(embedded)) == 8
    assert len(used) == 8
    assert max(used.values()) > 3
    assert "image/png, does not decode" in "".join(page.text)


def test_every_finding_has_its_place_failed_first(page: Page, doc: dict[str, Any]) -> None:
    classes = [a["class"] or "" for t, a in page.elements if t == "details" and "id" in a]
    order = ["failed", "unobserved", "blocked", "not-applicable", "passed"]
    shown = [order.index(c.split()[1].removeprefix("v-")) for c in classes]

    assert len(classes) == len(doc["findings"])
    # Ranks rise within an area and fall back only where one of the 8 areas ends.
    assert sum(a > b for a, b in pairwise(shown)) == 7


@pytest.mark.parametrize(
    "text",
    [
        "Does not conform.",
        "1 requirement violated",
        "Not observed",
        "Blocked",
        "an endpoint that saw nothing passes by luck about once in 1,000,000 tries",
        "no reply within 120 s, three times",
        "42 pieces",
        "Took",
        "4 min 36 s",
        "20260301",
    ],
)
def test_the_page_says(page: Page, text: str) -> None:
    assert text in "".join(page.text)


def test_an_equal_exchange_is_shown_once_where_it_failed(doc: dict[str, Any]) -> None:
    passed = next(f for f in doc["findings"] if f["verdict"] == "passed" and f["evidence"])
    failed = passed | {"case": "zoo/late", "area": "zoo", "verdict": "failed"}
    page = Page(render({**doc, "findings": [passed, failed]}, {}))

    shown = "".join(page.text)
    assert shown.count("The same as one shown under zoo/late.") == len(passed["evidence"])
    assert shown.count("Reproduce with curl") == len(passed["evidence"])


def test_three_hundred_findings_stay_small(
    make_header: Callable[..., Header],
    make_findings: Callable[[int], list[Finding]],
    pictures: dict[str, Picture],
) -> None:
    doc = document(make_header(), make_findings(300), interrupted=True)
    for number, finding in enumerate(doc["findings"]):
        finding["actual"] = "\x00<\u202e&" * 2000
        for exchange in finding["evidence"]:
            exchange["reply"] = exchange["response"]["body"] = f"{number}" + "\x00<\u202e&" * 2000

    html = render(doc, pictures)

    assert len(html.encode()) < 3_000_000
    assert "Interrupted." in html


def test_a_run_without_findings_or_pictures(make_header: Callable[..., Header]) -> None:
    page = Page(render(document(make_header(), [], interrupted=False), {}))

    assert "Not established." in "".join(page.text)
    assert "no check of this area ran" in "".join(page.text)


def test_unknown_pictures_become_tiles(doc: dict[str, Any]) -> None:
    html = render(doc, {})

    assert "not in this corpus" in html
    assert "url(data:" not in html


def test_a_hostile_picture_name_stays_text(doc: dict[str, Any], hostile: str) -> None:
    finding = next(f for f in doc["findings"] if f["evidence"])
    exchange = finding["evidence"][0] | {"pictures": [hostile]}
    odd = {**doc, "findings": [finding | {"evidence": [exchange]}]}

    assert {tag for tag, _ in Page(render(odd, {})).elements} <= EXPECTED_TAGS
