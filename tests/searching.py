"""Looks for pieces of a key, with nothing of what hides them: it decodes, where that one codes."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

#: Letters and digits of a piece of the key that count as a leak: eight, twelve of a key in hex.
PIECE, OF_HEX = 8, 12
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3][0-7]{2}))")
_RUN = {
    "64": re.compile(r"[A-Za-z0-9+/_-]{11,}"),
    "32": re.compile(r"[A-Za-z2-7]{13,}"),
    "85": re.compile(r"[!-~]{10,}"),
}


def pieces_of(key: str) -> list[str]:
    """Every piece that counts, of the part of the key that is drawn, in its own case."""
    drawn = key.removeprefix("sk-proj-")
    size = OF_HEX if set(drawn) <= set("0123456789abcdef") else PIECE
    at = [n for n, c in enumerate(drawn) if c.isalnum()]
    return [drawn[at[n] : at[n + size - 1] + 1] for n in range(len(at) - size + 1)]


def found(text: str, key: str, forms: Iterable[str] = ()) -> list[str]:
    """What is found of the key in a text: the piece, and in which way it is told."""
    pieces = pieces_of(key)
    # The letter of an escaped line end is none of the key's.
    text = re.sub(r"\\+n", " ", text)
    read = list(dict.fromkeys(_read(text)))
    leaks = [f"{form!r} as it was told" for form in forms if any(form in view for view in read)]
    for view in read:
        leaks += _told(_plain(view), pieces)
        leaks += [f"{p} in base" for blob in _decoded(view) for p in _within(blob, pieces)]
    return leaks


def _read(text: str) -> Iterator[str]:
    """The text as it is, and as those read it who take it for JSON, HTML, a URL or an e-mail."""
    yield text
    inner = "\n".join(_strings(text))
    yield inner
    yield "\n".join(_strings(inner))
    for view in (text, inner):
        yield html.unescape(html.unescape(view))
        yield unquote(unquote(view))
        yield _ESCAPE.sub(_character, view)
        yield re.sub("=([0-9A-F]{2})", lambda e: chr(int(e[1], 16)), view.replace("=\n", ""))


def _strings(text: str) -> Iterator[str]:
    for written in _STRING.findall(text):
        try:
            yield json.loads(written, strict=False)
        except ValueError:
            continue


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1] or escape[2] or escape[3], 8 if escape[3] else 16))


def _plain(text: str) -> str:
    """Letters and digits alone, in lower case."""
    tags = {0xE0000 + n: n for n in range(0x20, 0x7F)}
    plain = unicodedata.normalize("NFKD", text.translate(tags)) if not text.isascii() else text
    return re.sub("[^a-z0-9]", "", plain.lower())


def _numbers(form: str, piece: str) -> str:
    return "".join(form.format(ord(c)) for c in piece)


WAYS: dict[str, Callable[[str], str]] = {
    "plain": lambda piece: piece,
    "backwards": lambda piece: piece[::-1],
    "rot13": lambda piece: codecs.encode(piece, "rot13"),
    "rot13 backwards": lambda piece: codecs.encode(piece[::-1], "rot13"),
    "hex": lambda piece: piece.encode().hex(),
    "hex backwards": lambda piece: piece[::-1].encode().hex(),
    "hex digits backwards": lambda piece: piece.encode().hex()[::-1],
    "hex with 0x": lambda piece: _numbers("0x{:02x}", piece),
    "hex of UTF-16": lambda piece: piece.encode("utf-16-le").hex(),
    "decimal": lambda piece: _numbers("{}", piece),
    "octal": lambda piece: _numbers("{:o}", piece),
    "binary": lambda piece: _numbers("{:08b}", piece),
}


def _told(plain: str, pieces: list[str]) -> Iterator[str]:
    for way, tell in WAYS.items():
        for piece in pieces:
            told = re.sub("[^a-z0-9]", "", tell(piece).lower())
            if told in plain:
                yield f"{piece} in {way}"


def _decoded(text: str) -> Iterator[bytes]:
    """What stands in base64, base32 and base85, twice over, forwards and backwards."""
    joined = re.sub(r"\s+", "", text) if len(text) < 100_000 else text.replace("\\n", "")
    for run in _RUN["64"].findall(joined):
        for way in (run, run[::-1]):
            for blob in _base64(way):
                yield blob
                yield from (b for inner in _inner(blob) for b in _base64(inner))
    for run in _RUN["32"].findall(joined):
        yield from (b for n in range(8) for b in _base32(run[n:].upper()))
    if len(joined) < 100_000:
        yield from (b for run in _RUN["85"].findall(joined) for b in _base85(run))


def _inner(blob: bytes) -> list[str]:
    return re.findall("[A-Za-z0-9+/_-]{15,}", blob.decode("latin-1"))


def _base64(run: str) -> Iterator[bytes]:
    run = run.replace("-", "+").replace("_", "/")
    for n in range(4):
        rest = run[n:]
        yield base64.b64decode(rest[: len(rest) // 4 * 4])


def _base32(run: str) -> Iterator[bytes]:
    try:
        yield base64.b32decode(run[: len(run) // 8 * 8])
    except binascii.Error:
        return


def _base85(run: str) -> Iterator[bytes]:
    for n in range(5):
        for decode in (base64.b85decode, base64.a85decode):
            rest = run[n:]
            try:
                yield decode(rest[: len(rest) // 5 * 5].encode())
            except ValueError:
                continue


def _within(blob: bytes, pieces: list[str]) -> Iterator[str]:
    told = blob.replace(b"\0", b"").decode("latin-1").lower()
    for piece in pieces:
        if piece.lower() in told or piece.encode().hex() in told:
            yield piece
