"""Places are bounded, and the lowest rank goes first."""

from __future__ import annotations

import asyncio

import pytest

from conformance.running.places import Places, Turn


async def _hold(places: Places, rank: int, log: list[int], until: asyncio.Event) -> None:
    async with places.taken(Turn(rank)):
        log.append(rank)
        await until.wait()


def test_the_lowest_rank_is_served_first() -> None:
    async def run() -> list[int]:
        places, log, until = Places(1), [], asyncio.Event()
        first = asyncio.create_task(_hold(places, 9, log, until))
        await asyncio.sleep(0)
        rest = [asyncio.create_task(_hold(places, rank, log, until)) for rank in (0, -2, 0, -1)]
        await asyncio.sleep(0)
        until.set()
        await asyncio.gather(first, *rest)
        return log

    assert asyncio.run(run()) == [9, -2, -1, 0, 0]


@pytest.mark.parametrize("number", [1, 3])
def test_no_more_than_the_number_hold_a_place(number: int) -> None:
    async def run() -> int:
        places, log, until = Places(number), [], asyncio.Event()
        tasks = [asyncio.create_task(_hold(places, 0, log, until)) for _ in range(10)]
        await asyncio.sleep(0.01)
        held = len(log)
        until.set()
        await asyncio.gather(*tasks)
        assert len(log) == 10
        return held

    assert asyncio.run(run()) == number


def test_a_cancelled_wait_gives_its_turn_away() -> None:
    async def run() -> list[int]:
        places, log, until = Places(1), [], asyncio.Event()
        first = asyncio.create_task(_hold(places, 0, log, until))
        await asyncio.sleep(0)
        gone = asyncio.create_task(_hold(places, 1, log, until))
        last = asyncio.create_task(_hold(places, 2, log, until))
        await asyncio.sleep(0)
        until.set()
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(first, last, gone, return_exceptions=True)
        async with asyncio.timeout(1), places.taken(Turn(0)):
            return log

    assert asyncio.run(run())[-1] == 2


def test_a_rank_may_be_lowered_while_one_waits() -> None:
    async def run() -> list[str]:
        places, log, free = Places(1), [], asyncio.Event()

        async def hold(name: str, turn: Turn) -> None:
            async with places.taken(turn):
                log.append(name)
                await free.wait()

        hurried = Turn(5)
        held = [asyncio.create_task(hold("first", Turn(0)))]
        await asyncio.sleep(0)
        held += [asyncio.create_task(hold(n, t)) for n, t in (("a", Turn(1)), ("b", hurried))]
        await asyncio.sleep(0)
        hurried.rank = 0
        free.set()
        await asyncio.gather(*held)
        return log

    assert asyncio.run(run()) == ["first", "b", "a"]
