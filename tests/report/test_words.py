"""Sentences and small texts that the reports share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.model import Ability, Finding, Level, Reason, Source, Verdict
from conformance.report import labels, summary
from conformance.report.diagnosed import TONES
from conformance.report.document import Header, document
from conformance.report.markdown import checks_table
from conformance.report.selection import narrowing, partial
from conformance.report.standing import overall, standing
from conformance.report.text import bounded, marked, visible

NO_RULE = "accepted; 2 of 3 requirements could not be judged: no published rule"
STANDINGS = [
    ("passed passed", "", "passed", "handles correctly", "2 of 2 cases passed"),
    ("passed", "failed", "passed", "handles correctly", "1 of 2 cases passed; 1 recommendation"),
    ("failed blocked passed", "", "failed", "1 requirement violated", "1 of 3 cases passed"),
    ("failed failed", "", "failed", "2 requirements violated", "0 of 2 cases passed"),
    (
        "passed " * 30 + "blocked blocked",
        "",
        "blocked",
        "30 of 32 MUST cases passed, 2 blocked",
        "",
    ),
    (
        "passed blocked unobserved",
        "",
        "unobserved",
        "1 of 3 MUST cases passed, 1 not observed, 1 blocked",
        "1 of 3 cases passed",
    ),
    (
        "passed unobserved:count",
        "",
        "unobserved",
        "1 of 2 MUST cases passed, 1 beyond the model",
        "",
    ),
    ("blocked blocked", "", "blocked", "blocked", "0 of 2 cases passed"),
    ("passed not-applicable", "", "passed", "1 of 2 MUST cases passed, 1 not claimed", ""),
    (
        "passed not-applicable:limit",
        "",
        "passed",
        "1 of 2 MUST cases passed, 1 above a limit told openly",
        "",
    ),
    ("passed not-applicable:no-rule not-applicable:no-rule", "", "not-applicable", NO_RULE, ""),
    (
        "failed not-applicable:no-rule",
        "",
        "failed",
        "1 requirement violated",
        "0 of 2 cases passed",
    ),
    ("not-applicable", "passed", "not-applicable", "not claimed", "1 of 2 cases passed"),
    ("not-applicable:not-asked", "", "not-applicable", "not asked for", "0 of 1 case passed"),
    (
        "not-applicable:missing not-applicable:not-offered",
        "",
        "not-applicable",
        "0 of 2 MUST cases passed, 1 library missing, 1 not offered",
        "",
    ),
    ("", "passed blocked", "blocked", "1 of 2 cases passed, 1 blocked", ""),
    ("", "failed", "failed", "1 recommendation not followed", "0 of 1 case passed"),
    ("", "", "not-applicable", "not run", "no check of it was run"),
]


@pytest.mark.parametrize(("must", "should", "verdict", "words", "note"), STANDINGS)
def test_the_standing_of_an_area(
    make_header: Callable[..., Header],
    verdicts: Callable[..., list[Finding]],
    must: str,
    should: str,
    verdict: str,
    words: str,
    note: str,
) -> None:
    doc = document(make_header(), verdicts(MUST=must, SHOULD=should), interrupted=False)

    found = standing(doc["findings"])

    assert (found.verdict, found.words) == (verdict, words)
    assert found.note.startswith(note)


def test_a_part_of_an_area_is_not_praised(
    make_header: Callable[..., Header], verdicts: Callable[..., list[Finding]]
) -> None:
    doc = document(make_header(), verdicts(MUST="passed"), interrupted=False)

    assert standing(doc["findings"], whole=False).words == "1 of 1 MUST case passed"


def test_what_shows_no_effect_is_accepted_not_handled(
    make_header: Callable[..., Header], verdicts: Callable[..., list[Finding]]
) -> None:
    findings = verdicts(MUST="passed passed", SHOULD="not-applicable")
    doc = document(make_header(), findings, interrupted=False)
    doc["findings"][-1]["why"] = "no-effect"

    assert standing(doc["findings"]).words == "accepted, no effect seen"
    doc["findings"][0]["verdict"] = "unobserved"
    assert standing(doc["findings"]).words == "accepted, no effect seen"
    doc["findings"][0]["verdict"] = "failed"
    assert standing(doc["findings"]).words == "1 requirement violated"


@pytest.mark.parametrize(
    ("must", "interrupted", "sentence"),
    [
        ("passed passed", False, "Conforms. No MUST requirement is violated; 2 MUST cases passed."),
        ("failed", False, "Does not conform. 1 MUST requirement is violated, in 1 case."),
        (
            "blocked unobserved",
            False,
            "Not established. 2 MUST cases were not judged (1 not observed, 1 blocked); "
            "none failed.",
        ),
        (
            "passed unobserved:count",
            False,
            "Not established. 1 MUST case was not judged (1 beyond the model); none failed.",
        ),
        (
            "passed",
            True,
            "Not established. The run was interrupted; nothing failed up to then.",
        ),
        ("not-applicable", False, "Not established. No MUST requirement was judged."),
        ("", False, "Not established. There are no findings."),
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

    result = overall(doc)

    assert f"{result.words}. {result.note}" == sentence


@pytest.mark.parametrize(
    ("must", "sentence"),
    [
        (
            "passed",
            "No MUST requirement is violated in this part. "
            "1 MUST case passed; the rest was not looked at.",
        ),
        ("failed", "Does not conform. 1 MUST requirement is violated, in 1 case."),
        ("not-applicable", "Not established. No MUST requirement was judged."),
    ],
)
def test_a_part_never_conforms(
    make_header: Callable[..., Header],
    verdicts: Callable[..., list[Finding]],
    must: str,
    sentence: str,
) -> None:
    doc = document(make_header(all_cases=575), verdicts(MUST=must), interrupted=False)

    result = overall(doc)

    assert f"{result.words}. {result.note}" == sentence
    assert partial(doc) == "partial run: 1 of 575 cases"


def test_every_outcome_has_words_of_its_own() -> None:
    assert set(labels.LABELS) == set(labels.GLYPHS) == set(labels.ORDER) == set(Verdict)
    assert {why for why in Reason if why not in labels.WHY} == set()
    assert {ability for ability in Ability if ability not in labels.ABILITIES} == set()
    assert set(labels.COUNTED) <= set(labels.WHY.values())
    assert set(TONES) == set(Level)


def test_only_what_is_not_claimed_is_called_so(verdicts: Callable[..., list[Finding]]) -> None:
    assert [why for why, words in labels.WHY.items() if words == "not claimed"] == ["unclaimed"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ""),
        ({"area": None, "level": "MAY", "keyword": "", "concurrency": 3}, ""),
        ({"level": "MUST"}, "--level MUST"),
        ({"level": "may"}, ""),
        ({"area": ["url", "detail"], "marks": "must"}, "--area url --area detail -m must"),
        ({"deselect": ["x::y"]}, "--deselect x::y"),
        ({"keyword": "a\n b"}, "-k a b"),
    ],
)
def test_which_options_left_cases_out(
    make_header: Callable[..., Header], options: dict[str, object], words: str
) -> None:
    assert narrowing(document(make_header(options=options), [], interrupted=False)) == words


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
        "About pictures given by http URL.",
        "",
        "| Check | Level | Requirement | Source |",
        "| --- | --- | --- | --- |",
        "| `url/rule-0` | MUST | A picture given by an http URL is fetched once and read. "
        "| [OpenAI API guide, Images and vision](<https://example.org/images>) |",
        "",
        "### Detail levels",
        "",
        "About the member detail of a picture: taken, billed and heeded.",
        "",
        "| Check | Level | Requirement | Source |",
        "| --- | --- | --- | --- |",
        "| `detail/a\\|b` | MUST | One &#124; two three. "
        "| [Spec \\[draft\\]](<https://example.org/a%20b%7Cc>) |",
        "| `detail/c` | MUST | One &#124; two three. | Hearsay |",
    ]
