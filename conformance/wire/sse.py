"""Server-sent events: bytes to events, by the rules of the WHATWG HTML standard, section 9.2."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event: its data with lines joined, and its type ("message" when unnamed)."""

    data: str
    type: str = "message"


def events(body: bytes) -> tuple[Event, ...]:
    """Every event of a whole body, in order. An event that was cut off is dropped."""
    text = body.decode("utf-8", errors="replace").removeprefix("\ufeff")
    found: list[Event] = []
    data: list[str] = []
    kind = "message"
    for line in _LINE_END.split(text)[:-1]:
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data":
                data.append(value)
            elif name == "event":
                kind = value
        else:
            if data:
                found.append(Event(data="\n".join(data), type=kind))
            data, kind = [], "message"
    return tuple(found)
