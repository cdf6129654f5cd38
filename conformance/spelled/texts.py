"""Texts as they may be read: plain letters and digits, escapes undone, or signs and all."""

from __future__ import annotations

import html
import json
import re
import sys
import unicodedata
from collections.abc import Iterator

_TAGS = {0xE0000 + n: n for n in range(0x20, 0x7F)}
_LETTERS = bytes(range(256)).lower()
_OTHERS = bytes(n for n in range(256) if not (n < 128 and chr(n).isalnum()))
_TAGGED = re.compile("[\U000e0020-\U000e007e]")
#: What codings of 85 signs have none of, and what another coding puts before some.
_NO_SIGNS = b" \t\r\n\\\"'"
#: Each begins with a letter of its own, by which all other places are passed over quickly.
_ESCAPE = re.compile(
    r"%(?:25){0,4}(?P<percent>[0-9a-fA-F]{2})"
    r"|\\(?<!\\\\)\\*+(?:u(?P<pair>[dD][89abAB][0-9a-fA-F]{2}\\++u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u(?P<unicode>[0-9a-fA-F]{4})|u\{(?P<braces>[0-9a-fA-F]{1,6})\}"
    r"|x(?P<hex>[0-9a-fA-F]{2})|(?P<octal>[0-3][0-7]{2})|[nrt])"
    r"|0(?<!\w0)x(?P<number>[0-9a-fA-F]{2})"
    r"|U(?<!\wU)\+(?P<point>[0-9a-fA-F]{4,6})|u(?<!\wu)\+(?P<small>[0-9a-fA-F]{4,6})"
    r"|c(?<!\wc)hr\((?P<call>[0-9]{1,6})\)"
    r"|=(?P<quoted>[0-9A-F]{2})"
    r"|&(?:amp;){0,4}#(?P<entity>[xX][0-9a-fA-F]{1,6}|[0-9]{1,7});?"
)
_BASES = {"octal": 8, "call": 10}
#: Many escapes of one kind in a row, which are undone at once.
_ROW = re.compile(
    r"%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2}){7,}|=[0-9A-F]{2}(?:=[0-9A-F]{2}){7,}"
    r"|\\u00[0-9a-fA-F]{2}(?:\\u00[0-9a-fA-F]{2}){7,}|\\x[0-9a-fA-F]{2}(?:\\x[0-9a-fA-F]{2}){7,}"
)


def folded(text: str) -> str:
    """The letters and digits of a text in lower case, of whatever block of Unicode they are."""
    if not text.isascii():
        text = text.translate(_TAGS) if _TAGGED.search(text) else text
        text = unicodedata.normalize("NFKD", text).casefold()
    return text.encode("ascii", "ignore").translate(_LETTERS, _OTHERS).decode()


def signs(text: str) -> str:
    """The ASCII of a text without blanks, quotation marks and backslashes."""
    return text.encode("ascii", "ignore").translate(None, _NO_SIGNS).decode()


def views(text: str) -> Iterator[str]:
    """The folded text, and that of the text with its escapes undone."""
    yield folded(text)
    plain = _ESCAPE.sub(_undone, _ROW.sub(_row_undone, text))
    if plain != text:
        yield folded(plain)


def _row_undone(row: re.Match[str]) -> str:
    sign = re.match(r"[%=]|\\u00|\\x", row[0])
    return bytes.fromhex(row[0].replace(sign[0] if sign else "", "")).decode("latin-1")


def characters(text: str) -> Iterator[tuple[int, int, str]]:
    yield from ((n, n + 1, c) for n, c in enumerate(text))


def escapes(text: str) -> Iterator[tuple[int, int, str]]:
    """Each character or escape: its start and end, and what it stands for."""
    at = 0
    for escape in _ESCAPE.finditer(text):
        yield from ((n, n + 1, text[n]) for n in range(at, escape.start()))
        yield escape.start(), escape.end(), _undone(escape)
        at = escape.end()
    yield from ((n, n + 1, text[n]) for n in range(at, len(text)))


def _undone(escape: re.Match[str]) -> str:
    kind = escape.lastgroup
    if kind is None:
        return "\n"
    if kind == "entity":
        return html.unescape(f"&#{escape[kind]};")
    if kind == "pair":
        return str(json.loads(f'"\\u{escape[kind][:4]}\\u{escape[kind][-4:]}"'))
    code = int(escape[kind], _BASES.get(kind, 16))
    return chr(code) if code <= sys.maxunicode else ""
