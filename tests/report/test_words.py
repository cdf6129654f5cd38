"""Sentences and small texts that the reports share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.model import Finding, Source
from conformance.report import summary
from conformance.report.document import Header, document
from conformance.report.markdown import checks_table
from conformance.report.text import bounded, marked, visible


@pytest.mark.parametrize(
    ("must", "should", "words", "note"),
    [
        ("passed passed", "", "handles correctly", "2 of 2 cases passed"),
        ("passed", "failed", "handles correctly", "1 of 2 cases passed; 1 recommendation"),
        ("passed not-applicable", "", "handles correctly", "1 of 2 cases passed"),
        ("failed blocked passed", "", "1 requirement violated", "1 of 3 cases passed"),
        ("failed failed", "", "2 requirements violated", "0 of 2 cases passed"),
        ("passed blocked", "", "blocked", "1 of 2 cases passed"),
        ("passed blocked unobserved", "", "not observed", "1 of 3 cases passed"),
        ("not-applicable", "", "not claimed", "0 of 1 case passed"),
        ("", "failed", "1 requirement violated", "0 of 1 case passed"),
        ("", "", "not observed", "no check of this area ran"),
    ],
)
def test_the_standing_of_an_area(
    make_header: Callable[..., Header],
    verdicts: Callable[..., list[Finding]],
    must: str,
    should: str,
    words: str,
    note: str,
) -> None:
    doc = document(make_header(), verdicts(MUST=must, SHOULD=should), interrupted=False)

    standing = summary.standing(doc["findings"])

    assert standing.words == words
    assert standing.note.startswith(note)


@pytest.mark.parametrize(
    ("must", "interrupted", "sentence"),
    [
        ("passed passed", False, "Conforms. No MUST requirement is violated; 2 MUST cases passed."),
        ("failed", False, "Does not conform. 1 MUST requirement is violated, in 1 case."),
        (
            "blocked unobserved",
            False,
            "Not established. 2 MUST cases were not observed or blocked; none failed.",
        ),
        (
            "passed",
            True,
            "Not established. The run was interrupted; nothing failed up to then.",
        ),
        ("", False, "Not established. There are no findings to go by."),
    ],
)
def test_the_conclusion(
    make_header: Callable[..., Header],
    verdicts: Callable[..., list[Finding]],
    must: str,
    interrupted: bool,
    sentence: str,
) -> None:
    doc = document(make_header(), verdicts(MUST=must), interrupted=interrupted)

    result = summary.overall(doc)

    assert f"{result.words}. {result.note}" == sentence


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "cannot be passed by guessing"),
        (1 / 31**5, "about once in 29,000,000 tries"),
        (0.1, "about once in 10 tries"),
        (0.25, "25% of the time"),
        (1.0, "100% of the time"),
    ],
)
def test_guessing_in_words(probability: float, words: str) -> None:
    assert summary.guessing(probability).endswith(words)


@pytest.mark.parametrize(
    ("text", "terminal", "html"),
    [
        ("plain\n\ttext", "plain\n\ttext", "plain\n\ttext"),
        ("a\u202eb", "a⟨U+202E⟩b", 'a<mark class="cp">U+202E</mark>b'),
        ("<\x1b[2J>", "<⟨U+001B⟩[2J>", '&lt;<mark class="cp">U+001B</mark>[2J&gt;'),
        ("\0\0\0\a", "⟨U+0000×3 U+0007⟩", '<mark class="cp">U+0000×3 U+0007</mark>'),
        ("a\r\nb\rc", "a\nb⟨U+000D⟩c", 'a\nb<mark class="cp">U+000D</mark>c'),
        ("\ud800\U000e0041", "⟨U+D800 U+E0041⟩", '<mark class="cp">U+D800 U+E0041</mark>'),
        ("图像 é 👩\u200d🔬", "图像 é 👩\u200d🔬", "图像 é 👩\u200d🔬"),
    ],
)
def test_what_is_invisible_is_written_out(text: str, terminal: str, html: str) -> None:
    assert visible(text) == terminal
    assert marked(text) == html


def test_many_different_controls_are_counted() -> None:
    assert visible("".join(map(chr, range(9)))).endswith("U+0007 and 1 more⟩")


def test_long_text_is_cut_and_counted() -> None:
    assert bounded("abc", 3) == "abc"
    assert bounded("abcd" * 1000, 3) == "abc… (3,997 more characters)"


def test_the_table_of_checks(findings: list[Finding]) -> None:
    plain = findings[0].case.check
    odd = replace(
        plain,
        id="detail/a|b",
        area="detail",
        requirement="One | two\nthree.",
        spec=Source(title="Spec [draft]", url="https://example.org/a b|c"),
    )
    rumour = replace(odd, id="detail/c", spec=Source(title="Hearsay", url="javascript:x"))

    assert checks_table([plain, odd, rumour]).splitlines() == [
        "### Pictures by URL",
        "",
        "| Check | Level | Requirement | Source |",
        "| --- | --- | --- | --- |",
        "| `url/rule-0` | MUST | A picture given by an http URL is fetched once and read. "
        "| [OpenAI API guide, Images and vision](<https://example.org/images>) |",
        "",
        "### Detail levels",
        "",
        "| Check | Level | Requirement | Source |",
        "| --- | --- | --- | --- |",
        "| `detail/a\\|b` | MUST | One \\| two three. "
        "| [Spec \\[draft\\]](<https://example.org/a b\\|c>) |",
        "| `detail/c` | MUST | One \\| two three. | Hearsay |",
    ]
