"""JSON from strangers: parse without ever raising, and walk without trusting types."""

from __future__ import annotations

import json
from collections.abc import Iterator

from conformance.model import Json

#: The largest integer on which all readers of JSON agree (RFC 8259, section 6). The sum of two
#: that are much larger may have more digits than Python prints.
MOST = 2**53 - 1

Path = tuple[str | int, ...]


class NotJson:
    """Stands for bytes that are not JSON; ``reason`` says why in a few words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def parse(body: bytes | str) -> Json | NotJson:
    """The JSON value of ``body``, or NotJson. Never raises, whatever the bytes."""
    try:
        return json.loads(body)
    except RecursionError:
        return NotJson("nested too deeply")
    except ValueError as error:
        return NotJson(str(error)[:200])


def at(value: Json, *path: str | int) -> Json:
    """The value at a path of keys and indices; None where any step does not exist."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(value, list) or not 0 <= step < len(value):
                return None
            value = value[step]
        else:
            if not isinstance(value, dict):
                return None
            value = value.get(step)
    return value


def text_at(value: Json, *path: str | int) -> str:
    """The string at a path; "" where it is missing or no string."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def items_at(value: Json, *path: str | int) -> list[Json]:
    """The list at a path; [] where it is missing or no list."""
    found = at(value, *path)
    return found if isinstance(found, list) else []


def whole_at(value: Json, *path: str | int) -> int | None:
    """The integer at a path, from 0 to MOST; None for anything else, booleans too."""
    found = at(value, *path)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= MOST:
        return None
    return found


def strings(value: Json) -> Iterator[tuple[Path, str]]:
    """Every string in a value and its path, names of members included."""
    waiting: list[tuple[Path, Json]] = [((), value)]
    while waiting:
        path, inner = waiting.pop()
        if isinstance(inner, str):
            yield path, inner
        elif isinstance(inner, list):
            waiting += [((*path, place), item) for place, item in enumerate(inner)]
        elif isinstance(inner, dict):
            yield from (((*path, "names"), f"{name} ") for name in inner)
            waiting += [((*path, name), item) for name, item in inner.items()]
