"""Sending live: equal probes once, few at a time, at the pace that is allowed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from conformance.asking.questions import READY as CONTROL
from conformance.running.live import Live


def gathered(live: Live, probes: list, make_case) -> list:
    async def all_of_them() -> list:
        case = make_case("a/b", "one")
        found = await asyncio.gather(*(live.send(case, probe) for probe in probes))
        await live.close()
        return found

    return asyncio.run(all_of_them())


def test_equal_probes_are_sent_once(counter, probe, make_case) -> None:
    sender = counter(0.01)
    probes = [probe("a"), probe("b"), probe("a"), probe("a")]
    found = gathered(Live(sender.transmit, control=CONTROL, concurrency=4), probes, make_case)
    assert sorted(p.turns[0].parts[0].text for p in sender.sent) == ["a", "b"]
    assert [e.probe for e in found] == probes


def test_other_samples_are_sent_apart(counter, probe, make_case) -> None:
    sender = counter()
    probes = [replace(probe("a"), sample=n) for n in range(3)]
    gathered(Live(sender.transmit, control=CONTROL, concurrency=4), probes, make_case)
    assert len(sender.sent) == 3


@pytest.mark.parametrize("concurrency", [1, 3, 16])
def test_no_more_than_allowed_are_under_way(counter, probe, make_case, concurrency) -> None:
    sender = counter(0.005)
    probes = [probe(str(n)) for n in range(32)]
    gathered(Live(sender.transmit, control=CONTROL, concurrency=concurrency), probes, make_case)
    assert len(sender.sent) == 32
    assert sender.most == concurrency


def test_a_bug_reaches_everybody_who_waits(probe, make_case) -> None:
    async def transmit(_: object) -> None:
        raise ZeroDivisionError

    live = Live(transmit, control=CONTROL, concurrency=1)

    async def both() -> list:
        sends = (live.send(make_case("a/b", "x"), probe("a")) for _ in range(2))
        return await asyncio.gather(*sends, return_exceptions=True)

    assert [type(e) for e in asyncio.run(both())] == [ZeroDivisionError] * 2


def test_one_who_gives_up_does_not_take_the_others_along(counter, probe, make_case) -> None:
    sender = counter(0.05)
    live = Live(sender.transmit, control=CONTROL, concurrency=4)

    async def run() -> object:
        case = make_case("a/b", "x")
        first = asyncio.create_task(live.send(case, probe("a")))
        second = asyncio.create_task(live.send(case, probe("a")))
        await asyncio.sleep(0.01)
        first.cancel()
        return await second

    assert asyncio.run(run()).status == 200
    assert sender.cancelled == 0


def test_closing_cancels_what_is_under_way(counter, probe, make_case) -> None:
    sender = counter(30)
    live = Live(sender.transmit, control=CONTROL, concurrency=4)

    async def run() -> None:
        task = asyncio.create_task(live.send(make_case("a/b", "x"), probe("a")))
        await asyncio.sleep(0.01)
        await live.close()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert sender.cancelled == 1


def test_a_dialogue_that_has_begun_goes_first(counter, make_case, play, probe) -> None:
    """Otherwise the longest dialogues are left alone at the end, one request at a time."""
    sender = counter(0.001)
    chains = [make_case(f"a/{n}", *(f"{n}{step}" for step in "abc")) for n in range(8)]
    play(chains, Live(sender.transmit, control=CONTROL, concurrency=2))
    order = [p.turns[0].parts[0].text for p in sender.sent]
    assert sorted(order) == sorted(f"{n}{step}" for n in range(8) for step in "abc")
    assert order.index("0c") < order.index("7a")
