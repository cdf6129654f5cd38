"""What an endpoint died of: it was well until a request, and answered nothing that came after."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from conformance.asking.questions import READY
from conformance.model import Exchange, Probe, Sent, Service, TextPart, Turn
from conformance.running.live import Live

SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")


def asking(words: str) -> Probe:
    return Probe(turns=(Turn(parts=(TextPart(text=words),)),))


#: What a gateway answers by itself, whether or not anybody is behind it.
LISTED, REFUSED = Probe(service=Service.MODELS), asking("refused")
EARLIER, DEADLY, LATER = map(asking, ("before", "a heavy picture", "in between"))
AFTERWARDS = replace(asking("still there?"), after=DEADLY)


@dataclass(slots=True)
class Mortal:
    """Answers until it has answered the last of these, and is in one trouble from then on."""

    last: Probe
    kind: str = "500"
    deadly_kind: str = ""
    is_dead: bool = False
    sent: list[Probe] = field(default_factory=list)

    async def transmit(self, probe: Probe) -> Exchange:
        self.sent.append(probe)
        await asyncio.sleep(0.001)
        trouble = self.kind if self.is_dead else ""
        if probe == self.last:
            trouble, self.is_dead = trouble or self.deadly_kind, True
        if probe in (LISTED, REFUSED):
            trouble = ""
        well = 400 if probe == REFUSED else 200
        status = int(trouble) if trouble.isdecimal() else 0 if trouble else well
        return Exchange(probe=probe, sent=SENT, status=status, trouble=trouble, failure="")


@pytest.fixture
def ends(make_case):
    def play(endpoint: Mortal, *probes: Probe) -> Exchange:
        async def run() -> Exchange:
            live = Live(endpoint.transmit, control=READY, concurrency=4, is_hurried=True)
            case = make_case("a/b", "x")
            found = [await live.send(case, probe) for probe in probes]
            await live.close()
            return found[-1]

        return asyncio.run(run())

    return play


def test_what_it_died_of_is_told(ends) -> None:
    found = ends(Mortal(last=DEADLY), EARLIER, DEADLY, AFTERWARDS)
    assert (found.trouble, found.reproduced, found.was_the_end) == ("500", True, True)
    assert found.probe == asking("still there?"), "it is sent without what is said of others"


def test_what_was_under_way_when_it_died_is_not_blamed(ends) -> None:
    """Nothing tells it from what kills, as long as the endpoint does not come back."""
    found = ends(Mortal(last=DEADLY, deadly_kind="500"), EARLIER, DEADLY, AFTERWARDS)
    assert (found.trouble, found.reproduced) == ("500", False)


@pytest.mark.parametrize("other", [LISTED, REFUSED])
def test_what_the_model_does_not_answer_is_no_sign_of_life(ends, other: Probe) -> None:
    """Neither does it acquit what it died of, nor is it well before another is sent."""
    assert ends(Mortal(last=DEADLY), EARLIER, DEADLY, other, AFTERWARDS).was_the_end
    found = ends(Mortal(last=EARLIER), EARLIER, LATER, other, DEADLY, AFTERWARDS)
    assert not found.reproduced


def test_what_was_answered_in_between_acquits(ends) -> None:
    """It died later, of something else or by itself."""
    found = ends(Mortal(last=LATER), EARLIER, DEADLY, LATER, AFTERWARDS)
    assert (found.trouble, found.reproduced) == ("500", False)


def test_an_endpoint_that_was_not_well_before_did_not_die_of_it(ends) -> None:
    found = ends(Mortal(last=EARLIER), EARLIER, LATER, DEADLY, AFTERWARDS)
    assert (found.trouble, found.reproduced) == ("500", False)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("429", marks=pytest.mark.slow),
        "402",
        "unreachable",
        "502",
        "503",
        "reset",
        "stall",
    ],
)
def test_what_is_no_defect_of_a_server_is_none_here(ends, kind: str) -> None:
    """A quota that is used up, or a server that somebody stopped."""
    found = ends(Mortal(last=DEADLY, kind=kind), EARLIER, DEADLY, AFTERWARDS)
    assert (found.trouble, found.reproduced) == (kind, False)


def test_a_request_without_an_earlier_one_is_blamed_on_nothing(ends) -> None:
    found = ends(Mortal(last=DEADLY), EARLIER, DEADLY, replace(AFTERWARDS, after=None))
    assert (found.trouble, found.reproduced) == ("500", False)


def test_nobody_is_blamed_for_what_was_not_sent(ends) -> None:
    found = ends(Mortal(last=EARLIER), EARLIER, AFTERWARDS)
    assert (found.trouble, found.reproduced) == ("500", False)
