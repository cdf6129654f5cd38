"""What a check takes for granted and another judges: where it is not so, the check is Blocked."""

from __future__ import annotations

from typing import TypeVar

from conformance.asking.questions import in_an_earlier_turn
from conformance.judging.reading import reads
from conformance.judging.refusals import is_refusal
from conformance.judging.replies import told
from conformance.model import Blocked, Exchange, Failed, Lab, Steps, Via

T = TypeVar("T")


def verify_refused(exchange: Exchange, by: str) -> None:
    """Raises Blocked by the named case unless the request was refused with an error object."""
    try:
        is_refused = is_refusal(exchange)
    except Failed as failed:
        raise Blocked(by, failed.actual) from None
    if not is_refused:
        raise Blocked(by, f"it is not refused in a request of its own: {told(exchange)}")


def or_blocked(steps: Steps[T], by: str) -> Steps[T]:
    """What another case requires; where it is not met, Blocked by that case."""
    try:
        return (yield from steps)
    except Failed as failed:
        raise Blocked(by, failed.actual) from None


def earlier_turns_are_seen(lab: Lab, via: Via) -> Steps[None]:
    """Raises Blocked unless a picture in an earlier turn is seen."""
    picture = lab.pictures["sheet-19"]
    probe = in_an_earlier_turn(picture, via)
    yield from or_blocked(reads(probe, picture.facts.code), "multi-image/earlier-turn-is-seen")
