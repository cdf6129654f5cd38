"""JSON from strangers: parse without ever raising, and walk without trusting types."""

from __future__ import annotations

import json
from collections.abc import Iterator

from conformance.model import Json
from conformance.wire.bounds import OverBound, judge_json

#: The largest integer on which all readers of JSON agree (RFC 8259, section 6). The sum of two
#: that are much larger may have more digits than Python prints.
MOST = 2**53 - 1

#: The number of a place, and the key or index that leads on from it.
Step = tuple[int, str | int]


class NotJson:
    """Stands for bytes that are not JSON; ``reason`` says why in a few words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def parse(body: bytes | str) -> Json | NotJson:
    """The JSON value of ``body``, or NotJson, also for more than ``bounds`` take. Never raises."""
    try:
        text = body if isinstance(body, str) else _decoded(body)
        judge_json(text)
        return json.loads(text)
    except OverBound as error:
        return NotJson(str(error))
    except RecursionError:
        return NotJson("nested too deeply")
    except ValueError as error:
        return NotJson(str(error)[:200])


def _decoded(body: bytes) -> str:
    return body.decode(json.detect_encoding(body), "surrogatepass")


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


def strings(value: Json, places: dict[Step, int] | None = None) -> Iterator[tuple[int, str]]:
    """Every string in a value and the number of its place, names of members included.

    ``places`` numbers the paths that were seen: the same in one dictionary has the same number.
    """
    known: dict[Step, int] = {} if places is None else places
    waiting: list[tuple[int, Json]] = [(0, value)]
    while waiting:
        place, inner = waiting.pop()
        if isinstance(inner, str):
            yield place, inner
        elif isinstance(inner, list):
            waiting += [(_numbered(known, place, n), item) for n, item in enumerate(inner)]
        elif isinstance(inner, dict):
            names = _numbered(known, place, "names")
            yield from ((names, f"{name} ") for name in inner)
            waiting += [(_numbered(known, place, name), item) for name, item in inner.items()]


def named_strings(value: Json, places: dict[Step, int]) -> Iterator[tuple[int, str, str]]:
    """Every string in a value as it is read: the number of its path without places in lists, the
    name of its member, and the text. Names of members stand under ``names``.
    """
    waiting: list[tuple[int, str, Json]] = [(0, "", value)]
    while waiting:
        place, name, inner = waiting.pop()
        if isinstance(inner, str):
            yield place, name, inner
        elif isinstance(inner, list):
            waiting += [(place, name, item) for item in reversed(inner)]
        elif isinstance(inner, dict):
            names = _numbered(places, place, "names")
            yield from ((names, "names", f"{each} ") for each in inner)
            members = [(_numbered(places, place, n), n, item) for n, item in inner.items()]
            waiting += reversed(members)


def _numbered(places: dict[Step, int], place: int, step: str | int) -> int:
    return places.setdefault((place, step), len(places) + 1)
