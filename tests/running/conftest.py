"""Dialogues without an endpoint: made-up checks, and senders that only count."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from conformance.model import (
    Ability,
    Case,
    Check,
    Claim,
    Dialogue,
    Exchange,
    Finding,
    Lab,
    Level,
    Observed,
    Probe,
    Sent,
    Source,
    Target,
    TextPart,
    Turn,
)
from conformance.running.engine import Bug, Judging

NOTHING: Mapping[Ability, Case] = {}
SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")


def probe_of(words: str) -> Probe:
    return Probe(turns=(Turn(parts=(TextPart(text=words),)),))


@dataclass(slots=True)
class Counter:
    """Answers every probe after ``seconds``, and remembers what was under way at once."""

    seconds: float = 0.0
    sent: list[Probe] = field(default_factory=list)
    cancelled: int = 0
    under_way: int = 0
    most: int = 0

    async def transmit(self, probe: Probe) -> Exchange:
        self.sent.append(probe)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.under_way -= 1
        return Exchange(probe=probe, sent=SENT, status=200)

    async def send(self, case: Case, probe: Probe) -> Exchange:
        return await self.transmit(probe)


@pytest.fixture
def counter() -> type[Counter]:
    return Counter


@pytest.fixture
def probe() -> Callable[[str], Probe]:
    return probe_of


@pytest.fixture
def lab() -> Lab:
    claims = frozenset({Claim.GIF})
    target = Target(name="t", base_url="http://127.0.0.1:1/v1", model="m", unclaimed=claims)
    return Lab(target=target, pictures={})


def asks(*words: str) -> Callable[[Lab], Dialogue]:
    def dialogue(lab: Lab) -> Dialogue:
        for word in words:
            yield probe_of(word)
        return Observed(expected="an answer", actual="one")

    return dialogue


@pytest.fixture
def make_case() -> Callable[..., Case]:
    """``make_case("area/name", dialogue or words to ask, needs=…, abilities=…, opt_in=…)``."""

    def make(
        id: str,
        *asked: str | Callable[[Lab], Dialogue],
        needs: Sequence[Claim] = (),
        abilities: Sequence[Ability] = (),
        opt_in: bool = False,
    ) -> Case:
        dialogue = asked[0] if asked and callable(asked[0]) else asks(*map(str, asked))
        check = Check(
            id=id,
            area="url",
            level=Level.MUST,
            requirement="It holds.",
            spec=Source(title="s", url="https://example.org"),
            dialogue=dialogue,
            needs=frozenset(needs),
            abilities=frozenset(abilities),
            opt_in=opt_in,
        )
        return Case(id=id, check=check)

    return make


@pytest.fixture
def play(lab: Lab) -> Callable[..., dict[str, Finding | Bug]]:
    """The outcomes of cases by id; within ten seconds, for nobody may wait for ever."""

    def run(
        cases: Sequence[Case], sender: object, *, controls: Mapping[Ability, Case] = NOTHING
    ) -> dict[str, Finding | Bug]:
        found: dict[str, Finding | Bug] = {}
        done = lambda outcome: found.__setitem__(outcome.case.id, outcome)  # noqa: E731
        judging = Judging(cases, lab, sender, controls=controls, done=done)
        asyncio.run(asyncio.wait_for(judging.run(), 10))
        return found

    return run
