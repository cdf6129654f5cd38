"""What a diagnosis is made of."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.model import Level, Symptom


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One group of failed cases: their symptom, what parts their requests, and both counts."""

    symptom: Symptom
    #: The most binding level among the cases.
    level: Level
    #: One sentence, our own words and numbers: nothing that an endpoint sent is quoted.
    words: str
    #: What the requests have in common and others have not; empty where nothing parts them.
    traits: tuple[str, ...] = ()
    #: Dimensions of these traits.
    dimensions: tuple[str, ...] = ()
    #: Requests with the traits that show the symptom, and all with them that were judged for it.
    red: int = 0
    judged: int = 0
    #: The same without the traits.
    red_without: int = 0
    judged_without: int = 0
    #: Ids of the FAILED cases; each is in exactly one statement.
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Something about the run as a whole.

    ``kind`` is "ended", "busy", "dying", "mixed-up", "lottery" or "weather".
    """

    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Conditions of the whole run, and statements: a MUST before a SHOULD, then by gravity."""

    banners: tuple[Banner, ...] = ()
    statements: tuple[Statement, ...] = ()
