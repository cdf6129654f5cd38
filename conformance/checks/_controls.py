"""What several areas ask before or after a request that an endpoint may not survive."""

from __future__ import annotations

from typing import TypeVar

from conformance import answers, prompts
from conformance.dialogue import (
    Steps,
    ask,
    has_error_object,
    image,
    judgeable,
    told,
    until_reply,
)
from conformance.model import Blocked, Exchange, Failed, Lab, Observed, Picture, Unobserved, Via
from conformance.statuses import GATEWAY

T = TypeVar("T")
#: Numbers of the controls are counted from here, for each risky request its own.
CONTROL = 200


def still_reads(
    lab: Lab, via: Via, risky: Exchange, number: int, picture: Picture | None = None
) -> Steps[Observed]:
    """A control after a risky request; the sequential test decides, as for any reading."""
    picture = picture or lab.pictures["sheet-01"]
    code = picture.facts.code
    expected = f"the code {code} as before"
    # Sent apart for every risky request: a shared reply may be older than the damage.
    control = ask(image(picture, via), f"{prompts.CODE} This is question {CONTROL + number}.")

    def accepts(exchange: Exchange) -> bool:
        _verify_alive(exchange, risky, expected)
        return exchange.status == 200 and answers.reads(exchange.reply.text, code)

    exchange = yield from until_reply(control, accepts, expected)
    return Observed(expected=expected, actual=told(exchange))


def _verify_alive(control: Exchange, risky: Exchange, expected: str) -> None:
    """No reply to either says nothing of who is to blame: the way may be cut."""
    if control.failure and risky.failure:
        hint = "whether the risky request broke the endpoint, or the network did, is not known"
        raise Unobserved(f"{control.failure}, twice", expected=expected, hint=hint)
    if 400 <= judgeable(control).status < 500:
        raise Failed(f"{told(control)}, after {told(risky)}", expected=expected)


def verify_refused(exchange: Exchange, by: str) -> None:
    """Raises Blocked by the named case unless the request was refused with an error object."""
    if exchange.status not in GATEWAY:
        judgeable(exchange)
    if not (400 <= exchange.status < 500 and has_error_object(exchange)):
        raise Blocked(by, f"it is not refused in a request of its own: {told(exchange)}")


def or_blocked(steps: Steps[T], by: str) -> Steps[T]:
    """What another case requires; where it is not met, Blocked by that case."""
    try:
        return (yield from steps)
    except Failed as failed:
        raise Blocked(by, failed.actual) from None
