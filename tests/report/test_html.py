"""The page: complete, self-contained, bounded, and deaf to what the endpoint says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from conformance.diagnosis import Diagnosis, Statement
from conformance.model import Finding, Level, Picture, Symptom
from conformance.report.document import Header, document
from conformance.report.html import render

VOID = {"meta", "img", "input", "br", "hr", "link"}
TAGS = """
html head meta title style body a header p h1 code div span strong b i ul ol li dl dt dd main
section h2 h3 h4 table thead tbody tr th td form fieldset legend input label small details summary
figure figcaption pre mark footer
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
        "cases passed",
        "1 not observed",
        "1 blocked",
        "Pictures are not read: 9 of 10 requests with detail low; 1 of 210 without.",
        "1 of 210",
        "12 of 620 first tries answered 500.",
        "What this model can do",
        "Cannot",
        "Not known",
        "Beyond the model",
        "No published rule",
        "A limit, refused openly",
        "after 500, stall",
        "this one decided",
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


@pytest.mark.slow
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
    assert "no check of it was run" in "".join(page.text)


def test_banners_stand_before_statements_and_these_before_areas(html: str) -> None:
    said = ["12 of 620 first", "Pictures are not read: 9", "Billed 200 %", "Headline areas"]
    places = [html.index(words) for words in said]

    assert places == sorted(places)


def test_a_statement_leads_to_its_findings_and_they_to_it(
    page: Page, doc: dict[str, Any], html: str
) -> None:
    first = doc["footer"]["diagnosis"][0]
    statement = html[html.index('id="s0"') : html.index('id="s1"')]
    at = re.findall(r'<a href="#(f\d+)"><code>(.*?)</code>', statement)

    assert [case for _, case in at] == first["cases"]
    for anchor, case in at:
        finding = html[html.index(f'id="{anchor}"') :]
        assert case in finding[: finding.index("</summary>")]
        assert 'href="#s0"' in finding[: finding.index('class="exchange"')]


def test_a_statement_of_many_cases_folds_most_of_them(
    make_header: Callable[..., Header], verdicts: Callable[..., list[Finding]]
) -> None:
    failed = verdicts(MUST="failed " * 30)
    told = Statement(
        symptom=Symptom.NOT_READ,
        level=Level.MUST,
        words="Pictures are not read: 30 of 30.",
        traits=(),
        red=30,
        judged=30,
        red_without=0,
        judged_without=0,
        cases=tuple(f.case.id for f in failed),
    )
    diagnosis = Diagnosis(banners=(), statements=(told,))
    page = render(document(make_header(), failed, interrupted=False, diagnosis=diagnosis), {})

    statement = page[page.index('id="s0"') :]
    statement = statement[: statement.index("</li>")]
    assert statement.count("<a href=") == 30
    assert "<summary>24 more</summary>" in statement
    assert 'class="shares"' not in statement


def test_what_is_blocked_leads_to_a_case_of_the_same_run(page: Page, html: str) -> None:
    at = re.findall(r'<dt>Blocked by</dt><dd><a href="#(f\d+)">url/rule-4\[case-4\]</a>', html)

    assert len(at) == 6
    assert "url/rule-4[case-4]" in html[html.index(f'id="{at[0]}"') :][:400]


def test_what_the_model_cannot_do_leads_to_the_table(html: str) -> None:
    assert '<dt>The model cannot</dt><dd><a href="#abilities">count discs</a></dd>' in html


def test_a_partial_run_says_so_in_title_and_header(
    make_header: Callable[..., Header], verdicts: Callable[..., list[Finding]]
) -> None:
    options = {"area": ["detail", "url"], "level": "MUST", "keyword": "a<b", "marks": None}
    header = make_header(all_cases=575, options=options)
    html = render(document(header, verdicts(MUST="passed " * 83), interrupted=False), {})
    page = Page(html)

    title = html[html.index("<title>") : html.index("</title>")]
    assert "No MUST requirement is violated in this part (partial run: 83 of 575 cases)" in title
    text = "".join(page.text)
    assert "Partial run: 83 of 575 cases." in text
    assert "--area detail --area url --level MUST -k a<b" in text
    assert "Conforms" not in text
    assert "Handles correctly" not in text


def test_a_whole_run_does_not_say_partial(html: str) -> None:
    assert "artial run" not in html


def test_unknown_pictures_become_tiles(doc: dict[str, Any]) -> None:
    html = render(doc, {})

    assert "not in this corpus" in html
    assert "url(data:" not in html


def test_a_hostile_picture_name_stays_text(doc: dict[str, Any], hostile: str) -> None:
    finding = next(f for f in doc["findings"] if f["evidence"])
    exchange = finding["evidence"][0] | {"pictures": [hostile]}
    odd = {**doc, "findings": [finding | {"evidence": [exchange]}]}

    assert {tag for tag, _ in Page(render(odd, {})).elements} <= EXPECTED_TAGS
