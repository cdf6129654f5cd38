"""Sixty spellings in which an endpoint may tell a key back."""

from __future__ import annotations

import base64
import codecs
import quopri
from collections.abc import Callable
from urllib.parse import quote

Spell = Callable[[str], str]


def _each(form: str) -> Spell:
    return lambda key: "".join(form.format(ord(c)) for c in key)


def _joined(by: str) -> Spell:
    return lambda key: by.join(key)


def _coded(code: Callable[[bytes], bytes], before: str = "") -> Spell:
    return lambda key: code((before + key).encode()).decode()


def _wrapped(text: str, width: int) -> str:
    return "\n".join(text[n : n + width] for n in range(0, len(text), width))


def _shifted(first: int) -> Spell:
    """Letters and digits of another block, as full-width ones."""
    return lambda key: "".join(chr(ord(c) + first) if "!" <= c <= "~" else c for c in key)


def _twice(key: str) -> str:
    return base64.b64encode(base64.b64encode(key.encode())).decode()


SPELLINGS: dict[str, Spell] = {
    "plain": lambda key: key,
    "upper case": str.upper,
    "lower case": str.lower,
    "swapped case": str.swapcase,
    "backwards": lambda key: key[::-1],
    "rot13": lambda key: codecs.encode(key, "rot13"),
    "rot13 backwards": lambda key: codecs.encode(key[::-1], "rot13"),
    "spaces": _joined(" "),
    "dashes": _joined("-"),
    "dots": _joined("."),
    "commas": _joined(", "),
    "line ends": _joined("\n"),
    "stars": _joined("*"),
    "quotes": _joined('","'),
    "zero-width spaces": _joined("\u200b"),
    "zero-width joiners": _joined("\u200d"),
    "soft hyphens": _joined("\xad"),
    "combining marks": _joined("\u0301"),
    "bidi isolates": _joined("\u2066\u2069"),
    "variation selectors": _joined("\ufe0f"),
    "groups of four": lambda key: " ".join(key[n : n + 4] for n in range(0, len(key), 4)),
    "full-width letters": _shifted(0xFEE0),
    "tag characters": _shifted(0xE0000),
    "UTF-16": lambda key: key.encode("utf-16-le").decode("latin-1"),
    "UTF-32": lambda key: key.encode("utf-32-be").decode("latin-1"),
    "hex": lambda key: key.encode().hex(),
    "hex in upper case": lambda key: key.encode().hex().upper(),
    "hex with spaces": lambda key: key.encode().hex(" "),
    "hex with colons": lambda key: key.encode().hex(":").upper(),
    "hex with 0x": _each("0x{:02x}, "),
    "hex of UTF-16": lambda key: key.encode("utf-16-le").hex(),
    "hex backwards": lambda key: key[::-1].encode().hex(),
    "decimal": _each("{} "),
    "decimal list": lambda key: str(list(key.encode())),
    "octal": _each("{:o} "),
    "binary": _each("{:08b} "),
    "base64": _coded(base64.b64encode),
    "base64 after one": _coded(base64.b64encode, "x"),
    "base64 after two": _coded(base64.b64encode, "xy"),
    "base64 for URLs": _coded(base64.urlsafe_b64encode),
    "base64 twice": _twice,
    "base64 wrapped": lambda key: _wrapped(base64.b64encode(key.encode()).decode(), 19),
    "base64 backwards": lambda key: base64.b64encode(key.encode()).decode()[::-1],
    "base64 of hex": lambda key: base64.b64encode(key.encode().hex().encode()).decode(),
    "base64 of UTF-16": lambda key: base64.b64encode(key.encode("utf-16-le")).decode(),
    "base32": _coded(base64.b32encode),
    "base32 after one": _coded(base64.b32encode, "x"),
    "base32 in lower case": lambda key: base64.b32encode(key.encode()).decode().lower(),
    "base85": _coded(base64.b85encode),
    "ascii85": _coded(base64.a85encode),
    "percent": lambda key: "".join(f"%{ord(c):02X}" for c in key),
    "percent twice": lambda key: quote("".join(f"%{ord(c):02X}" for c in key)),
    "decimal entities": _each("&#{};"),
    "hex entities": _each("&#x{:x};"),
    "entities twice": _each("&amp;#{};"),
    "backslash x": _each("\\x{:02x}"),
    "backslash u": _each("\\u{:04x}"),
    "backslash octal": _each("\\{:03o}"),
    "quoted-printable": lambda key: "".join(f"={ord(c):02X}" for c in key),
    "soft line ends": lambda key: (
        quopri.encodestring(_wrapped(key, 5).encode()).decode().replace("\n", "=\n")
    ),
}
