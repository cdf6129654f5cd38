"""What a reply may hold: whatever is larger is told in one sentence before anything looks at it.

Each bound is chosen, not measured: far above what a reply to a picture needs, and low enough for
the memory of a run (`make hostile`). All looking here is linear in the bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

#: Bytes of a body, on the wire and decoded. Only a stream may be so long.
BYTES: Final = 8 * 1024 * 1024
#: Bytes of a body that is no stream. Nine of them are kept where a picture is never read.
WHOLE_BYTES: Final = 2 * 1024 * 1024
#: Pieces in which a body comes: two for each event of the longest stream.
PIECES: Final = 200_000
#: Pieces of which each has a time of its own; all that follow are told as the last of them.
TIMED: Final = 10_000
#: Headers, and bytes of them in all.
HEADERS, HEADER_BYTES = 256, 64 * 1024
#: Characters of the name of a header. A recording holds it as a key, and a key of YAML has 1024 at
#: most, quotes included (YAML 1.2.2, section 7.4.2); the longest name that IANA lists has under 60.
HEADER_NAME: Final = 1000
#: Nesting of JSON. No schema of the suite needs more than 9.
DEPTH: Final = 100
#: Values of one JSON text. A reply to one picture has under 100.
VALUES: Final = 100_000
#: Lines of a stream: three to an event, and comments between them.
LINES: Final = 500_000
#: Events of a stream, the bytes of one, and JSON values in all of them.
EVENTS, EVENT_BYTES, STREAM_VALUES = 100_000, 1024 * 1024, 1_000_000

#: A string, ended or not. Possessive, so that no byte is looked at twice.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)', re.DOTALL)
_NO_BRACKET = re.compile(r"[^\[\]{}]+")
_RUN = re.compile(r"[\[{]+|[\]}]+")
_LINE = re.compile(rb"[^\r\n]+")
_DATA = re.compile(rb"(?:^|[\r\n])data")


class OverBound(ValueError):
    """A reply over a bound; its text is the sentence that says which."""


def judge_json(text: str) -> int:
    """The number of JSON values in a text, at most. Raises OverBound; any text will do."""
    if text.lstrip()[:1] not in ("[", "{"):
        return 1
    outside = _STRING.sub("", text)
    values = outside.count(",") + outside.count("[") + outside.count("{")
    if values > VALUES:
        raise OverBound(f"the reply holds more than {VALUES:,} JSON values")
    if _depth(outside) > DEPTH:
        raise OverBound(f"the reply nests JSON more than {DEPTH} levels deep")
    return values


def _depth(outside: str) -> int:
    depth = deepest = 0
    for run in _RUN.findall(_NO_BRACKET.sub("", outside)):
        depth += len(run) if run[0] in "[{" else -len(run)
        deepest = max(deepest, depth)
    return deepest


def judge_body(body: bytes) -> None:
    """Raises OverBound where a body that is JSON holds too much. Any bytes will do."""
    if len(body) > WHOLE_BYTES:
        raise too_large(WHOLE_BYTES)
    judge_json(body.decode(json.detect_encoding(body), errors="replace"))


def judge_lines(body: bytes) -> None:
    """Raises OverBound where the events of a stream are too many or too large."""
    if len(body) > BYTES:
        raise too_large(BYTES)
    if body.count(b"\n") + body.count(b"\r") - body.count(b"\r\n") > LINES:
        raise OverBound(f"the stream has more than {LINES:,} lines")
    if sum(1 for _ in _DATA.finditer(body)) > EVENTS:
        raise OverBound(f"the stream has more than {EVENTS:,} events")
    is_long = len(body) > EVENT_BYTES
    if is_long and any(len(line[0]) > EVENT_BYTES for line in _LINE.finditer(body)):
        raise OverBound(f"an event of the stream is larger than {EVENT_BYTES:,} bytes")


def judge_events(texts: Iterable[str]) -> None:
    """Raises OverBound where the events of a stream hold too much JSON, each or together."""
    values = 0
    for text in texts:
        values += judge_json(text)
        if values > STREAM_VALUES:
            raise OverBound(f"the stream holds more than {STREAM_VALUES:,} JSON values")


def judge_headers(headers: Iterable[tuple[str, str]]) -> None:
    """Raises OverBound where headers are too many or too large, or one has too long a name."""
    sizes = [(len(name), len(value)) for name, value in headers]
    if len(sizes) > HEADERS:
        raise OverBound(f"the reply has more than {HEADERS} headers")
    if sum(map(sum, sizes)) > HEADER_BYTES:
        raise OverBound(f"the headers of the reply are larger than {HEADER_BYTES:,} bytes")
    if any(name > HEADER_NAME for name, _ in sizes):
        raise OverBound(f"a header of the reply has a name of more than {HEADER_NAME:,} characters")


def too_large(most: int) -> OverBound:
    return OverBound(f"the reply was larger than {most} bytes")


def too_many_pieces() -> OverBound:
    return OverBound(f"the reply came in more than {PIECES:,} pieces")
