"""What a verdict needs before it is told: a reply, a cause in the same run, a model that can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.model import (
    Ability,
    Exchange,
    Facts,
    Fetch,
    Finding,
    ImagePart,
    Inline,
    Picture,
    Probe,
    Reply,
    Sent,
    Symptom,
    Turn,
    Verdict,
)
from conformance.running import verdicts

Found = Callable[..., Finding]
SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")
REPLY = Exchange(probe=Probe(), sent=SENT, status=200, reply=Reply(text="It says 7NHWT7."))
RISKY = Probe(is_risky=True)
FETCH = Fetch(at=0.1, method="GET", path="/", headers=(), status=200, bytes_sent=9)


@pytest.fixture
def found(make_case) -> Found:
    """A FAILED finding about a good reply; ``found(name, …changes)``."""

    def make(name: str = "a/b", **changes: object) -> Finding:
        plain = Finding(
            case=make_case(name),
            verdict=Verdict.FAILED,
            symptom=Symptom.NOT_READ,
            actual="wrong",
            hint="h",
            about=REPLY,
        )
        return replace(plain, **changes)

    return make


# ---------------------------------------------------------------- with a reply

#: Exchanges from which nothing can be concluded, and what is said of them.
SILENT = [
    (replace(REPLY, status=0, failure="cannot connect: no"), "cannot connect: no"),
    (replace(REPLY, trouble="503", status=503, troubles=("503", "reset")), "503, 3 tries"),
    (replace(REPLY, trouble="cut", troubles=("503", "503")), "cut, 3 tries"),
    (replace(REPLY, status=0), "0"),
    (None, "no request was made"),
]
#: Exchanges that can be judged.
HEARD = [
    REPLY,
    replace(REPLY, status=400),
    replace(REPLY, troubles=("503",)),
    replace(REPLY, status=500, trouble="500", troubles=("500",) * 3, reproduced=True),
    replace(REPLY, status=0, trouble="reset", troubles=("reset",) * 3, reproduced=True),
    replace(REPLY, probe=RISKY, status=0, trouble="stall", failure="no whole reply"),
]


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.FAILED])
@pytest.mark.parametrize(("about", "said"), SILENT)
def test_without_a_reply_nothing_is_judged(found: Found, verdict, about, said) -> None:
    ended = verdicts.with_a_reply(found(verdict=verdict, about=about))
    assert (ended.verdict, ended.symptom, ended.hint) == (Verdict.UNOBSERVED, None, "")
    assert ended.actual == f"no reply that can be judged: {said}"


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("about", HEARD)
def test_with_a_reply_a_verdict_stands(found: Found, verdict, about) -> None:
    given = found(verdict=verdict, about=about)
    assert verdicts.with_a_reply(given) is given


@pytest.mark.parametrize(("about", "_"), SILENT)
@pytest.mark.parametrize("verdict", [Verdict.BLOCKED, Verdict.UNOBSERVED, Verdict.NOT_APPLICABLE])
def test_what_judges_nothing_needs_no_reply(found: Found, verdict, about, _) -> None:
    given = found(verdict=verdict, about=about)
    assert verdicts.with_a_reply(given) is given


@pytest.mark.parametrize("symptom", list(Symptom))
def test_what_leaked_or_was_let_in_is_seen_in_whatever_came(found: Found, symptom) -> None:
    """A fetch that was made, or bytes that came, are there be the reply in trouble or not."""
    bad = replace(REPLY, status=500, trouble="500")
    fetched = replace(REPLY, status=0, trouble="stall", failure="no reply", fetches=(FETCH,))
    nothing = replace(fetched, fetches=())
    wanted = Verdict.FAILED if symptom in (Symptom.LEAKED, Symptom.LET_IN) else Verdict.UNOBSERVED
    for about in (bad, fetched):
        given = found(about=about, symptom=symptom)
        assert verdicts.with_a_reply(given).verdict is wanted
    given = found(about=nothing, symptom=symptom)
    assert verdicts.with_a_reply(given).verdict is Verdict.UNOBSERVED


# ---------------------------------------------------------------- whose


def picture(code: str) -> Picture:
    return Picture(
        id=code,
        file_bytes=b"",
        sha256=code,
        file="x.png",
        media_type="image/png",
        facts=Facts(code=code),
    )


@pytest.mark.parametrize(
    ("shown", "another"), [(["94K7NH", "7NHWT7"], True), (["94K7NH"], False), ([], False)]
)
@pytest.mark.parametrize("symptom", [Symptom.MADE_UP, Symptom.OVERLOOKED])
def test_what_only_another_picture_shows_is_anothers(found: Found, symptom, shown, another) -> None:
    given = found(symptom=symptom)
    wanted = Symptom.ANOTHERS if another else symptom
    assert verdicts.whose(given, frozenset(shown)).symptom is wanted


def test_what_its_own_picture_shows_is_nobody_elses(found: Found) -> None:
    own = ImagePart(picture=picture("7NHWT7"), via=Inline())
    about = replace(REPLY, probe=Probe(turns=(Turn(parts=(own,)),)))
    given = found(symptom=Symptom.OVERLOOKED, about=about)
    assert verdicts.whose(given, frozenset({"7NHWT7", "94K7NH"})) is given


@pytest.mark.parametrize("symptom", sorted(set(Symptom) - {Symptom.MADE_UP, Symptom.OVERLOOKED}))
def test_no_other_symptom_is_anothers(found: Found, symptom) -> None:
    given = found(symptom=symptom)
    assert verdicts.whose(given, frozenset({"7NHWT7"})) is given


# ---------------------------------------------------------------- blocked


def blocked_by(found: Found, *blockers: Finding) -> Finding:
    given = found("a/then", verdict=Verdict.BLOCKED, blocked_by="a/first", symptom=None)
    return verdicts.blocked(given, blockers)


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.UNOBSERVED])
def test_what_is_not_well_blocks(found: Found, verdict) -> None:
    well = found("a/first[0]", verdict=Verdict.PASSED)
    ended = blocked_by(found, well, found("a/first[1]", verdict=verdict), found("a/first[2]"))
    assert (ended.verdict, ended.blocked_by) == (Verdict.BLOCKED, "a/first[1]")
    assert ended.hint == "look at a/first[1] first"


def test_what_is_blocked_hands_its_own_cause_on(found: Found) -> None:
    ended = blocked_by(found, found("a/first", verdict=Verdict.BLOCKED, blocked_by="a/root"))
    assert (ended.verdict, ended.blocked_by) == (Verdict.BLOCKED, "a/root")


@pytest.mark.parametrize("verdicts_of", [(), (Verdict.PASSED,), (Verdict.NOT_APPLICABLE,)])
def test_without_a_cause_it_is_unobserved(found: Found, verdicts_of) -> None:
    ended = blocked_by(found, *(found("a/first", verdict=v) for v in verdicts_of))
    assert (ended.verdict, ended.blocked_by) == (Verdict.UNOBSERVED, "")
    assert ended.hint.startswith("it needs what a/first is about, and that case ")
    assert ended.actual == "wrong"


# ---------------------------------------------------------------- excused

#: What an answer can show because of its model. Bills, statuses and leaks are none of its doing.
OF_THE_MODEL = {
    Symptom.NOT_READ,
    Symptom.MADE_UP,
    Symptom.ANOTHERS,
    Symptom.WORDS_LOST,
    Symptom.ORDER,
    Symptom.DEGRADED,
    Symptom.EMPTY,
    Symptom.CUT,
    Symptom.MALFORMED,
}


@pytest.mark.parametrize("symptom", list(Symptom))
def test_what_may_be_the_model(found: Found, symptom) -> None:
    given = found(symptom=symptom)
    assert verdicts.may_be_the_model(given) is (symptom in OF_THE_MODEL)


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": Verdict.PASSED},
        {"verdict": Verdict.UNOBSERVED},
        {"about": None},
        {"about": replace(REPLY, status=400)},
        {"about": replace(REPLY, status=0, trouble="stall", reproduced=True)},
        {"about": replace(REPLY, reply=Reply(is_error=True))},
    ],
)
def test_what_is_no_answer_is_not_the_model(found: Found, changes) -> None:
    assert not verdicts.may_be_the_model(found(**changes))


def control(found: Found, verdict: Verdict) -> Finding:
    return found("abilities/count", verdict=verdict, actual="it counts 7")


def test_who_can_is_not_excused(found: Found) -> None:
    given = found()
    assert verdicts.excused(given, {}) is given
    assert verdicts.excused(given, {Ability.COUNT: control(found, Verdict.PASSED)}) is given


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.FAILED, "It holds: no, it counts 7"),
        (Verdict.UNOBSERVED, "It holds: not known, it counts 7"),
        (Verdict.BLOCKED, "It holds: not known, it counts 7"),
        (Verdict.NOT_APPLICABLE, "It holds: not known, it counts 7"),
    ],
)
def test_who_cannot_is_excused(found: Found, verdict, words) -> None:
    can, cannot = control(found, Verdict.PASSED), control(found, verdict)
    ended = verdicts.excused(found(), {Ability.PLACE: can, Ability.COUNT: cannot})
    assert (ended.verdict, ended.symptom) == (Verdict.UNOBSERVED, None)
    assert (ended.ability, ended.actual) == (Ability.COUNT, words)
    assert ended.hint == "here: wrong"
