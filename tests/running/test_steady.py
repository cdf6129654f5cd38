"""A request in trouble is asked again: until it is answered, or it is shown to be a defect."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from conformance.asking.questions import READY
from conformance.model import Exchange, Probe, Sent, Service, TextPart, Turn
from conformance.running.live import AGAIN, Live
from conformance.running.patience import MOST_LATER, MOST_STALLS

SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")
ASKED = Probe(turns=(Turn(parts=(TextPart(text="the question"),)),))
OTHER = Probe(turns=(Turn(parts=(TextPart(text="another one"),)),))
GOOD = ""

#: What goes wrong with one try, by the kind of its trouble.
Script = Callable[[], Iterator[str]]


def always(kind: str) -> Script:
    def script() -> Iterator[str]:
        while True:
            yield kind

    return script


def first(*kinds: str) -> Script:
    """These, and all is well from there on."""

    def script() -> Iterator[str]:
        yield from kinds
        while True:
            yield GOOD

    return script


def calm_and_then(kind: str) -> Script:
    """All is well three hundred times, and never again."""

    def script() -> Iterator[str]:
        yield from [GOOD] * 300
        yield from always(kind)()

    return script


WELL = first()


@dataclass(slots=True)
class Played:
    """An endpoint by script: one for the question, one for plain ones, one for others."""

    question: Script = WELL
    plain: Script = WELL
    other: Script = WELL
    headers: tuple[tuple[str, str], ...] = ()
    sent: list[Probe] = field(default_factory=list)
    _scripts: dict[tuple[Turn, ...], Iterator[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scripts = {ASKED: self.question, READY: self.plain, OTHER: self.other}
        self._scripts = {probe.turns: script() for probe, script in scripts.items()}

    async def transmit(self, probe: Probe) -> Exchange:
        self.sent.append(probe)
        await asyncio.sleep(0)
        kind = next(self._scripts[probe.turns])
        status = int(kind) if kind.isdecimal() else 200 * (kind in (GOOD, "cut", "malformed"))
        return Exchange(
            probe=probe,
            sent=SENT,
            status=status,
            headers=self.headers,
            trouble="" if status == 400 else kind,
            failure="" if status else kind,
        )

    def asked(self, probe: Probe = ASKED) -> list[Probe]:
        return [each for each in self.sent if each.turns == probe.turns]


@pytest.fixture
def ends(make_case):
    """How a question to an endpoint ends; ``calm`` plain questions were answered before."""

    def play(endpoint: Played, probe: Probe = ASKED, *, calm: int = 0) -> Exchange:
        async def run() -> Exchange:
            live = Live(endpoint.transmit, control=READY, concurrency=8, is_hurried=True)
            case = make_case("a/b", "x")
            for n in range(calm):
                await live.send(case, replace(OTHER, sample=n))
            endpoint.sent.clear()
            found = await live.send(case, probe)
            await live.close()
            return found

        return asyncio.run(run())

    return play


# ---------------------------------------------------------------- until it is answered


@pytest.mark.parametrize("kinds", [["500"], ["reset", "stall"], ["cut", "503", "malformed"]])
def test_it_is_asked_until_it_is_answered(ends, kinds: list[str]) -> None:
    endpoint = Played(question=first(*kinds))
    found = ends(endpoint)
    assert (found.status, found.trouble, found.reproduced) == (200, "", False)
    assert found.troubles == tuple(kinds)
    assert found.attempts == len(endpoint.asked()) == len(kinds) + 1
    assert found.probe == ASKED, "it is the same request each time"
    assert found.is_judgeable


def test_what_is_answered_at_once_is_asked_once(ends) -> None:
    endpoint = Played()
    assert ends(endpoint).attempts == 1
    assert endpoint.sent == [ASKED]


def test_a_refusal_is_an_answer(ends) -> None:
    """A status that says something of the request itself is no trouble."""
    endpoint = Played(question=always("400"))
    assert (ends(endpoint).status, endpoint.sent) == (400, [ASKED])


# ---------------------------------------------------------------- what is reproduced


@pytest.mark.parametrize("kind", ["500", "502", "529", "reset", "stall"])
def test_the_same_each_time_while_plain_questions_are_answered(ends, kind: str) -> None:
    endpoint = Played(question=always(kind))
    found = ends(endpoint, calm=300)
    assert (found.trouble, found.reproduced) == (kind, True)
    assert found.troubles == (kind, kind)
    assert len(endpoint.asked()) == 3
    assert len(endpoint.asked(READY)) == 2, "a plain question after each but the first try"
    assert len(set(endpoint.asked(READY))) == 2, "none is answered from the one before"
    assert found.is_judgeable


@pytest.mark.parametrize(("calm", "least", "most"), [(0, 8, 12), (27, 4, 6), (300, 3, 3)])
def test_how_often_depends_on_the_weather(ends, calm: int, least: int, most: int) -> None:
    """Plain questions that were answered meanwhile are weather as well."""
    endpoint = Played(question=always("500"))
    assert ends(endpoint, calm=calm).reproduced
    assert least <= len(endpoint.asked()) <= most


def test_a_stall_is_not_waited_for_so_often(ends) -> None:
    endpoint = Played(question=always("stall"))
    assert ends(endpoint).reproduced
    assert len(endpoint.asked()) == MOST_STALLS


@pytest.mark.parametrize("kind", ["500", "reset", "stall"])
def test_where_nothing_else_is_answered_nothing_is_shown(ends, kind: str) -> None:
    endpoint = Played(question=always(kind), plain=always("503"), other=calm_and_then("503"))
    found = ends(endpoint, calm=300)
    assert (found.trouble, found.reproduced) == (kind, False)
    assert not found.is_judgeable


@pytest.mark.parametrize(("silent", "attempts"), [(0, 3), (1, 4), (2, 5)])
def test_an_outage_is_waited_for(ends, silent: int, attempts: int) -> None:
    """Until plain questions are answered before a try and after it, and half of them in all."""
    plain = first(*["503"] * silent)
    endpoint = Played(question=always("500"), plain=plain, other=calm_and_then("503"))
    found = ends(endpoint, calm=300)
    assert (found.attempts, found.reproduced) == (attempts, True)


def test_what_was_answered_before_is_a_control_as_well(ends) -> None:
    """An endpoint may answer no plain question at all, and others all the same."""
    endpoint = Played(question=always("500"), plain=always("500"))
    assert ends(endpoint, calm=300).reproduced
    again = endpoint.asked(OTHER)
    assert len(again) == 2
    assert all(p.sample >= AGAIN for p in again), "asked anew, not remembered"


def test_the_list_of_models_is_no_control(make_case) -> None:
    """A gateway serves it though nobody behind it answers any more."""

    async def transmit(probe: Probe) -> Exchange:
        bad = probe.service is Service.CHAT
        status = 503 if bad else 200
        return Exchange(probe=probe, sent=SENT, status=status, trouble="503" if bad else "")

    async def run() -> Exchange:
        live = Live(transmit, control=READY, concurrency=8, is_hurried=True)
        await live.send(make_case("a/b", "x"), Probe(service=Service.MODELS))
        return await live.send(make_case("a/b", "x"), ASKED)

    assert not asyncio.run(run()).reproduced


def test_what_is_refused_is_no_control(ends) -> None:
    endpoint = Played(question=always("500"), plain=always("500"), other=always("400"))
    assert not ends(endpoint, calm=30).reproduced


def test_weather_may_spoil_some_of_the_tries(ends) -> None:
    """The trouble that is told is that of most tries."""
    endpoint = Played(question=first("500", "500", "reset", *["500"] * 20))
    found = ends(endpoint)
    assert (found.trouble, found.reproduced) == ("500", True)
    assert found.troubles[:3] == ("500", "500", "reset")


def test_other_trouble_each_time_is_weather(ends) -> None:
    endpoint = Played(question=first(*["500", "502", "reset", "504"] * 20))
    found = ends(endpoint)
    assert found.trouble
    assert not found.reproduced
    assert not found.is_judgeable


def test_429_never_convicts(ends) -> None:
    """It says "not now", however often it comes and whatever else is answered."""
    endpoint = Played(question=always("429"), headers=(("retry-after", "0"),))
    found = ends(endpoint, calm=300)
    assert (found.trouble, found.reproduced) == ("429", False)
    assert found.attempts == MOST_LATER
    assert not found.is_judgeable


@pytest.mark.parametrize("kind", ["402", "undecodable", "too-large"])
def test_what_asking_again_cannot_mend_is_asked_once(ends, kind: str) -> None:
    endpoint = Played(question=always(kind))
    found = ends(endpoint)
    assert (found.trouble, found.reproduced) == (kind, False)
    assert endpoint.sent == [ASKED]


# ---------------------------------------------------------------- what is said again and again


@pytest.mark.parametrize("kind", ["cut", "malformed"])
def test_what_is_said_the_same_each_time_is_a_reply(ends, kind: str) -> None:
    """Its check judges it by what it says; no plain question need be asked."""
    endpoint = Played(question=always(kind))
    found = ends(endpoint, calm=300)
    assert (found.status, found.trouble, found.reproduced) == (200, "", False)
    assert found.troubles == (), "it is no weather"
    assert endpoint.sent == [ASKED] * 3
    assert found.is_judgeable


def test_what_is_said_otherwise_each_time_is_none(ends) -> None:
    endpoint = Played(question=first("cut", "malformed", *["cut"] * 9))
    found = ends(endpoint, calm=300)
    assert found.trouble == "cut"
    assert not found.is_judgeable


# ---------------------------------------------------------------- risk, crowds, waits


@pytest.mark.parametrize("kind", ["500", "stall", "reset", "429", "cut"])
def test_what_is_risky_is_asked_once(ends, kind: str) -> None:
    """That it breaks is what it is sent for; whoever asks it sees to the weather."""
    endpoint = Played(question=always(kind))
    found = ends(endpoint, replace(ASKED, is_risky=True))
    assert endpoint.sent == [replace(ASKED, is_risky=True)]
    assert found.attempts == 1
    assert not found.reproduced
    assert found.is_judgeable


def test_a_crowd_is_sent_beside_it(ends) -> None:
    crowd = tuple(replace(OTHER, sample=n) for n in range(3))
    endpoint = Played()
    found = ends(endpoint, replace(ASKED, crowd=crowd))
    assert sorted(p.sample for p in endpoint.asked(OTHER)) == [0, 1, 2]
    assert found.probe == ASKED


def test_what_needs_a_crowd_is_asked_again_in_one(ends) -> None:
    """Each time in as large a crowd of the same questions, sent anew."""
    crowd = tuple(replace(OTHER, sample=n) for n in range(3))
    endpoint = Played(question=first("500", "500"))
    ends(endpoint, replace(ASKED, crowd=crowd))
    beside = sorted(p.sample for p in endpoint.asked(OTHER))
    assert beside == [0, 1, 2, *(AGAIN + n for n in range(3)), *(2 * AGAIN + n for n in range(3))]


def test_one_429_holds_all_the_others_back(make_case) -> None:
    times: list[float] = []

    async def transmit(probe: Probe) -> Exchange:
        times.append(time.monotonic())
        is_first = len(times) == 1
        return Exchange(
            probe=probe,
            sent=SENT,
            status=429 if is_first else 200,
            headers=(("retry-after", "0.3"),),
            trouble="429" if is_first else "",
        )

    async def two() -> None:
        live = Live(transmit, control=READY, concurrency=8)
        case = make_case("a/b", "x")
        asked = asyncio.create_task(live.send(case, ASKED))
        await asyncio.sleep(0.1)
        await asyncio.gather(asked, live.send(case, OTHER))
        await live.close()

    asyncio.run(two())
    assert len(times) == 3
    assert all(at - times[0] >= 0.29 for at in times[1:])


def test_an_endpoint_that_is_gone_is_not_asked_for_hours(make_case, monkeypatch) -> None:
    """Once nothing was answered for long, what is in trouble is not asked again."""
    monkeypatch.setattr("conformance.running.pulse.OVER", 0.0)
    endpoint = Played(question=always("500"), plain=always("500"))

    async def run() -> list[Exchange]:
        live = Live(endpoint.transmit, control=READY, concurrency=1, is_hurried=True)
        case = make_case("a/b", "x")
        probes = [replace(ASKED, sample=n) for n in range(40)]
        found = await asyncio.gather(*(live.send(case, probe) for probe in probes))
        await live.close()
        return found

    found = asyncio.run(run())
    assert not any(e.is_judgeable for e in found)
    assert len(endpoint.sent) < 3 * len(found)
    assert sum(e.attempts == 1 for e in found) > len(found) / 2
