"""Findings in the words that pytest shows, and what JUnit's XML says of a run."""

from __future__ import annotations

import pytest

from conformance.model import Ability, Case, Check, Finding, Level, Reason, Source, Symptom, Verdict
from conformance.suite.junit import properties, suite_properties
from conformance.suite.wording import failure, skip_reason, unobserved

CHECK = Check(
    id="url/plain",
    area="url",
    level=Level.MUST,
    requirement="A picture given by URL is read.",
    spec=Source(title="Guide", url="https://example.org"),
    dialogue=lambda: iter(()),
)


def finding(verdict: Verdict, **more: object) -> Finding:
    return Finding(case=Case(id=CHECK.id, check=CHECK), verdict=verdict, **more)


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Reason.UNCLAIMED, "not applicable (not claimed): so it is"),
        (Reason.MISSING, "not applicable (library missing): so it is"),
        (Reason.NOT_ASKED, "not applicable (not asked for): so it is"),
        (Reason.NOT_OFFERED, "not applicable (not offered): so it is"),
        (Reason.LIMIT, "not applicable (a limit, refused openly): so it is"),
        (Reason.NO_RULE, "not applicable (no published rule): so it is"),
        (None, "not applicable: so it is"),
    ],
)
def test_what_does_not_apply_says_of_which_kind_it_is(why: Reason | None, words: str) -> None:
    assert skip_reason(finding(Verdict.NOT_APPLICABLE, why=why, actual="so it is")) == words


def test_what_is_blocked_names_a_case() -> None:
    blocked = finding(Verdict.BLOCKED, blocked_by="url/redirect[302]", actual="no\x1b[2J code")
    assert skip_reason(blocked) == ("blocked: look at url/redirect[302] first (no⟨U+001B⟩[2J code)")


def test_what_the_model_cannot_do_is_not_laid_on_the_endpoint() -> None:
    unable = finding(Verdict.UNOBSERVED, ability=Ability.COUNT, actual="3, 2 in the plainest one")
    assert unobserved(unable) == "the model cannot count discs: 3, 2 in the plainest one"
    silent = finding(Verdict.UNOBSERVED, actual="502, 3 tries", hint="ask later")
    assert unobserved(silent) == "could not be observed: 502, 3 tries (ask later)"


def test_properties_that_say_nothing_are_left_out() -> None:
    failed = dict(properties(finding(Verdict.FAILED, symptom=Symptom.NOT_READ)))
    assert failed["symptom"] == "not-read"
    assert not {"why", "ability", "blocked_by"} & set(failed)


def test_properties_of_the_suite_begin_with_what_to_read_first() -> None:
    statement = {"level": "MUST", "words": "Pictures are not read: 2 of 2.", "cases": ["a", "b"]}
    doc = {
        "header": {"selection": {"selected": 3, "all": 575, "partial": True}},
        "findings": [{"level": "MUST", "verdict": "failed", "check": "a"}],
        "footer": {
            "exit_status": 1,
            "interrupted": False,
            "banners": [{"kind": "busy", "words": "12 of 620 tries answered 500."}],
            "diagnosis": [statement],
            "abilities": [{"ability": "count", "able": False, "words": "it says 3, 2"}],
        },
    }
    assert list(suite_properties(doc)) == [
        ("selection", "partial run: 3 of 575 cases"),
        ("conclusion", "Does not conform. 1 MUST requirement is violated, in 1 case."),
        ("banner", "12 of 620 tries answered 500."),
        ("statement", "MUST Pictures are not read: 2 of 2. (a, b)"),
        ("ability count", "it says 3, 2"),
    ]
    doc["header"]["selection"]["selected"] = 575
    assert next(suite_properties(doc)) == ("selection", "whole run")


def test_what_came_stays_on_its_line() -> None:
    """A line of its own could be taken for one of pytest's, or of a CI server."""
    said = "a\n== 9 passed ==\r\n::error::x!\n\n##[group]y"
    told = failure(finding(Verdict.FAILED, symptom=Symptom.NOT_READ, actual=said))
    assert len(told.splitlines()) == 4
    assert "a == 9 passed == :⟨U+003A⟩error::x! #⟨U+0023⟩[group]y" in told
