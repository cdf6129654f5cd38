"""A secret told in other letters: coded, split, respaced, turned round, or a part of it.

Texts are folded to plain letters and digits, escapes undone. Codings are not undone: the secret is
coded in the same way, folded, and cut into windows that occur by chance nowhere.
"""

from __future__ import annotations

import base64
import codecs
import html
import json
import re
import struct
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

#: Letters of a secret as it is that are looked for; of a key in hex, and of base32 and the like.
WINDOW, WIDER = 8, 12
#: Letters of base64 that eight characters make at least, all their own; of base64 of base64.
_SIXES, _TWICE = 10, 12
#: Letters with which a window begins, read as one number: eight, for no window is shorter.
_HEAD = 8
#: Letters of a block in base85.
_OF_85 = 5
#: Letters of a coding that takes two or more for a letter, and of one that takes eight.
_TWOFOLD, _BINARY = 16, 64
#: Characters of a text up to which every place is looked at, and the exact part is taken out.
SMALL = 200_000
#: Characters of a text of which is remembered whether it tells a secret.
_SHORT = 1_000
#: Every so many places of a longer text: it finds what is three letters longer than a window.
_STRIDE = 4
#: Characters of a long text that are looked at in one go, so that other threads get their turn,
#: and by how many those parts lap over.
_PART, _LAP = 1_000_000, 4_000
#: Words before the part of a key that is drawn, such as ``sk-proj-`` and ``sk-ant-api03-``.
_PREFIX = re.compile(r"\A(?:[A-Za-z]{1,12}\d{0,2}[-_])+")
#: Digits without which a secret may be words.
_DIGITS = 3
#: Letters that words without digits have at least, all of them, to be looked for.
_WORDS = 20
_TAGS = {0xE0000 + n: n for n in range(0x20, 0x7F)}
_LETTERS = bytes(range(256)).lower()
_OTHERS = bytes(n for n in range(256) if not (n < 128 and chr(n).isalnum()))
_TAGGED = re.compile("[\U000e0020-\U000e007e]")
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


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text, and whether it tells half of a secret or more."""

    start: int
    end: int
    is_most: bool


def folded(text: str) -> str:
    """The letters and digits of a text in lower case, of whatever block of Unicode they are."""
    if not text.isascii():
        text = text.translate(_TAGS) if _TAGGED.search(text) else text
        text = unicodedata.normalize("NFKD", text).casefold()
    return text.encode("ascii", "ignore").translate(_LETTERS, _OTHERS).decode()


class Spelled:
    """Finds secrets in texts, in time linear in the text. Short ones may be words: none of them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._windows: dict[int, set[str]] = {}
        #: Letters of the shortest secret that is looked for.
        self._length = 0
        #: The same names, headers and sentences come again and again.
        self._remembered = lru_cache(maxsize=4096)(self._looked_for)
        for secret in sorted(secrets, key=len, reverse=True):
            windows = _windows_of(secret)
            self._length = len(folded(secret)) if windows else self._length
            for window in windows:
                self._windows.setdefault(len(window), set()).add(window)
        #: What a window begins with, and how long such windows are.
        self._heads: dict[int, set[int]] = {}
        for width, windows in self._windows.items():
            for window in windows:
                self._heads.setdefault(_heads_of(window, 0)[0], set()).add(width)

    def is_in(self, text: str) -> bool:
        """True where the text holds a window of a secret, as it stands or with escapes undone."""
        if not self._windows or len(text) < WINDOW:
            return False
        return self._remembered(text) if len(text) <= _SHORT else self._looked_for(text)

    def _looked_for(self, text: str) -> bool:
        if len(text) <= SMALL:
            return any(self._has(view, 1) for view in _views(text))
        parts = (text[n : n + _PART] for n in range(0, len(text), _PART - _LAP))
        return any(self._has(view, _STRIDE) for part in parts for view in _views(part))

    def spans(self, text: str) -> list[Span]:
        """The parts of a text that tell secrets, in order and apart; the whole of a long text."""
        if not self.is_in(text):
            return []
        if len(text) > SMALL:
            return [Span(0, len(text), True)]
        return _merged([s for pieces in (_characters, _escapes) for s in self._in(pieces(text))])

    def _has(self, letters: str, step: int) -> bool:
        """Whether a window stands at one of every ``step`` places."""
        for first in range(0, _HEAD, step):
            heads = _heads_of(letters, first)
            if self._heads.keys().isdisjoint(heads):
                continue
            for n, head in enumerate(heads):
                if head in self._heads and self._stands_at(letters, first + n * _HEAD, head):
                    return True
        return False

    def _stands_at(self, letters: str, at: int, head: int) -> bool:
        return any(letters[at : at + width] in self._windows[width] for width in self._heads[head])

    def _in(self, pieces: Iterator[tuple[int, int, str]]) -> Iterator[Span]:
        owned = [(start, end, c) for start, end, text in pieces for c in folded(text)]
        letters = "".join(c for _, _, c in owned)
        for first, last in self._runs(letters):
            most = (last - first) * 2 >= self._length
            yield Span(owned[first][0], owned[last - 1][1], most)

    def _runs(self, letters: str) -> Iterator[tuple[int, int]]:
        """Where windows stand, those that touch as one."""
        found = sorted(
            (n, n + width)
            for width, windows in self._windows.items()
            for n in range(len(letters) - width + 1)
            if letters[n : n + width] in windows
        )
        run = (0, 0)
        for start, end in found:
            if start > run[1] and run[1]:
                yield run
            run = (run[0], max(end, run[1])) if run[1] and start <= run[1] else (start, end)
        if run[1]:
            yield run


