"""What the bounds of a run mean for what it would send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil

from conformance.model import Target
from conformance.report.text import line

#: Seconds of the window of a pace.
_MINUTE = 60


def rows(
    target: Target, requests: int, bounds: Mapping[str, float | None]
) -> Iterator[tuple[str, str]]:
    """A name and a sentence for each bound that was given, by option and by target file.

    ``requests`` are those that are sent when all goes well.
    """
    most = bounds.get("max_requests")
    if most is not None:
        rest = max(0, requests - int(most))
        enough = f"{rest} of them stay unobserved" if rest else "enough when all goes well"
        yield "--max-requests", f"at most {most:,.0f} requests: {enough}"
    paces = (bounds.get("rpm"), target.requests_per_minute)
    pace = min((p for p in paces if p is not None), default=None)
    if pace is not None:
        seconds = least_seconds(requests if most is None else min(requests, int(most)), int(pace))
        yield "--rpm", f"at most {pace:,.0f} requests in any 60 s: at least {seconds} s in all"
    yield from _others(target, bounds)


def _others(target: Target, bounds: Mapping[str, float | None]) -> Iterator[tuple[str, str]]:
    # Braces would be taken for a place of the number.
    unit = f" {line(target.currency)}".rstrip().replace("{", "{{").replace("}", "}}")
    sentences = {
        "max_tokens": "nothing is sent that could take more than {:,.0f} tokens in all",
        "max_cost": f"nothing is sent that could cost more than {{:,.4f}}{unit} in all",
        "tpm": "at most {:,.0f} tokens in any 60 s, reckoned before they are sent",
        "deadline": "nothing is sent after {:g} s; the report is written then",
        "patience": "an endpoint may ask to wait {:g} s at most",
    }
    for name, sentence in sentences.items():
        value = bounds.get(name)
        if value is not None:
            yield f"--{name.replace('_', '-')}", sentence.format(value)


def least_seconds(requests: int, per_minute: int) -> int:
    """Seconds until the last request may be sent: they are spread over each minute."""
    return ceil(max(0, requests - 1) * _MINUTE / per_minute)
