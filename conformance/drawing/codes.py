"""Codes that nobody can guess and that survive one misread character.

A code is six characters of ``ALPHABET``, read as a word ``c1..c6`` over the integers modulo 17
with ``sum(c_i) = 0`` and ``sum(i * c_i) = 0``. Any two columns of those two equations are
independent, so different codes differ in at least three places (a linear [6,4] code of minimum
distance 3) and one wrong character still leads back to one code. The last two characters are
determined by the first four.
"""

from __future__ import annotations

import random
from typing import Final

#: Seventeen characters that are not taken for each other. There is no vowel and no Y, so no
#: English word is a code; of each look-alike family (0ODQ, 1ILJ, 2Z, 5S, 8B, 6G, UV, CG) at most
#: one is a member.
ALPHABET: Final = "23479CFHKMNPRTVWX"
DIGITS: Final = frozenset("23479")
LENGTH: Final = 6

_P: Final = len(ALPHABET)
_INDEX: Final = {character: i for i, character in enumerate(ALPHABET)}
_INVERSE: Final = {n: pow(n, -1, _P) for n in range(1, _P)}

#: Chance that six characters drawn at random from the alphabet decode to a given code: the code
#: itself and its 6 * 16 neighbours at distance one, among 17 ** 6 strings. About 4.0e-6.
GUESS: Final = (1 + LENGTH * (_P - 1)) / _P**LENGTH

#: Codes that ``draw`` can return, out of 17 ** 4; a test counts them.
DRAWABLE: Final = 45_426

#: Chance that somebody who knows all of the above hits a given code: about 2.2e-5.
INFORMED_GUESS: Final = 1 / DRAWABLE

#: Look-alikes in Latin, Cyrillic and Greek, and full-width forms, as the character meant.
FOLDS: Final = str.maketrans(
    {
        "Z": "2",
        "U": "V",
        **dict(zip("СНКМРТХЗ", "CHKMPTX3", strict=True)),
        **dict(zip("ΗΚΜΝΡΤΧΖ", "HKMNPTX2", strict=True)),
        **{chr(0xFF00 + n - 0x20): chr(n) for n in range(0x21, 0x7F)},
        **{chr(0xFF00 + ord(c) - 0x20): to for c, to in (("Z", "2"), ("U", "V"))},
    }
)


def draw(rng: random.Random) -> str:
    """A code, evenly among those that are not too plain; the same for the same state of rng."""
    while True:
        data = [rng.randrange(_P) for _ in range(LENGTH - 2)]
        code = _complete(data)
        if is_drawable(code):
            return code


def decode(text: str) -> str | None:
    """The code that a string of six characters stands for, None where there is none.

    Folds case and look-alikes, and corrects at most one character (of any kind). Only codes that
    ``draw`` can return are ever given.
    """
    folded = fold(text)
    if len(folded) != LENGTH:
        return None
    code = _correct([_INDEX.get(character, -1) for character in folded])
    return code if code and is_drawable(code) else None


def fold(text: str) -> str:
    """Upper case, with look-alikes written as the character of the alphabet that they resemble."""
    return text.upper().translate(FOLDS)


def is_exact(text: str) -> bool:
    """Whether a string is a code as it stands, without any correction but folding."""
    return decode(text) == fold(text)


def is_drawable(code: str) -> bool:
    """Two digits and two letters at least, four different characters, no three alike in a row.

    Two digits also mean that a string without a digit never decodes: no word of prose does.
    """
    digits = sum(character in DIGITS for character in code)
    if not 2 <= digits <= LENGTH - 2 or len(set(code)) < 4:
        return False
    return not any(code[i] == code[i + 1] == code[i + 2] for i in range(LENGTH - 2))


def distance(one: str, other: str) -> int:
    """In how many places two codes differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def _complete(data: list[int]) -> str:
    """Four symbols and the two that make both sums zero: c5 + c6 = -s, 5 c5 + 6 c6 = -t."""
    plain, weighted = _sums(data)
    last = (5 * plain - weighted) % _P
    return _spell([*data, (-plain - last) % _P, last])


def _correct(symbols: list[int]) -> str | None:
    """At most one symbol put right; -1 marks a character that is not in the alphabet."""
    foreign = symbols.count(-1)
    if foreign > 1:
        return None
    known = [max(symbol, 0) for symbol in symbols]
    plain, weighted = _sums(known)
    if not plain and not weighted:
        return _spell(known)
    if not plain or not weighted:
        return None
    place = weighted * _INVERSE[plain] % _P
    if place > LENGTH or (foreign and symbols[place - 1] != -1):
        return None
    known[place - 1] = (known[place - 1] - plain) % _P
    return _spell(known)


def _sums(symbols: list[int]) -> tuple[int, int]:
    return sum(symbols) % _P, sum(i * s for i, s in enumerate(symbols, 1)) % _P


def _spell(symbols: list[int]) -> str:
    return "".join(ALPHABET[symbol] for symbol in symbols)
