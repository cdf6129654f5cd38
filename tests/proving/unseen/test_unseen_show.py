"""Every defect shows from outside, in one request, and leaves others alone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from conformance.model import Hosted, Pictures
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import Fault
from unseen import all_unseen, show_form, show_mixed, show_pictures, show_replies
from unseen._asking import Said, asking
from unseen._shown import CODE, SHOWN

UNSEEN = list(all_unseen().values())
every_one = pytest.mark.parametrize("fault", UNSEEN, ids=[fault.name for fault in UNSEEN])
#: Defects of every reply about a picture; what they leave alone is words.
OF_EVERY_PICTURE = frozenset({"adds-hidden-thoughts-to-the-total"})


def _run(what: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(what, 60))


async def _showing(make: type[Endpoint], name: str, pictures: Pictures) -> None:
    async with asking(make, pictures) as asker:
        await SHOWN[name](asker)


def test_each_is_shown_once() -> None:
    assert all((show_form, show_mixed, show_pictures, show_replies))
    assert set(SHOWN) == set(all_unseen())


@every_one
def test_it_shows(fault: Fault, pictures: Pictures) -> None:
    _run(_showing(fault.make, fault.name, pictures))


@every_one
def test_it_does_not_show_where_all_is_well(fault: Fault, pictures: Pictures) -> None:
    with pytest.raises(AssertionError):
        _run(_showing(Endpoint, fault.name, pictures))


async def _plainly(make: type[Endpoint], pictures: Pictures) -> list[Said]:
    async with asking(make, pictures) as asker:
        by_url = asker.hosted("sheet-02", Hosted())
        return [
            await asker.ask(asker.inline("sheet-01"), CODE),
            await asker.ask(by_url, CODE),
            await asker.ask("Count from one to three hundred in words.", max_tokens=16),
        ]


@every_one
def test_it_leaves_the_plainest_pictures_alone(fault: Fault, pictures: Pictures) -> None:
    async def compared() -> None:
        spoilt, sound = await _plainly(fault.make, pictures), await _plainly(Endpoint, pictures)
        first = 2 if fault.name in OF_EVERY_PICTURE else 0
        for one, other in list(zip(spoilt, sound, strict=True))[first:]:
            assert (one.status, one.kind, one.text) == (other.status, other.kind, other.text)
            assert one.usage == other.usage

    _run(compared())
