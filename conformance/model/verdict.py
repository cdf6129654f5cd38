"""How binding a requirement is, and what became of a case."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """How binding the requirement is, in the sense of RFC 2119."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Verdict(StrEnum):
    """What became of one case. Only PASSED is green."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"
    BLOCKED = "blocked"
    UNOBSERVED = "unobserved"
