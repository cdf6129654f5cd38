"""What the checks of the official library judge by: what is heard, and what the reply says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from conformance.judging import sdk
from conformance.judging.replies import quote, shown
from conformance.model import Exchange, Failed, NotApplicable, Reason, Signal, Symptom

T = TypeVar("T")


def verify_installed() -> None:
    if not sdk.is_installed():
        raise NotApplicable(sdk.INSTALL, why=Reason.MISSING)


def heard(play: Callable[[], T], expected: str) -> T:
    """What a user hears who reads these members. Raises Failed for whatever the library raises."""
    try:
        return play()
    except Signal:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {quote(str(error))}"
        raise Failed(
            f"the library raises {said}", symptom=Symptom.MALFORMED, expected=expected
        ) from None


def same(name: str, heard: object, read: object, expected: str) -> None:
    if type(heard) is not type(read) or heard != read:
        seen = quote(heard) if isinstance(heard, str) else f"a {type(heard).__name__}"
        wanted = quote(read) if isinstance(read, str) else shown(read)
        raise Failed(
            f"{name} is {seen} where the reply says {wanted}",
            symptom=Symptom.MALFORMED,
            expected=expected,
        )


def is_a(name: str, value: object, expected: str) -> None:
    if type(value).__name__ != name:
        raise Failed(
            f"a {type(value).__name__} and no {name}", symptom=Symptom.MALFORMED, expected=expected
        )


def counts(usage: Any) -> tuple[Any, Any, Any]:
    return usage.prompt_tokens, usage.completion_tokens, usage.total_tokens


def same_usage(usage: Any, exchange: Exchange, expected: str) -> None:
    """Members that our own reader found must be the same integers."""
    read = exchange.reply.usage
    if read is None:
        return
    wanted = (read.prompt, read.completion, read.total)
    if usage is None:
        raise Failed("usage is None", symptom=Symptom.MALFORMED, expected=expected)
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    for name, heard, count in zip(names, counts(usage), wanted, strict=True):
        if count is not None:
            same(f"usage.{name}", heard, count, expected)
