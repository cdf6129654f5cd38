"""Server-sent events: bytes to events, by the rules of the WHATWG HTML standard, section 9.2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: The end of a line; what has none was cut off. Looked for by itself, no byte is seen twice.
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event: its data with lines joined, and its type ("message" when unnamed)."""

    data: str
    type: str = "message"


def events(body: bytes) -> tuple[Event, ...]:
    """Every event of a whole body, in order. An event that was cut off is dropped."""
    return tuple(each_event(body))


def each_event(body: bytes) -> Iterator[Event]:
    """The same one by one: a stream may have many."""
    if b"data" not in body:
        return
    text = body.decode("utf-8", errors="replace").removeprefix("\ufeff")
    data: list[str] = []
    kind, begun = "message", 0
    for end in _LINE_END.finditer(text):
        line, begun = text[begun : end.start()], end.end()
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data":
                data.append(value)
            elif name == "event":
                kind = value
        else:
            if data:
                yield Event(data="\n".join(data), type=kind)
            data, kind = [], "message"
