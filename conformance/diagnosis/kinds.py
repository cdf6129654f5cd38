"""The classes of what can happen to a picture, and the statement that names one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What happens to pictures, the gravest first: what is hidden is graver than what is said."""

    #: A picture, or one of several, never reaches the model, and it answers all the same.
    SILENT_STRIP = "silent-strip"
    #: Where an error is due, a reply of status 200 is sent.
    ERROR_AS_ANSWER = "error-as-answer"
    #: Pictures are mixed up: within a message, between turns, or between requests.
    REORDER = "reorder"
    #: A picture reaches the model with less in it than was sent.
    SILENT_DEGRADATION = "silent-degradation"
    #: The bill does not fit the pictures.
    WRONG_BILLING = "wrong-billing"
    #: The reply, the stream or the error does not have the documented form, or it breaks.
    PROTOCOL = "protocol"
    #: Something documented is refused openly, with an error object.
    HONEST_REFUSAL = "honest-refusal"
    #: Nothing is wrong with pictures, or nothing is known.
    NONE = "none"


GRAVITY = tuple(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One conclusion: its class, what happens in one sentence, and the evidence for it.

    All three are our own words and numbers: nothing that an endpoint sent is quoted.
    """

    kind: Kind
    words: str
    #: At least one sentence, unless the kind is NONE.
    evidence: tuple[str, ...] = ()
    #: Ids of the checks that say so, the most basic first.
    checks: tuple[str, ...] = ()
