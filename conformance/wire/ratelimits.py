"""Rate limits as replies announce them: OpenAI's headers, Anthropic's, and the IETF's draft.

Everything here is total: what is not written as it is documented announces nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

#: Windows of a day are the longest that anybody documents; a longer one is a mistake.
LONGEST: Final = 7 * 86_400.0
#: Characters of a value that are looked at.
_LOOKED_AT: Final = 200
#: Items of a list that are looked at.
_ITEMS: Final = 8
_WHOLE = re.compile(r"[0-9]{1,12}")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_PART = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|us|µs|ns|d|h|m|s)")
_DURATION = re.compile(rf"(?:{_PART.pattern})+")
_SECONDS: Final[Mapping[str, float]] = {
    "d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6,
    "ns": 1e-9,
}  # fmt: skip
#: What is counted, as Anthropic and OpenAI name it.
COUNTED: Final = ("requests", "tokens", "input-tokens", "output-tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of one limit."""

    #: Tells limits apart that a reply announces side by side.
    name: str
    #: One of ``COUNTED``.
    of: str
    remaining: int
    #: Seconds until the limit is whole again.
    reset: float


def announced(headers: Sequence[tuple[str, str]], now: datetime) -> tuple[Allowance, ...]:
    """Every limit that is announced with what is left of it and when it is whole again.

    ``now`` has a time zone. Of headers that come twice the first holds.
    """
    known: dict[str, str] = {}
    for name, value in headers:
        known.setdefault(name.lower(), value.strip()[:_LOOKED_AT])
    return (*_openai(known), *_anthropic(known, now), *_ietf(known))


def _openai(headers: Mapping[str, str]) -> Iterator[Allowance]:
    """https://platform.openai.com/docs/guides/rate-limits, "Rate limits in headers"."""
    for of in ("requests", "tokens"):
        yield from _made(
            f"x-ratelimit-{of}",
            of,
            headers.get(f"x-ratelimit-remaining-{of}", ""),
            seconds_of(headers.get(f"x-ratelimit-reset-{of}", "")),
        )


def _anthropic(headers: Mapping[str, str], now: datetime) -> Iterator[Allowance]:
    """https://docs.anthropic.com/en/api/rate-limits, "Response headers"; times of RFC 3339."""
    for of in COUNTED:
        name = f"anthropic-ratelimit-{of}"
        reset = _until(headers.get(f"{name}-reset", ""), now)
        yield from _made(name, of, headers.get(f"{name}-remaining", ""), reset)


def _ietf(headers: Mapping[str, str]) -> Iterator[Allowance]:
    """draft-ietf-httpapi-ratelimit-headers, -10 and later, and the three headers of -06."""
    others = _other_units(headers.get("ratelimit-policy", ""))
    for policy, params in _items(headers.get("ratelimit", "")):
        if policy not in others:
            reset = seconds_of(params.get("t", ""))
            yield from _made(f"ratelimit {policy}", "requests", params.get("r", ""), reset)
    reset = seconds_of(headers.get("ratelimit-reset", ""))
    yield from _made("ratelimit", "requests", headers.get("ratelimit-remaining", ""), reset)


def _other_units(policies: str) -> set[str]:
    """The policies that count something else than requests: bytes, or what is under way."""
    return {name for name, params in _items(policies) if params.get("qu", "requests") != "requests"}


def _items(value: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Items of a structured field such as ``"default";r=50;t=30``."""
    for item in value.split(",")[:_ITEMS]:
        name, *params = (part.strip() for part in item.split(";"))
        pairs = (param.partition("=") for param in params)
        yield name.strip('"'), {key.strip(): found.strip().strip('"') for key, _, found in pairs}


def _made(name: str, of: str, remaining: str, reset: float | None) -> Iterator[Allowance]:
    if reset is not None and _WHOLE.fullmatch(remaining):
        yield Allowance(name=name, of=of, remaining=int(remaining), reset=reset)


def seconds_of(value: str) -> float | None:
    """Seconds of a duration such as ``6m0s``, ``250ms`` or ``30``; None where it is none."""
    if _NUMBER.fullmatch(value):
        return _bounded(float(value))
    if not _DURATION.fullmatch(value):
        return None
    return _bounded(sum(float(n) * _SECONDS[unit] for n, unit in _PART.findall(value)))


def _until(value: str, now: datetime) -> float | None:
    """Seconds from now until a time of RFC 3339; None where it is none."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return _bounded(max(0.0, (at - now).total_seconds()))


def _bounded(seconds: float) -> float | None:
    return seconds if seconds <= LONGEST else None
