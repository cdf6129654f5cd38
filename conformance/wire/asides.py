"""What a reply says beside its members: in headers, and in fields of a stream that are no data.

Texts are put together in the order in which they came, for a secret may be told in parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

#: A line of a stream that is no data: its name, "" for a comment, and what it says.
_FIELD = re.compile(rb"^(?!data\b)([a-zA-Z-]{0,20}):[ ]?([^\r\n]*)", re.MULTILINE)


def in_headers(headers: Sequence[tuple[str, str]]) -> list[str]:
    """All names, all values, and both."""
    names, values = [name for name, _ in headers], [value for _, value in headers]
    return ["".join(names), "".join(values), "".join(f"{n}{v}" for n, v in headers)]


def in_fields(body: bytes) -> list[str]:
    """Names of events, ids and comments of a stream: all, and those of one kind."""
    if b"data" not in body:
        return []
    told: dict[object, list[str]] = {}
    for name, value in _FIELD.findall(body):
        for group in (None, name):
            told.setdefault(group, []).append(value.decode("utf-8", "replace"))
    return ["".join(values) for values in told.values()]
