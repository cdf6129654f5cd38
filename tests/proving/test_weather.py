"""Only what can be reproduced counts: weather is held against nobody, and hides nothing.

A few seeds are played here; ``simulate`` plays a hundred of each.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from functools import cache, partial

import httpx
import hurry
import pytest
from faults_in_weather import FAULTS, cases_of_fault
from modest import Modest
from modest_slips import Slips
from playing import Make, played, told
from weather import FAILING, GENTLE, HALVING, ROUGH, Kind, Mix, Weather, weather

from conformance.model import Case, Finding, Pictures, Verdict
from conformance.proving.rehearsal import TARGET
from conformance.reference.fault import all_faults, fault_named

SEED = 20261128
#: Part of the cases that may stay without a verdict.
MOST_OPEN = 0.01


@pytest.fixture(scope="module")
def quick_cases(every_case: list[Case], quick: set[str]) -> list[Case]:
    return [case for case in every_case if case.check.id in quick]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("share", [4, 1])
@pytest.mark.parametrize(
    ("make", "mix"),
    [
        pytest.param(Modest, GENTLE, id="gentle"),
        pytest.param(Modest, FAILING, id="failing"),
        pytest.param(partial(Slips, right=0.95), ROUGH, id="rough-and-misread"),
    ],
)
def test_weather_is_held_against_nobody(
    make: Make, mix: Mix, share: int, quick_cases: list[Case], pictures: Pictures
) -> None:
    cases = quick_cases[::share]
    findings = played(partial(make, seed=SEED), cases, pictures, weather(mix, SEED))
    assert not told(findings, Verdict.FAILED)
    # A door that is said not to be there because of one lost reply is as bad as no verdict.
    left_open = [f for f in findings if f.verdict is not Verdict.PASSED]
    assert len(left_open) <= MOST_OPEN * len(findings), told(left_open, *Verdict)


# ---------------------------------------------------------------- faults in weather


Judge = Callable[[str], list[Finding]]


@pytest.fixture(scope="module")
def judge(every_case: list[Case], pictures: Pictures) -> Judge:
    """The findings about a fault by its name, in the roughest weather; each is played once."""

    @cache
    def judge(name: str) -> list[Finding]:
        cases = cases_of_fault(name, every_case)
        return played(fault_named(name).make, cases, pictures, weather(ROUGH, SEED), TARGET)

    return judge


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", FAULTS)
def test_weather_hides_no_fault(name: str, judge: Judge) -> None:
    failed = {f.case.check.id for f in judge(name) if f.verdict is Verdict.FAILED}
    assert failed >= set(fault_named(name).caught_by), told(judge(name), *Verdict)


@pytest.mark.slow
def test_weather_leaves_next_to_nothing_open(judge: Judge) -> None:
    findings = [finding for name in FAULTS for finding in judge(name)]
    unseen = [f for f in findings if f.verdict is Verdict.UNOBSERVED]
    assert len(unseen) <= MOST_OPEN * len(findings), told(unseen, Verdict.UNOBSERVED)


def test_the_faults_are_of_all_symptoms() -> None:
    assert len(FAULTS) >= 40
    known = {fault.symptom for fault in all_faults().values()}
    assert {fault_named(name).symptom for name in FAULTS} == known


# ---------------------------------------------------------------- what the weather is


class _Answers(httpx.AsyncBaseTransport):
    """Says the same to everything, and counts what has arrived."""

    def __init__(self) -> None:
        self.arrived = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.arrived += 1
        kind = "text/event-stream" if request.url.path.endswith("stream") else "application/json"
        return httpx.Response(200, headers={"content-type": kind}, content=b'{"choices": []}')


def sent(mix: Mix, path: str = "/", times: int = 2000, seed: int = SEED) -> list[str]:
    """What a client gets who sends the same so many times."""
    weathered = Weather(_Answers(), mix, seed)

    async def send() -> list[str]:
        async with httpx.AsyncClient(transport=weathered, base_url="http://127.0.0.1:1") as client:
            return [await _came(client, path) for _ in range(times)]

    return asyncio.run(send())


async def _came(client: httpx.AsyncClient, path: str) -> str:
    try:
        response = await client.post(path, json={"n": 1})
    except httpx.HTTPError as error:
        return type(error).__name__
    return f"{response.status_code} {len(response.content) == 15}"


def test_every_kind_comes_as_often_as_it_is_said_to() -> None:
    came = Counter(sent(ROUGH))
    parts = {what: number / 2000 for what, number in came.items()}
    assert parts["500 False"] == pytest.approx(0.04, abs=0.015)
    assert parts["429 False"] == pytest.approx(0.04, abs=0.015)
    assert parts["ReadTimeout"] == pytest.approx(0.04, abs=0.015)
    # Half of the resets, and all that is cut.
    assert parts["ReadError"] == pytest.approx(0.02, abs=0.012)
    assert parts["RemoteProtocolError"] == pytest.approx(0.06, abs=0.02)
    assert parts["200 True"] == pytest.approx(0.8, abs=0.03)
    assert sum(parts.values()) == pytest.approx(1)


def test_a_stream_that_is_cut_may_end_without_a_word() -> None:
    came = Counter(sent(Mix(name="", chances={Kind.CUT: 1}), "/stream", 200))
    assert set(came) == {"RemoteProtocolError", "200 False"}
    assert set(sent(HALVING, times=300)) == {"200 True", "200 False"}


def test_half_of_the_requests_whose_reply_is_lost_arrive() -> None:
    inner = _Answers()
    weathered = Weather(inner, Mix(name="", chances={Kind.STALL: 1}), SEED)

    async def send() -> None:
        async with httpx.AsyncClient(transport=weathered) as client:
            for _ in range(400):
                await _came(client, "http://127.0.0.1:1/")

    asyncio.run(send())
    assert 160 < inner.arrived < 240


def test_one_seed_is_one_weather() -> None:
    assert sent(ROUGH, times=100) == sent(ROUGH, times=100)
    assert sent(ROUGH, times=100) != sent(ROUGH, times=100, seed=SEED + 1)


def test_nothing_is_waited_for() -> None:
    began = time.perf_counter()
    rung: list[int] = []

    async def ring(number: int) -> None:
        await asyncio.sleep(100 * number)
        rung.append(number)

    async def all_of_them() -> float:
        before = time.monotonic()
        await asyncio.gather(*(ring(number) for number in (3, 1, 2)))
        await asyncio.to_thread(time.sleep, 0.01)
        return time.monotonic() - before

    assert 300 <= hurry.run(all_of_them()) < 301
    assert rung == [1, 2, 3]
    assert time.perf_counter() - began < 5


def test_a_thread_is_waited_for() -> None:
    async def slow() -> str:
        async with asyncio.timeout(60):
            await asyncio.to_thread(time.sleep, 0.05)
            return "done"

    assert hurry.run(slow()) == "done"