def _heads_of(letters: str, first: int) -> tuple[int, ...]:
    """Each eight letters from there on, as one number."""
    raw = letters.encode()
    return struct.unpack_from(f"{max(0, len(raw) - first) // _HEAD}Q", raw, min(first, len(raw)))


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        last = merged[-1] if merged else None
        if last is None or span.start > last.end:
            merged.append(span)
        else:
            most = last.is_most or span.is_most
            merged[-1] = Span(last.start, max(last.end, span.end), most)
    return merged


# ---------------------------------------------------------------- texts


def _views(text: str) -> Iterator[str]:
    yield folded(text)
    plain = _ESCAPE.sub(_undone, _ROW.sub(_row_undone, text))
    if plain != text:
        yield folded(plain)


def _row_undone(row: re.Match[str]) -> str:
    sign = re.match(r"[%=]|\\u00|\\x", row[0])
    return bytes.fromhex(row[0].replace(sign[0] if sign else "", "")).decode("latin-1")


def _characters(text: str) -> Iterator[tuple[int, int, str]]:
    yield from ((n, n + 1, c) for n, c in enumerate(text))


def _escapes(text: str) -> Iterator[tuple[int, int, str]]:
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


# ---------------------------------------------------------------- secrets


def _windows_of(secret: str) -> set[str]:
    letters = folded(secret)
    if sum(map(str.isdigit, letters)) < _DIGITS:
        return {letters, letters[::-1]} if len(letters) >= _WORDS else set()
    drawn = _PREFIX.sub("", secret, count=1)
    if len(folded(drawn)) < WIDER:
        drawn = secret
    if len(folded(drawn)) < WIDER:
        return set()
    is_hex = set(folded(drawn)) <= set("0123456789abcdef")
    plain = set(_cut_drawn(drawn, WIDER if is_hex else WINDOW))
    turned = {codecs.encode(window, "rot13") for window in plain}
    plain |= turned | {window[::-1] for window in plain | turned}
    coded = {w for text, width in _codings(drawn.encode()) for w in _cut(folded(text), width)}
    return plain | coded | {window[::-1] for window in coded}


def _cut(letters: str, width: int) -> Iterator[str]:
    """Every window but those of little variety, which occur by chance."""
    for n in range(len(letters) - width + 1):
        window = letters[n : n + width]
        if width == _BINARY or len(set(window)) > width // 4:
            yield window


def _cut_drawn(secret: str, width: int) -> Iterator[str]:
    """Windows of a secret that are no words: letters and digits, or cases in turns."""
    plain = "".join(c for c in secret if folded(c))
    for n in range(len(plain) - width + 1):
        window = plain[n : n + width]
        kinds = [c.isdigit() + 2 * c.isupper() for c in window]
        turns = sum(a != b for a, b in pairwise(kinds))
        mixed = any(map(str.isdigit, window)) and any(map(str.isalpha, window))
        if turns >= 4 or (mixed and len(set(window)) >= 6):
            yield folded(window)


def _codings(raw: bytes) -> Iterator[tuple[str, int]]:
    """The secret in codings that take more letters, and how many of them make a window."""
    wide = raw.decode().encode("utf-16-le")
    yield from ((text, WIDER) for text in _in_blocks(raw))
    once = [text.encode() for text in _inside(base64.b64encode, raw, 3, 4)]
    turned = codecs.encode(raw.decode(), "rot13").encode()
    for inner in (raw, raw[::-1], turned, turned[::-1]):
        yield from ((text, _SIXES) for text in _inside(base64.b64encode, inner, 3, 4))
    for inner in (raw.hex().encode(), wide, wide[1:], *once):
        yield from ((text, _TWICE) for text in _inside(base64.b64encode, inner, 3, 4))
    for twice in (text for inner in once for text in _inside(base64.b64encode, inner, 3, 4)):
        yield from ((text, _TWOFOLD) for text in _inside(base64.b64encode, twice.encode(), 3, 4))
    yield from ((text.hex(), _TWOFOLD) for text in (raw, raw[::-1], wide, *once))
    yield from (("".join(form.format(n) for n in raw), _TWOFOLD) for form in ("{}", "{:o}"))
    yield "".join(f"{n:08b}" for n in raw), _BINARY


def _in_blocks(raw: bytes) -> Iterator[str]:
    yield from _inside(base64.b32encode, raw, 5, 8)
    yield from _inside(base64.b32hexencode, raw, 5, 8)
    yield from _inside(base64.b85encode, raw, 4, 5)
    yield from _inside(base64.a85encode, raw, 4, 5)


def _inside(code: Callable[[bytes], bytes], raw: bytes, block: int, letters: int) -> list[str]:
    """What a coding of blocks makes of bytes with others before them, however they are aligned.

    Of the letters that the bytes before have a part in, none is there. The last ones may be others
    where something follows.
    """
    found = []
    for before in range(block):
        coded = code(b"x" * before + raw).decode().rstrip("=")
        first = -(-before * letters // block) if letters != _OF_85 else letters * (before > 0)
        found.append(coded[first:])
    return found
