"""Checks, their cases, and the findings on these."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from conformance.model.ability import Ability
from conformance.model.exchanges import Exchange
from conformance.model.pictures import Pictures, codes_of
from conformance.model.requests import Probe
from conformance.model.signals import Observed, Reason
from conformance.model.symptom import Symptom
from conformance.model.targets import Claim, Target
from conformance.model.verdict import Level, Verdict

T = TypeVar("T")
#: Part of a dialogue: yields probes, is sent exchanges, returns what it was for.
Steps: TypeAlias = Generator[Probe, Exchange, T]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a requirement comes from."""

    title: str
    url: str


Dialogue: TypeAlias = Generator[Probe, Exchange, Observed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """What a dialogue may look at before it asks: the target's claims and the pictures."""

    target: Target
    pictures: Pictures

    @property
    def codes(self) -> frozenset[str]:
        """Every code that some picture shows, be it drawn already or not."""
        return codes_of(self.pictures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One value that a check ranges over."""

    id: str
    value: Any = None
    needs: frozenset[Claim] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One sentence about what an endpoint must do with a picture, and how to find out."""

    id: str
    area: str
    level: Level
    requirement: str
    spec: Source
    dialogue: Callable[..., Dialogue]
    params: tuple[Param, ...] = ()
    needs: frozenset[Claim] = frozenset()
    #: What the question asks of the model besides reading.
    abilities: frozenset[Ability] = frozenset()
    #: Chance that an endpoint which saw nothing passes by guessing; 0 where no guess can.
    guess: float = 0.0
    #: About how many requests a case sends one after the other, or as many as take so long. The
    #: longest begin first.
    steps: int = 1
    #: Its probes could do harm: they are sent on demand only, and after all others.
    opt_in: bool = False
    #: True for what an endpoint may not survive: which of two it was could not be told.
    one_by_one: bool = False
    #: True for what an endpoint may not survive either, where nothing is asked afterwards: it waits
    #: until those are judged that ask.
    may_end_it: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A check at one parameter. Its id is the key everywhere."""

    id: str
    check: Check
    param: Param | None = None

    @property
    def needs(self) -> frozenset[Claim]:
        return self.check.needs | (self.param.needs if self.param else frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict on one case and the evidence for it."""

    case: Case
    verdict: Verdict
    expected: str = ""
    actual: str = ""
    hint: str = ""
    #: What went wrong, where it FAILED.
    symptom: Symptom | None = None
    #: How much, in a few words of our own, where a judgement has measured it.
    measured: str = ""
    #: Why it does not apply, where it does not.
    why: Reason | None = None
    #: What the model cannot do, where that is why it is UNOBSERVED.
    ability: Ability | None = None
    #: Id of a case of the same run that is FAILED or UNOBSERVED, where it is BLOCKED.
    blocked_by: str = ""
    evidence: tuple[Exchange, ...] = ()
    #: The exchange of the evidence that decided; None where nothing was sent.
    about: Exchange | None = None
    #: Where several were compared and it FAILED: those that show it, and those that do not.
    shown_by: tuple[Exchange, ...] = ()
    spared: tuple[Exchange, ...] = ()
    #: True where a request that it needs was not sent, so that nothing is decided.
    is_unsent: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError where a case FAILED and nobody says of what."""
        if self.verdict is Verdict.FAILED and self.symptom is None:
            raise ValueError(f"{self.case.id} failed without a symptom")

    @property
    def red(self) -> tuple[Exchange, ...]:
        """The exchanges that show what went wrong."""
        return self.shown_by or ((self.about,) if self.about else ())


def cases_of(checks: Sequence[Check]) -> list[Case]:
    """Every check at every parameter, in order."""
    return [
        Case(id=f"{c.id}[{p.id}]" if p else c.id, check=c, param=p)
        for c in checks
        for p in (c.params or (None,))
    ]
