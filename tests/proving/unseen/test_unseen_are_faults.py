"""The defects that nobody looked at are faults like those of the zoo, and none of them."""

from __future__ import annotations

import asyncio
import re
from collections import Counter

import pytest

from conformance.model import Pictures, Symptom
from conformance.reference.fault import Fault, all_faults
from conformance.registry import all_checks
from unseen import all_unseen
from unseen._asking import asking

UNSEEN = list(all_unseen().values())
DIMENSIONS = frozenset(
    {
        *("way", "number", "turn", "role", "stream", "detail", "format", "mode", "size", "weight"),
        *("door", "parameter", "header", "credential", "words", "host", "spelling", "body"),
        *("repeat", "damaged"),
    }
)
every_one = pytest.mark.parametrize("fault", UNSEEN, ids=[fault.name for fault in UNSEEN])


def test_there_are_sixty_and_none_is_in_the_zoo() -> None:
    assert len(UNSEEN) == 60
    zoo = all_faults()
    assert set(all_unseen()).isdisjoint(zoo)
    assert {f.summary for f in UNSEEN}.isdisjoint({f.summary for f in zoo.values()})
    assert len({f.summary for f in UNSEEN}) == len({f.make for f in UNSEEN}) == 60


def test_every_kind_of_symptom_is_among_them() -> None:
    found = Counter(fault.symptom for fault in UNSEEN)
    assert set(found) == set(Symptom)


@every_one
def test_it_is_summed_up_in_one_line(fault: Fault) -> None:
    assert 10 <= len(fault.summary) <= 100
    assert re.fullmatch(r"[A-Z0-9].*\.", fault.summary)


@every_one
def test_it_names_checks_and_dimensions_that_exist(fault: Fault) -> None:
    assert 1 <= len(fault.caught_by) <= 3
    assert set(fault.caught_by) <= {check.id for check in all_checks()}
    assert set(fault.where) <= DIMENSIONS


@every_one
def test_its_endpoint_answers_a_plain_question(fault: Fault, pictures: Pictures) -> None:
    async def answer() -> None:
        async with asking(fault.make, pictures) as asker:
            said = await asker.ask("Reply with the word ready.")
            assert said.status == 200, said.body
            assert said.text == "Ready"
            assert said.usage["total_tokens"] == said.prompt + said.usage["completion_tokens"]

    asyncio.run(answer())
