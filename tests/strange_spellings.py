"""Twenty spellings that were made up before anything was measured with them."""

from __future__ import annotations

import base64
import codecs
import gzip
import re

from tests.spellings import Spell

#: Read by their first letters.
_NAMES = {
    name[0]: name
    for name in re.split(
        " ",
        "alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november "
        "oscar papa quebec romeo sierra tango uniform victor whiskey x-ray yankee zulu",
    )
}
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LOOK_ALIKE = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")


def _each(form: str) -> Spell:
    return lambda key: "".join(form.format(ord(c)) for c in key)


def _shifted(key: str, by: int) -> str:
    def one(c: str) -> str:
        first = "A" if c.isupper() else "a"
        return chr((ord(c) - ord(first) + by) % 26 + ord(first)) if c.isalpha() else c

    return "".join(map(one, key))


def _mirrored(key: str) -> str:
    def one(c: str) -> str:
        return chr(ord("a" if c.islower() else "A") * 2 + 25 - ord(c)) if c.isalpha() else c

    return "".join(map(one, key))


def _named(key: str) -> str:
    def one(c: str) -> str:
        if c.isdigit():
            return _DIGITS[int(c)]
        return _NAMES[c.lower()] if c.isalpha() else "dash"

    return " ".join(map(one, key))


def _base58(key: str) -> str:
    number, letters = int.from_bytes(key.encode()), ""
    while number:
        number, rest = divmod(number, 58)
        letters = _BASE58[rest] + letters
    return letters


def _swapped(key: str) -> str:
    return "".join(key[n : n + 2][::-1] for n in range(0, len(key), 2))


def _thrice(key: str) -> str:
    coded = key.encode()
    for _ in range(3):
        coded = base64.b64encode(coded)
    return coded.decode()


def _base32hex(key: str) -> str:
    return base64.b32hexencode(key.encode()).decode()


def _packed(key: str) -> str:
    return base64.b64encode(gzip.compress(key.encode(), mtime=0)).decode()


STRANGE: dict[str, Spell] = {
    "letters three on": lambda key: _shifted(key, 3),
    "letters mirrored": _mirrored,
    "rot47": lambda key: "".join(chr(33 + (ord(c) - 33 + 47) % 94) for c in key),
    "base58": _base58,
    "one number": lambda key: str(int.from_bytes(key.encode())),
    "base64 of gzip": _packed,
    "base64 of backwards": lambda key: base64.b64encode(key[::-1].encode()).decode(),
    "hex of base64": lambda key: base64.b64encode(key.encode()).hex(),
    "base32 of the other alphabet": _base32hex,
    "base64 three times": _thrice,
    "names of letters": _named,
    "letters doubled": lambda key: "".join(c * 2 for c in key),
    "a letter between": lambda key: "x".join(key),
    "neighbours swapped": _swapped,
    "look-alikes": lambda key: key.translate(_LOOK_ALIKE),
    "code points": _each("U+{:04X} "),
    "backslash u in braces": _each("\\u{{{:x}}}"),
    "backslashes of CSS": _each("\\{:x} "),
    "calls of chr": lambda key: " + ".join(f"chr({ord(c)})" for c in key),
    "rot13 in base64": lambda key: base64.b64encode(codecs.encode(key, "rot13").encode()).decode(),
}
