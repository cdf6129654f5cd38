"""Small spectra of red and green requests of which everybody can see what parts them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_up import CODES, exchange, failed, finding, looking, passed, picture, reads, talking

from conformance.asking import prompts
from conformance.asking.questions import ask, image
from conformance.diagnosis import Statement, diagnose
from conformance.model import Finding, Hosted, Level, Probe, Symptom, Verdict

LOST = Symptom.NOT_READ


def plain(number: int, start: int = 0) -> list[Probe]:
    """So many different requests with nothing special about them."""
    return [looking(n) for n in range(start, start + number)]


def low(number: int, start: int = 0) -> list[Probe]:
    return [looking(n, detail="low") for n in range(start, start + number)]


def streamed(number: int, start: int = 0) -> list[Probe]:
    return [looking(n, stream=True) for n in range(start, start + number)]


def both(number: int) -> list[Probe]:
    return [looking(n, detail="low", stream=True) for n in range(number)]


def said(*findings: list[Finding]) -> tuple[Statement, ...]:
    return diagnose([found for each in findings for found in each]).statements


def counts(told: Statement) -> tuple[int, int, int, int]:
    return told.red, told.judged, told.red_without, told.judged_without


# ---------------------------------------------------------------- one trait


def test_one_trait_parts_all() -> None:
    (told,) = said(failed(LOST, *low(9)), reads(*plain(20)))
    assert told.traits == ("detail low",)
    assert told.dimensions == ("detail",)
    assert counts(told) == (9, 9, 0, 20)


def test_one_green_exception_is_no_objection() -> None:
    (told,) = said(failed(LOST, *low(8)), reads(*low(1, start=8), *plain(20)))
    assert told.traits == ("detail low",)
    assert counts(told) == (8, 9, 0, 20)


def test_one_red_exception_is_no_objection() -> None:
    first, *_ = said(failed(LOST, *low(8), looking(99)), reads(*plain(20)))
    assert first.traits == ("detail low",)
    assert counts(first) == (8, 8, 1, 21)


def test_what_all_have_in_common_parts_nothing() -> None:
    """Every red picture is a PNG; so is every green one."""
    (told,) = said(failed(LOST, *plain(3)), reads(*plain(3, start=3)))
    assert told.traits == ()


def test_nothing_parts_where_all_are_red() -> None:
    (told,) = said(failed(LOST, *low(4), *plain(4)))
    assert told.traits == ()
    assert "8 of 8 requests" in told.words


def test_of_one_request_no_cause_is_claimed() -> None:
    (told,) = said(failed(LOST, *low(1)), reads(*plain(20)))
    assert told.traits == ()
    assert "1 request" in told.words


def test_one_request_asked_again_is_one() -> None:
    one = looking(detail="low")
    again = [replace(one, sample=n) for n in range(4)]
    (told,) = said(failed(LOST, *again), reads(*plain(20)))
    assert told.traits == ()


def test_a_request_that_is_red_in_one_case_is_not_green_in_another() -> None:
    (told,) = said(failed(LOST, *low(3)), reads(*low(3), *plain(9)))
    assert counts(told) == (3, 3, 0, 9)


# ---------------------------------------------------------------- two traits


def test_a_pair_where_neither_alone_parts_them() -> None:
    (told,) = said(failed(LOST, *both(4)), reads(*low(9), *streamed(9), *plain(9)))
    assert set(told.traits) == {"detail low", "stream: true"}
    assert counts(told) == (4, 4, 0, 27)


def test_no_pair_where_one_says_as_much() -> None:
    (told,) = said(failed(LOST, *both(4)), reads(*plain(9)))
    assert len(told.traits) == 1


def test_no_pair_for_a_little_more() -> None:
    """With stream: true 19 of 20 are red, with both 19 of 19: the first says it all."""
    (told,) = said(failed(LOST, *both(19)), reads(*streamed(1), *low(19), *plain(19)))
    assert told.traits == ("stream: true",)
    assert counts(told) == (19, 20, 0, 38)


# ---------------------------------------------------------------- two causes


def test_two_causes_are_two_groups() -> None:
    first, second = said(
        failed(LOST, *low(6), name="a/low"),
        failed(LOST, *streamed(4), name="a/stream"),
        reads(*plain(30)),
    )
    assert [first.traits, second.traits] == [("detail low",), ("stream: true",)]
    assert [len(first.cases), len(second.cases)] == [6, 4]


def test_two_symptoms_are_two_groups() -> None:
    refused = [
        finding(f"b/{n}", Verdict.FAILED, exchange(p, status=400), symptom=Symptom.REFUSED)
        for n, p in enumerate(streamed(4))
    ]
    first, second = said(failed(LOST, *low(6)), refused, reads(*plain(30)))
    assert (first.symptom, first.traits) == (LOST, ("detail low",))
    assert (second.symptom, second.traits) == (Symptom.REFUSED, ("stream: true",))


def test_what_is_left_over_is_told_by_itself() -> None:
    """The other requests of the symptom are told elsewhere, and are not counted again."""
    first, left = said(
        failed(LOST, *low(6), name="a/low"),
        failed(LOST, looking(77), name="a/other"),
        reads(*plain(30)),
    )
    assert first.traits == ("detail low",)
    assert (left.traits, left.cases) == ((), ("a/other[0]",))
    assert "1 request" in left.words
    assert "What a/other is about is so" in left.words


def test_each_check_that_nothing_parts_stands_alone() -> None:
    told = said(
        *(failed(LOST, looking(n), name=f"a/{n}") for n in range(3)),
        reads(*plain(9, start=3)),
    )
    assert [len(statement.cases) for statement in told] == [1, 1, 1]
    for n, statement in enumerate(sorted(told, key=lambda s: s.cases)):
        assert f"What a/{n} is about is so" in statement.words


# ---------------------------------------------------------------- several requests in one finding


def test_of_replies_that_were_compared_those_count_that_show_it() -> None:
    dear, fair = low(3), plain(3)
    replies = [exchange(probe) for probe in (*dear, *fair)]
    one = finding(
        "bill/one",
        Verdict.FAILED,
        replies[0],
        symptom=Symptom.BILL_HIGH,
        evidence=tuple(replies),
        shown_by=tuple(replies[:3]),
        spared=tuple(replies[3:]),
    )
    (told,) = said([one])
    assert told.traits == ("detail low",)
    assert counts(told) == (3, 3, 0, 3)


# ---------------------------------------------------------------- which requests are green


RIGHT, WRONG = f"The code is {CODES[0]}.", "a cat"
#: Symptom, a reply in the evidence of some finding, whether it is free of the symptom.
GREEN = {
    "read": (LOST, exchange(looking(9), RIGHT), True),
    "not read": (LOST, exchange(looking(9), WRONG), False),
    "no picture to read": (LOST, exchange(talking(), "Say 0."), False),
    "read, so not refused": (Symptom.REFUSED, exchange(looking(9), RIGHT), True),
    "answered, so not refused": (Symptom.REFUSED, exchange(looking(9), WRONG), True),
    "nothing said": (Symptom.REFUSED, exchange(looking(9), " "), False),
    "refused": (Symptom.REFUSED, exchange(looking(9), status=400), False),
    "refused, as is due": (Symptom.OVERLOOKED, exchange(looking(9), status=400), True),
    "no error object": (
        Symptom.NO_ERROR_OBJECT,
        exchange(looking(9), status=400, body=b"no"),
        False,
    ),
    "answered, so no 5xx": (Symptom.SERVER_ERROR, exchange(looking(9), WRONG), True),
    "a 5xx": (Symptom.SERVER_ERROR, exchange(looking(9), status=500), False),
    "nothing at all": (Symptom.NO_REPLY, exchange(looking(9), status=0), False),
    "a stream that was cut": (
        Symptom.NO_REPLY,
        exchange(looking(9), RIGHT, trouble="reset", status=0),
        False,
    ),
}


@pytest.mark.parametrize("name", GREEN)
def test_which_replies_are_free_of_a_symptom(name: str) -> None:
    symptom, reply, is_green = GREEN[name]
    # Of another level and verdict: whoever asked, the reply counts.
    other = finding("b/c", Verdict.NOT_APPLICABLE, reply, level=Level.MAY)
    (told,) = said(failed(symptom, *streamed(3)), [other])
    assert told.judged + told.judged_without == 3 + is_green


def test_a_reply_counts_once_whoever_asked() -> None:
    reply = exchange(looking(9), RIGHT)
    asked = [finding(f"b/{n}", Verdict.PASSED, reply) for n in range(5)]
    (told,) = said(failed(LOST, *streamed(3)), asked)
    assert told.judged + told.judged_without == 4


def test_traits_of_pictures_part_as_well() -> None:
    jpegs = [ask(image(picture(kind="jpeg", weight=n)), prompts.CODE) for n in range(1, 5)]
    (told,) = said(failed(LOST, *jpegs), reads(*plain(9)), passed(exchange(talking(), "0")))
    assert told.traits == ("JPEG",)


def test_ways_part_as_well() -> None:
    hosted = [looking(n, via=Hosted()) for n in range(5)]
    (told,) = said(failed(LOST, *hosted), reads(*plain(9)))
    assert told.traits == ("an http URL",)
