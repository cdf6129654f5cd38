"""How often a request in trouble is asked again, how long between, and what that proves."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.model import Exchange, Probe, Sent
from conformance.running import patience
from conformance.running.patience import (
    FALSE_ALARM,
    FEWEST_TRIES,
    LONGEST_WAIT,
    MOST_LATER,
    MOST_STALLS,
    MOST_TRIES,
    Weather,
    asked_for,
    is_over,
    is_reproduced,
    pause,
    retry_after,
)


def weather(answered: int, spoiled: int = 0) -> Weather:
    """So many requests were answered at once, and so many after one try in trouble."""
    found = Weather()
    for troubles in [0] * answered + [1] * spoiled:
        found.settled(troubles)
    return found


# ---------------------------------------------------------------- how many tries


@pytest.mark.parametrize(
    ("answered", "spoiled", "needed"),
    [
        # Nothing is known so far: as many as there can be.
        (0, 0, 9),
        (1, 0, MOST_TRIES),
        (27, 0, 6),
        (297, 0, 3),
        (100_000, 0, 3),
        # Weather of 2 %, 5 %, 10 % and 20 %.
        (980, 20, 4),
        (950, 50, 5),
        (900, 100, 6),
        (800, 200, 8),
        (500, 500, MOST_TRIES),
    ],
)
def test_tries_follow_the_weather(answered: int, spoiled: int, needed: int) -> None:
    found = weather(answered, spoiled).tries_needed()
    assert found == needed


@settings(deadline=None)
@given(st.integers(0, 2000), st.integers(0, 2000))
def test_so_many_troubles_in_a_row_are_no_weather(answered: int, spoiled: int) -> None:
    """By the rate that was seen: more than three tries only where three could be chance."""
    seen = weather(answered, spoiled)
    needed = seen.tries_needed()
    assert FEWEST_TRIES <= needed <= MOST_TRIES
    if needed < MOST_TRIES:
        assert (seen.troubles / seen.tries) ** needed <= FALSE_ALARM
    assert 0.2**MOST_TRIES <= FALSE_ALARM


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=30))
def test_better_weather_needs_no_more_tries(troubles: list[int]) -> None:
    found = Weather()
    for each in troubles:
        found.settled(each)
    before = found.tries_needed()
    if found.tries:
        found.settled(0)
        assert found.tries_needed() <= before


def given_up(weather: Weather, *kinds: str) -> int:
    """After how many tries a request is given up: in these troubles, the last of them for ever."""
    tries = [kinds[0]]
    while not is_over(tries, weather):
        tries.append(kinds[min(len(tries), len(kinds) - 1)])
    return len(tries)


#: Troubles, weather, and after how many tries they are given up.
GIVEN_UP = [
    (("500",), weather(0), MOST_TRIES),
    (("500",), weather(1000), FEWEST_TRIES),
    (("500",), weather(800, 200), 8),
    (("reset",), weather(1000), FEWEST_TRIES),
    (("unreachable",), weather(0), MOST_TRIES),
    (("stall",), weather(0), MOST_STALLS),
    (("stall",), weather(1000), FEWEST_TRIES),
    (("500", "stall"), weather(0), 1 + MOST_STALLS),
    # "Later" is waited for, however fair the weather is.
    (("429",), weather(1000), MOST_LATER),
    (("408",), weather(0), MOST_LATER),
    (("429", "408"), weather(1000), MOST_LATER),
    (("429", "500"), weather(1000), FEWEST_TRIES),
    # What asking again cannot mend.
    (("402",), weather(0), 1),
    (("undecodable",), weather(0), 1),
    (("too-large",), weather(0), 1),
    (("500", "402"), weather(0), 2),
    (("malformed",), weather(1000), FEWEST_TRIES),
    (("cut",), weather(0), MOST_TRIES),
    # Where nobody has asked for much so far: no plain questions are asked beside it.
    (("cut",), weather(1), MOST_TRIES),
]


@pytest.mark.parametrize(("kinds", "seen", "tries"), GIVEN_UP)
def test_when_a_request_is_given_up(kinds: tuple[str, ...], seen: Weather, tries: int) -> None:
    assert given_up(seen, *kinds) == tries


@pytest.mark.parametrize(
    ("kind", "tries"),
    [("500", MOST_TRIES), ("reset", MOST_TRIES), ("stall", MOST_STALLS), ("429", MOST_LATER)],
)
def test_an_outage_is_waited_for_and_not_for_ever(kind: str, tries: int) -> None:
    """Where plain questions are not answered either; stalls and "later" have their own bounds."""
    kinds = [kind]
    while not is_over(kinds, CALM, [False] * (len(kinds) - 1)):
        kinds.append(kind)
    assert len(kinds) == tries


def test_what_asking_cannot_mend_is_over_in_an_outage_too() -> None:
    assert is_over(["500", "402"], CALM, [False])


def test_weather_is_taken_for_a_defect_as_rarely_as_promised() -> None:
    """One reply in five is spoiled by 500: of 20,000 requests none is given up, or one."""
    rolls, seen, lost = random.Random(20261128), Weather(), 0
    for _ in range(20_000):
        kinds: list[str] = []
        while rolls.random() < 0.2:
            kinds.append("500")
            if is_over(kinds, seen):
                lost += 1
                break
        else:
            seen.settled(len(kinds))
    assert lost <= 1
    assert 0.19 < seen.troubles / seen.tries < 0.21


# ---------------------------------------------------------------- what it proves

CONVICTING = ["500", "502", "stall", "reset"]
OTHERS = ["429", "408", "402", "cut", "malformed", "unreachable", "undecodable", "too-large"]
CALM, STORM = weather(1000), weather(800, 200)


@pytest.mark.parametrize("kind", CONVICTING)
def test_the_same_each_time_while_others_are_answered_is_a_defect(kind: str) -> None:
    assert is_reproduced([kind] * 3, [True, True], CALM)
    assert is_reproduced([kind] * 8, [True] * 7, STORM)


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_none_of_the_requests_doing_is_not(kind: str) -> None:
    assert not is_reproduced([kind] * 9, [True] * 8, CALM)


@pytest.mark.parametrize(
    ("kinds", "controls"),
    [
        (["500", "502", "500"], [True, True]),
        (["reset", "500", "500", "cut"], [True] * 3),
        (["429", "500", "500"], [True, True]),
        (["500"] * 4, [True, False, True]),
        (["500"] * 4, [False, True, True]),
    ],
)
def test_weather_may_spoil_some_of_the_tries_and_controls(kinds, controls) -> None:
    """What most of them show is what it is."""
    assert is_reproduced(kinds, controls, CALM)


@pytest.mark.parametrize(
    ("kinds", "controls", "seen"),
    [
        # Too few tries, for this weather.
        (["500"] * 2, [True, True], CALM),
        (["500"] * 7, [True] * 6, STORM),
        # Another trouble each time, or mostly "later".
        (["500", "502", "reset", "504", "501"], [True] * 4, CALM),
        (["429", "429", "500"], [True, True], CALM),
        # Plain questions that were not asked, or mostly not answered.
        (["500"] * 3, [], CALM),
        (["500"] * 3, [True], CALM),
        (["500"] * 4, [True, False, False], CALM),
        # An outage that ended with the last try.
        (["500"] * 3, [False, True], CALM),
        (["500"] * 4, [False, False, True], CALM),
        # One that began after the plain question.
        (["500"] * 3, [True, False], CALM),
        (["500"] * 9, [False] * 8, STORM),
        # Weather so bad that not even the most tries tell it from a defect.
        (["500"] * MOST_TRIES, [True] * 8, weather(500, 500)),
    ],
)
def test_few_tries_others_or_silent_controls_prove_nothing(kinds, controls, seen) -> None:
    assert not is_reproduced(kinds, controls, seen)


def test_stalls_prove_something_sooner() -> None:
    """Each takes the whole time allowed; of stalls alone fewer must do."""
    assert is_reproduced(["stall"] * MOST_STALLS, [True] * 4, weather(0))
    assert not is_reproduced(["500", *["stall"] * MOST_STALLS], [True] * 5, weather(0))
    assert not is_reproduced(["stall"] * (MOST_STALLS - 1), [True] * 3, weather(0))


# ---------------------------------------------------------------- how long


@pytest.mark.parametrize(
    ("status", "value", "wanted"),
    [
        (429, "7", "the endpoint answered 429 and asked to wait 7 s"),
        (503, "99999999", "asked to wait 99999999 s, longer than the 60 s of --patience"),
        (429, "", ""),
        (429, "-5", ""),
        (429, "nan", ""),
        (429, "1e999", ""),
        (429, "soon", ""),
        (500, "7", ""),
    ],
)
def test_who_asks_to_wait_is_named(status: int, value: str, wanted: str) -> None:
    sent = Sent(method="POST", path="", headers=(), body=b"")
    headers = (("retry-after", value),) if value else ()
    said = asked_for(Exchange(probe=Probe(), sent=sent, status=status, headers=headers))
    assert said.endswith(wanted)
    assert bool(said) == bool(wanted)


def test_pauses_double_up_to_a_bound() -> None:
    assert [pause(n) for n in (1, 2, 3, 4, 5, 9)] == [0.25, 0.5, 1.0, 2.0, 2.0, 2.0]


@pytest.mark.parametrize(("asked", "seconds"), [("7", 7), ("0", 0), ("99999999", LONGEST_WAIT)])
def test_a_wait_that_is_asked_for_is_kept_within_reason(asked: str, seconds: float) -> None:
    assert [pause(n, asked) for n in (1, 9)] == [seconds, seconds]


@pytest.mark.parametrize("asked", ["inf", "1e400", "9" * 5000])
def test_a_wait_without_end_is_none(asked: str) -> None:
    assert [pause(n, asked) for n in (1, 9)] == [0.25, 2.0]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("0", 0),
        ("7", 7),
        ("1.5", 1.5),
        ("-3", 0),
        ("nan", 0),
        ("7, 9", None),
        ("99999999", 99_999_999),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 251_629_977_599),
        ("", None),
        ("soon", None),
        ("Sun, 01 Mar 2026 00:00:30 GMT", 30),
        ("Sat, 28 Feb 2026 23:59:00 GMT", 0),
        ("Sun, 01 Mar 2026 25:00:00 GMT", None),
    ],
)
def test_retry_after(monkeypatch: pytest.MonkeyPatch, value: str, wanted: float | None) -> None:
    monkeypatch.setattr(patience.time, "time", lambda: 1772323200.0)  # 2026-03-01T00:00:00Z
    assert retry_after(value) == wanted


@settings(deadline=None)
@given(st.text() | st.from_regex(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"))
def test_any_text_may_stand_in_retry_after(value: str) -> None:
    found = retry_after(value)
    assert found is None or found >= 0
    assert 0 <= pause(1, value) <= LONGEST_WAIT
