"""Dialogues to findings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.judging import sampling
from conformance.model import (
    Blocked,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Finding,
    Lab,
    NotApplicable,
    Observed,
    Probe,
    Reason,
    Sent,
    Signal,
    Symptom,
    TextPart,
    Turn,
    Unobserved,
    Verdict,
)
from conformance.running.engine import Bug, Judging, judge

SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")
SIGNALS: list[tuple[Signal, Verdict]] = [
    (Failed("a", symptom=Symptom.CUT, expected="e", hint="h"), Verdict.FAILED),
    (Unobserved("a", expected="e", hint="h"), Verdict.UNOBSERVED),
    (NotApplicable("a", why=Reason.LIMIT, expected="e"), Verdict.NOT_APPLICABLE),
]


def ends(signal: Exception) -> Callable[[Lab], Dialogue]:
    def dialogue(lab: Lab) -> Dialogue:
        yield Probe()
        yield Probe(sample=1)
        raise signal

    return dialogue


def test_a_dialogue_that_ends_well(play, make_case, counter) -> None:
    found = play([make_case("a/b", "one", "two")], counter())["a/b"]
    assert isinstance(found, Finding)
    assert (found.verdict, found.expected, found.actual) == (Verdict.PASSED, "an answer", "one")
    assert [e.probe.turns[0].parts[0].text for e in found.evidence] == ["one", "two"]
    assert found.about is found.evidence[-1]


@pytest.mark.parametrize(("signal", "verdict"), SIGNALS, ids=[v.value for _, v in SIGNALS])
def test_a_signal_is_the_verdict(play, make_case, counter, signal, verdict) -> None:
    found = play([make_case("a/b", ends(signal))], counter())["a/b"]
    assert (found.verdict, found.actual, found.expected) == (verdict, "a", signal.expected)
    assert found.hint == signal.hint
    assert len(found.evidence) == 2


def test_what_was_seen_is_told_by_type(play, make_case, counter) -> None:
    failed, _, elsewhere = (make_case(f"a/{n}", ends(s)) for n, (s, _) in enumerate(SIGNALS))
    found = play([failed, elsewhere], counter())
    assert found[failed.id].symptom is Symptom.CUT
    assert found[elsewhere.id].why is Reason.LIMIT


def test_the_exchange_that_decided_is_named(play, make_case, counter) -> None:
    def dialogue(lab: Lab) -> Dialogue:
        first = yield Probe()
        yield Probe(sample=1)
        raise Failed("a", symptom=Symptom.CUT, about=first, measured="half of it")

    found = play([make_case("a/b", dialogue)], counter())["a/b"]
    assert found.about is found.evidence[0]
    assert found.measured == "half of it"


def test_of_several_that_were_compared_each_is_told(play, make_case, counter) -> None:
    def dialogue(lab: Lab) -> Dialogue:
        seen = []
        for n in range(3):
            exchange = yield Probe(sample=n)
            seen.append(exchange)
        raise Failed("a", symptom=Symptom.BILL_LOW, shown_by=seen[:2], spared=seen[2:])

    found = play([make_case("a/b", dialogue)], counter())["a/b"]
    assert [e.probe.sample for e in found.red] == [0, 1]
    assert [e.probe.sample for e in found.spared] == [2]
    assert found.about is found.evidence[0]


def test_what_is_not_claimed_is_not_asked(play, make_case, counter) -> None:
    sender = counter()
    found = play([make_case("a/b", "one", needs=[Claim.GIF])], sender)["a/b"]
    assert (found.verdict, found.evidence) == (Verdict.NOT_APPLICABLE, ())
    assert (found.why, found.actual) == (Reason.UNCLAIMED, "the target does not claim: gif")
    assert sender.sent == []


def test_what_could_do_harm_is_not_asked_unasked(play, make_case, counter) -> None:
    sender = counter()
    found = play([make_case("a/b", "one", opt_in=True)], sender)["a/b"]
    assert (found.verdict, found.why) == (Verdict.NOT_APPLICABLE, Reason.NOT_ASKED)
    assert sender.sent == []


def test_what_could_do_harm_is_asked_last(lab, make_case, counter) -> None:
    sender = counter(0.01)
    harmful, chain = make_case("a/harm", "harm", opt_in=True), make_case("a/long", *"123")
    secure = replace(lab, target=replace(lab.target, security=True))
    run = Judging([harmful, chain], secure, sender, controls={}, done=lambda _: None).run()
    asyncio.run(run)
    assert [p.turns[0].parts[0].text for p in sender.sent] == ["1", "2", "3", "harm"]


# ---------------------------------------------------------------- nothing without a reply


@pytest.mark.parametrize(
    "reply",
    [{"status": 0, "failure": "cut off"}, {"status": 503, "trouble": "503"}],
    ids=lambda r: str(r["status"]),
)
@pytest.mark.parametrize("signal", [None, SIGNALS[0][0]], ids=["passed", "failed"])
def test_nothing_is_judged_without_a_reply(play, make_case, reply, signal) -> None:
    def dialogue(lab: Lab) -> Dialogue:
        yield Probe()
        if signal:
            raise signal
        return Observed(expected="e", actual="a")

    class Silent:
        async def send(self, case: object, probe: Probe) -> Exchange:
            return Exchange(probe=probe, sent=SENT, **reply)

    found = play([make_case("a/b", dialogue)], Silent())["a/b"]
    assert (found.verdict, found.symptom) == (Verdict.UNOBSERVED, None)
    assert found.actual.startswith("no reply that can be judged: ")


def test_nothing_passes_that_was_not_asked(play, make_case, counter) -> None:
    found = play([make_case("a/b")], counter())["a/b"]
    assert found.verdict is Verdict.UNOBSERVED
    assert "no request was made" in found.actual


# ---------------------------------------------------------------- what is blocked

BLOCKED = Blocked("a/first", "it does not work here")
FAILED = SIGNALS[0][0]
UNOBSERVED = SIGNALS[1][0]


@pytest.mark.parametrize("signal", [FAILED, UNOBSERVED], ids=["failed", "unobserved"])
def test_blocked_names_a_case_of_the_run_that_is_not_well(play, make_case, counter, signal) -> None:
    cases = [make_case("a/then", ends(BLOCKED)), make_case("a/first", ends(signal))]
    found = play(cases, counter())["a/then"]
    assert (found.verdict, found.blocked_by) == (Verdict.BLOCKED, "a/first")
    assert found.actual == "it does not work here"
    assert found.hint == "look at a/first first"


def test_who_is_blocked_by_a_check_names_the_case_of_it_that_failed(
    play, make_case, counter
) -> None:
    well, ill = (
        make_case("a/first", ends(s)) for s in (NotApplicable("a", why=Reason.LIMIT), FAILED)
    )
    cases = [
        make_case("a/then", ends(BLOCKED)),
        replace(well, id="a/first[1]"),
        replace(ill, id="a/first[2]"),
    ]
    assert play(cases, counter())["a/then"].blocked_by == "a/first[2]"


def test_a_chain_ends_at_what_failed(play, make_case, counter) -> None:
    cases = [
        make_case("a/last", ends(Blocked("a/then", "a"))),
        make_case("a/then", ends(BLOCKED)),
        make_case("a/first", ends(FAILED)),
    ]
    found = play(cases, counter())
    assert {found[name].blocked_by for name in ("a/last", "a/then")} == {"a/first"}


@pytest.mark.parametrize(
    ("others", "words"), [((), "is not in this run"), (("a/first",), "passed by itself")]
)
def test_where_no_cause_is_in_the_run_nothing_is_known(
    play, make_case, counter, others, words
) -> None:
    cases = [make_case("a/then", ends(BLOCKED)), *(make_case(o, "one") for o in others)]
    found = play(cases, counter())["a/then"]
    assert (found.verdict, found.blocked_by) == (Verdict.UNOBSERVED, "")
    assert words in found.hint
    assert found.actual == "it does not work here"


def test_one_case_by_itself_is_not_blocked_by_another(lab, make_case, counter) -> None:
    found = asyncio.run(judge(make_case("a/then", ends(BLOCKED)), lab, counter()))
    assert found.verdict is Verdict.UNOBSERVED


# ---------------------------------------------------------------- our own mistakes


def _no_return(lab: Lab) -> Dialogue:
    yield Probe()
    return None  # type: ignore[return-value]


def _raises_at_once(lab: Lab) -> Dialogue:
    raise KeyError("sheet-99")
    yield Probe()


@pytest.mark.parametrize("dialogue", [ends(ZeroDivisionError()), _no_return, _raises_at_once])
def test_our_own_mistake_is_no_finding(play, make_case, counter, dialogue) -> None:
    found = play([make_case("a/bug", dialogue), make_case("a/sound", "one")], counter())
    assert isinstance(found["a/bug"], Bug)
    assert found["a/sound"].verdict is Verdict.PASSED


def test_our_own_mistake_blocks_nobody(play, make_case, counter) -> None:
    cases = [make_case("a/then", ends(BLOCKED)), make_case("a/first", ends(ZeroDivisionError()))]
    assert play(cases, counter())["a/then"].verdict is Verdict.UNOBSERVED


def test_a_sender_that_breaks_is_our_mistake(play, make_case) -> None:
    class Broken:
        async def send(self, case: object, probe: Probe) -> None:
            raise RuntimeError("no")

    found = play([make_case("a/b", "one")], Broken())["a/b"]
    assert isinstance(found, Bug)
    assert repr(found.error) == "RuntimeError('no')"


def test_a_listener_that_fails_ends_the_run(lab, make_case, counter) -> None:
    """Such as a cassette that cannot be written: one sentence, not one per case."""
    heard = []

    def done(outcome: object) -> None:
        heard.append(outcome)
        raise OSError("disk full")

    cases = [make_case(f"a/{n}", "one") for n in range(3)]
    with pytest.raises(OSError, match="disk full"):
        asyncio.run(Judging(cases, lab, counter(0.01), controls={}, done=done).run())
    assert all(isinstance(outcome, Finding) for outcome in heard)


def test_observed_needs_both_halves() -> None:
    with pytest.raises(TypeError):
        Observed(expected="only this")  # type: ignore[call-arg]


def test_failed_needs_a_symptom_and_what_does_not_apply_a_reason() -> None:
    with pytest.raises(TypeError):
        Failed("it is wrong")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        NotApplicable("it is not there")  # type: ignore[call-arg]


# ---------------------------------------------------------------- refused now and then


class Refuses:
    """Refuses each question so many times, asked anew or not; equal requests are sent once."""

    def __init__(self, times: dict[str, int]) -> None:
        self.left = dict(times)
        self.sent: dict[Probe, Exchange] = {}

    async def send(self, case: object, probe: Probe) -> Exchange:
        if probe not in self.sent:
            words = probe.turns[0].parts[0].text
            self.left[words] = self.left.get(words, 0) - 1
            status = 400 if self.left[words] >= 0 else 200
            self.sent[probe] = Exchange(probe=probe, sent=SENT, status=status)
        return self.sent[probe]


def three_steps(lab: Lab) -> Dialogue:
    for words in ("one", "two", "three"):
        exchange = yield Probe(turns=(Turn(parts=(TextPart(text=words),)),))
        if exchange.status != 200:
            raise Failed("no", symptom=Symptom.REFUSED, about=exchange)
    return Observed(expected="an answer", actual="yes")


def refused(make_case, lab: Lab, times: dict[str, int]) -> tuple[Finding, Refuses]:
    sender = Refuses(times)
    return asyncio.run(judge(make_case("a/b", three_steps), lab, sender)), sender


def test_one_refusal_at_each_step_is_chance(make_case, lab) -> None:
    found, sender = refused(make_case, lab, {"one": 1, "two": 1, "three": 1})
    assert found.verdict is Verdict.PASSED
    assert len(sender.sent) == 6, "what was answered is not asked again"


def test_a_step_that_is_refused_each_time_decides(make_case, lab) -> None:
    found, sender = refused(make_case, lab, {"one": 2, "two": 99})
    assert (found.verdict, found.symptom) == (Verdict.FAILED, Symptom.REFUSED)
    asked = [probe.turns[0].parts[0].text for probe in sender.sent]
    assert (asked.count("one"), asked.count("two")) == (3, sampling.REFUSALS)
    assert found.about is not None
    assert found.about.probe.turns[0].parts[0].text == "two"
