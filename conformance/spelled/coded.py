"""The windows of a secret: parts that occur by chance nowhere, in every coding that is known."""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from conformance.spelled.texts import folded, signs

#: Letters of a secret as it is that are looked for; of a key in hex, and of base32 and the like.
WINDOW, WIDER = 8, 12
#: Letters of base64 that eight characters make at least, all their own; of base64 of base64.
_SIXES, _TWICE = 10, 12
#: Letters of a block in base85, and of two, which eight characters make.
_OF_85, _TEN = 5, 10
#: Letters of a coding that takes two or more for a letter, and of one that takes eight.
_TWOFOLD, _BINARY = 16, 64
#: Words before the part of a key that is drawn, such as ``sk-proj-`` and ``sk-ant-api03-``.
_PREFIX = re.compile(r"\A(?:[A-Za-z]{1,12}\d{0,2}[-_])+")
#: Digits without which a secret may be words.
_DIGITS = 3
#: Letters that words without digits have at least, all of them, to be looked for.
_WORDS = 20


def windows_of(secret: str) -> set[str]:
    """Of folded texts; none where the secret may be words."""
    letters = folded(secret)
    if sum(map(str.isdigit, letters)) < _DIGITS:
        return {letters, letters[::-1]} if len(letters) >= _WORDS else set()
    drawn = _drawn(secret)
    if not drawn:
        return set()
    is_hex = set(folded(drawn)) <= set("0123456789abcdef")
    plain = set(_cut_drawn(drawn, WIDER if is_hex else WINDOW))
    turned = {codecs.encode(window, "rot13") for window in plain}
    plain |= turned | {window[::-1] for window in plain | turned}
    coded = {w for text, width in _codings(drawn.encode()) for w in _cut(folded(text), width)}
    return plain | coded | {window[::-1] for window in coded}


def windows_in_signs(secret: str) -> set[str]:
    """Of texts in which only what stands between signs is left out."""
    drawn = _drawn(secret)
    if not drawn or sum(map(str.isdigit, drawn)) < _DIGITS:
        return set()
    raw = drawn.encode()
    texts = (t for code in (base64.b85encode, base64.a85encode) for t in _inside(code, raw, 4, 5))
    coded = {window for text in texts for window in _cut(signs(text), _TEN)}
    return coded | {window[::-1] for window in coded}


def _drawn(secret: str) -> str:
    """The part of a secret that is no words before it; "" where that is too short."""
    drawn = _PREFIX.sub("", secret, count=1)
    drawn = drawn if len(folded(drawn)) >= WIDER else secret
    return drawn if len(folded(drawn)) >= WIDER else ""


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
    # Escapes that are cut through are never undone.
    for form, width in (("x{:02x}", 3), ("0x{:02x}", 4), ("u{:04x}", 5)):
        yield "".join(form.format(n) for n in raw), width * WINDOW
    yield "".join(f"{n:08b}" for n in raw), _BINARY


def _in_blocks(raw: bytes) -> Iterator[str]:
    yield from _inside(base64.b32encode, raw, 5, 8)
    yield from _inside(base64.b32hexencode, raw, 5, 8)


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
