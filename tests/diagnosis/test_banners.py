"""What is told of a whole run: on direct evidence, never for one reply, and never for a status."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from made_up import exchange, failed, finding, looking, passed, talking

from conformance.asking.questions import READY
from conformance.diagnosis import Banner, diagnose
from conformance.diagnosis.banners import interval
from conformance.model import Exchange, Finding, Probe, Symptom, Verdict
from conformance.running.live import Live


def banners(findings: Sequence[Finding]) -> dict[str, str]:
    told: tuple[Banner, ...] = diagnose(findings).banners
    assert len({banner.kind for banner in told}) == len(told)
    return {banner.kind: banner.words for banner in told}


def answered(number: int, *troubles: str) -> list[Finding]:
    """So many requests that were answered, after these troubles."""
    return passed(
        *(exchange(talking(n, user=str(troubles)), "0", troubles=troubles) for n in range(number)),
        name=f"well/{'-'.join(troubles)}",
    )


def lost(number: int, kind: str, **more: object) -> list[Finding]:
    """So many requests that never were answered."""
    status = int(kind) if kind.isdecimal() else 0
    replies = (
        exchange(looking(n), status=status, trouble=kind, troubles=(kind, kind), **more)
        for n in range(number)
    )
    return [finding(f"lost/{n}", Verdict.UNOBSERVED, reply) for n, reply in enumerate(replies)]


def test_a_sound_run_has_none() -> None:
    assert banners([]) == {}
    assert banners(answered(50)) == {}


# ---------------------------------------------------------------- busy, dying


@pytest.mark.parametrize("kind", ["429", "503", "529", "408"])
def test_busy(kind: str) -> None:
    told = banners([*lost(5, kind), *answered(20)])
    assert set(told) == {"busy"}
    assert "5 of 25 requests" in told["busy"]
    assert f"{kind} 5 times" in told["busy"]


@pytest.mark.parametrize("kind", ["unreachable", "reset", "stall", "500", "502"])
def test_dying(kind: str) -> None:
    told = banners([*lost(5, kind), *answered(20)])
    assert set(told) == {"dying"}
    assert "5 of 25 requests" in told["dying"]


@pytest.mark.parametrize(("number", "of"), [(1, 10), (1, 1000), (2, 101), (9, 451)])
def test_a_few_are_told_by_their_cases_alone(number: int, of: int) -> None:
    assert banners([*lost(number, "reset"), *answered(of - number)]) == {}


@pytest.mark.parametrize(("number", "of"), [(2, 2), (2, 100), (10, 500)])
def test_from_two_in_a_hundred_on_it_is_the_run(number: int, of: int) -> None:
    assert set(banners([*lost(number, "reset"), *answered(of - number)])) == {"dying"}


def test_what_comes_each_time_while_others_are_answered_is_a_defect_and_no_weather() -> None:
    assert banners([*lost(9, "502", reproduced=True), *answered(20)]) == {}


def test_what_is_asked_because_it_may_break_is_no_sign() -> None:
    risky = [
        finding(f"risky/{n}", Verdict.PASSED, exchange(probe, status=0, trouble="stall"))
        for n, probe in enumerate(replace(looking(n), is_risky=True) for n in range(9))
    ]
    assert banners([*risky, *answered(20)]) == {}


def test_statuses_that_are_answers_are_no_sign() -> None:
    refused = [
        finding(f"no/{n}", Verdict.PASSED, exchange(looking(n), status=status))
        for n, status in enumerate((400, 401, 403, 404, 413, 422) * 5)
    ]
    assert banners(refused) == {}


def test_one_reply_that_many_cases_share_is_one() -> None:
    (one,) = lost(1, "reset")
    shared = [finding(f"a/{n}", Verdict.UNOBSERVED, one.about) for n in range(30)]
    assert banners([*shared, *answered(20)]) == {}


# ---------------------------------------------------------------- mixed up


def test_mixed_up() -> None:
    told = banners(failed(Symptom.ANOTHERS, *(looking(n) for n in range(3))))
    assert set(told) == {"mixed-up"}
    assert "3 of them" in told["mixed-up"]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_fewer_may_be_one_caches_affair(number: int) -> None:
    findings = failed(Symptom.ANOTHERS, *(looking(n) for n in range(number)))
    assert banners([*findings, *answered(5)]) == {}


def test_one_request_asked_again_is_one() -> None:
    again = (replace(looking(), sample=n) for n in range(9))
    assert banners(failed(Symptom.ANOTHERS, *again)) == {}


def test_what_is_made_up_is_not_mixed_up() -> None:
    probes = [looking(n) for n in range(9)]
    assert banners(failed(Symptom.MADE_UP, *probes) + failed(Symptom.ORDER, *probes)) == {}


# ---------------------------------------------------------------- lottery


def test_lottery() -> None:
    measured = "7 of 60 were answered without the picture"
    told = banners([*failed(Symptom.UNSTEADY, looking(), measured=measured), *answered(20)])
    assert set(told) == {"lottery"}
    assert measured in told["lottery"]


def test_a_lottery_that_nobody_has_measured() -> None:
    assert set(banners(failed(Symptom.UNSTEADY, looking()))) == {"lottery"}


def test_no_lottery_where_it_passed() -> None:
    (found,) = failed(Symptom.UNSTEADY, looking())
    assert banners([replace(found, verdict=Verdict.PASSED, symptom=None)]) == {}


# ---------------------------------------------------------------- weather


def test_weather_with_its_interval() -> None:
    told = banners([*answered(12, "500"), *answered(608)])
    assert set(told) == {"weather"}
    assert "12 of 620" in told["weather"]
    assert "500" in told["weather"]
    # Of 12 in 620, by Wilson's formula.
    assert "1.9%" in told["weather"]
    assert "1.1%" in told["weather"]
    assert "3.4%" in told["weather"]


def test_each_kind_of_the_first_try_is_told() -> None:
    told = banners([*answered(3, "500", "reset"), *answered(2, "stall"), *answered(20)])
    assert "5 of 25" in told["weather"]
    assert "500 3" in told["weather"]
    assert "no reply in time 2" in told["weather"]
    assert "lost" not in told["weather"]


def test_what_never_was_answered_is_no_weather() -> None:
    assert set(banners([*lost(9, "500"), *answered(9)])) == {"dying"}
    assert banners([*lost(9, "500", reproduced=True), *answered(9)]) == {}


@pytest.mark.parametrize("kind", ["cut", "malformed"])
def test_what_came_in_the_same_bad_form_each_time_did_not_go_well_later(kind: str) -> None:
    """What is cut or no JSON again and again is what the endpoint says; see ``senders``."""

    async def transmit(probe: Probe) -> Exchange:
        return exchange(probe, body=b"{", trouble=kind)

    async def steadily(probe: Probe) -> Exchange:
        live = Live(transmit, control=READY, concurrency=1, is_hurried=True)
        return await live.send(answered(1)[0].case, probe)

    replies = [asyncio.run(steadily(looking(n))) for n in range(5)]
    assert banners([*passed(*replies, name="ill/one"), *answered(20)]) == {}


#: Hits, trials, and the limits of the score method without correction: R. G. Newcombe, "Two-sided
#: confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I.
PUBLISHED = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("hits", "trials", "low", "high"), PUBLISHED)
def test_the_interval_is_wilsons(hits: int, trials: int, low: float, high: float) -> None:
    assert interval(hits, trials) == pytest.approx((low, high), abs=0.00005)
    # Of what did not happen it is the mirror image.
    assert interval(trials - hits, trials) == pytest.approx((1 - high, 1 - low), abs=0.00005)


def test_the_interval_stays_between_nothing_and_all() -> None:
    for trials in (1, 2, 5, 1000):
        for hits in range(0, trials + 1, max(1, trials // 5)):
            low, high = interval(hits, trials)
            assert 0 <= low <= hits / trials + 1e-12
            assert hits / trials - 1e-12 <= high <= 1
            assert high - low < interval(hits, trials, 0.99)[1] - interval(hits, trials, 0.99)[0]
