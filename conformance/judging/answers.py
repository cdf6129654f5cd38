"""What a model's free text says it has seen: codes, words, colour names and numbers.

The text is hostile: any length, any characters. Everything here is linear in the text, reads at
most ``LIMIT`` characters of it and returns at most ``MOST`` findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from conformance.drawing import codes

#: Characters of an answer that are read: ten times what 4096 tokens of output spell.
LIMIT: Final = 200_000
#: Findings returned at most.
MOST: Final = 512
#: An answer that names more different codes than this has not read one, it is guessing. With
#: codes.INFORMED_GUESS the chance that such a list hits is 32 / 45426, below one in a thousand.
MOST_FOR_ONE: Final = 32

#: Letters and digits of an answer that may be a misread code, and how alike they must be: five of
#: six characters, or all six and one besides.
_SHORT: Final = 40
_NEARLY: Final = 0.83

#: Runs of letters and digits; letters of other alphabets belong to the word, CJK does not, nor do
#: the signs among the Latin letters (guillemets, middle dots, raised figures).
_TOKEN: Final = re.compile(
    r"[0-9A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u052f]+"
)
#: The last of a list in prose: "K, X, 7, 4, M, and P".
_AND: Final = re.compile(r",? (?:and|und|et|y|e) (?=[0-9A-Za-z](?![0-9A-Za-z]))")
#: Zero-width characters and soft hyphens vanish; full-width forms become ASCII.
_PLAIN: Final = {
    **{ord(c): None for c in "\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff"},
    **{0xFEE0 + n: n for n in range(0x21, 0x7F)},
    0x3000: " ",
}
#: Escapes that a model which answers in JSON may leave in its text.
_ESCAPE: Final = re.compile(r'\\(?:u[0-9a-fA-F]{4}|[nrtbf"])')
#: Base64, digests and addresses: long unbroken runs, cut up only where every piece is a code.
_BLOB: Final = re.compile(r"[0-9A-Za-z+/=_%&-]{40,}")
_JOINT: Final = re.compile(r"[+/=_%&-]+")

#: Between letters that are spelled out one by one: short, and the same each time.
_SPELL_GAP: Final = 6
#: Between the groups of a code written as "KX7 4MP" or "KX-74-MP".
_GROUP_GAPS: Final = frozenset(
    {" ", "\u00a0", "-", "\u2011", "\u2013", "\u2014", ".", "·", " - ", "\n"}
)
_GROUPS: Final = ((3, 3), (2, 2, 2), (4, 2), (2, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    text: str
    #: What stands between this token and the one before.
    gap: str


def codes_in(text: str) -> tuple[str, ...]:
    """The codes that an answer names, in the order in which they stand, with repetitions."""
    tokens = _tokens(text)
    found: list[str] = []
    at = 0
    while at < len(tokens) and len(found) < MOST:
        names, used = _at(tokens, at)
        found.extend(names)
        at += used
    return tuple(found[:MOST])


def reads(text: str, code: str) -> bool:
    """Whether an answer names this code, and is no list of guesses."""
    named = set(codes_in(text))
    return code in named and len(named) <= MOST_FOR_ONE


def nearly_reads(text: str, code: str) -> bool:
    """Whether a short answer comes so close to a code that whoever gave it has seen it.

    All characters but one, in order, among at most two others: one guess in 100,000 does.
    """
    letters = "".join(char for char in _plain(text).upper() if char.isalnum())
    if not codes.LENGTH - 1 <= len(letters) <= _SHORT:
        return False
    sizes = range(codes.LENGTH - 1, codes.LENGTH + 2)
    windows = (letters[at : at + size] for size in sizes for at in range(len(letters) - size + 1))
    return any(SequenceMatcher(None, window, code).ratio() >= _NEARLY for window in windows)


def spells(text: str, word: str, letters: str) -> bool:
    """Whether an answer holds a word of such letters, whatever stands between and around them."""
    return word in "".join(letter for letter in text[:LIMIT] if letter in letters)


# ---------------------------------------------------------------- how a code may be written


def _at(tokens: list[_Token], at: int) -> tuple[tuple[str, ...], int]:
    """The codes that begin at a token, and how many tokens they take (at least one)."""
    size = len(tokens[at].text)
    if size == codes.LENGTH:
        code = _whole(tokens[at].text)
        return ((code,) if code else ()), 1
    if size == 1:
        run = _spelled_run(tokens, at)
        found = _spelled(tokens, at, run)
        # The last character may begin the next run, as the "1" of a list does not.
        return found, run if found else max(1, run - 1)
    for shape in _GROUPS:
        if shape[0] == size and (code := _grouped(tokens[at : at + len(shape)], shape)):
            return (code,), len(shape)
    return (), 1


def _whole(token: str) -> str | None:
    """A token of six characters; one that mixes case, such as a piece of base64, is none."""
    one_case = token in (token.upper(), token.lower(), token.capitalize())
    return codes.decode(token) if one_case else None


def _spelled_run(tokens: list[_Token], at: int) -> int:
    """How many single characters follow each other with the same gap between them."""
    end = at + 1
    while (
        end < len(tokens)
        and len(tokens[end].text) == 1
        and len(tokens[end].gap) <= _SPELL_GAP
        and tokens[end].gap == tokens[min(at + 1, end)].gap
    ):
        end += 1
    return end - at


def _spelled(tokens: list[_Token], at: int, run: int) -> tuple[str, ...]:
    """Codes in a run of single characters: sixes, or one six with a stray at either end."""
    letters = "".join(token.text for token in tokens[at : at + run])
    starts = range(0, run, codes.LENGTH) if run % codes.LENGTH == 0 else ()
    found = tuple(filter(None, (codes.decode(letters[i : i + codes.LENGTH]) for i in starts)))
    if run != codes.LENGTH + 1:
        return found
    stray = (letters[1:], letters[:-1])
    return tuple(codes.fold(part) for part in stray if codes.is_exact(part))[:1]


def _grouped(group: list[_Token], shape: tuple[int, ...]) -> str | None:
    """A code in groups of such sizes, exact because prose has such groups too."""
    if tuple(len(token.text) for token in group) != shape:
        return None
    gaps = {token.gap for token in group[1:]}
    text = "".join(token.text for token in group)
    if len(gaps) > 1 or not gaps <= _GROUP_GAPS or text not in (text.upper(), text.lower()):
        return None
    return codes.decode(text) if codes.is_exact(text) else None


# ---------------------------------------------------------------- tokens


def _tokens(text: str) -> list[_Token]:
    plain = _BLOB.sub(_without_blob, _ESCAPE.sub(" ", _plain(text)))
    plain = _AND.sub(", ", plain)
    return list(_split(plain))


def _plain(text: str) -> str:
    head = text[:LIMIT]
    return head if head.isascii() else head.translate(_PLAIN)


def _without_blob(match: re.Match[str]) -> str:
    pieces = _JOINT.split(match.group())
    whole = all(len(piece) == codes.LENGTH for piece in pieces if piece)
    return match.group() if whole else " \x00 "


def _split(text: str) -> Iterator[_Token]:
    end = 0
    for match in _TOKEN.finditer(text):
        yield _Token(text=match.group(), gap=text[end : match.start()])
        end = match.end()


# ---------------------------------------------------------------- colours and numbers

_COLOURS: Final = {
    "red": "red", "green": "green", "blue": "blue",
    "yellow": "yellow", "black": "black", "white": "white",
    "红": "red", "紅": "red", "绿": "green", "綠": "green", "蓝": "blue", "藍": "blue",
    "黄": "yellow", "黃": "yellow", "黑": "black", "白": "white",
}  # fmt: skip
_COLOUR: Final = re.compile(
    r"(?<![a-z])(?:red|green|blue|yellow|black|white)(?![a-z])|[红紅绿綠蓝藍黄黃黑]|(?<!明)白", re.I
)

_WORDS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_HAN: Final = "一二三四五六七八九"
_VALUES: Final = {
    **{word: n for n, word in enumerate(_WORDS, 1)},
    **{character: n for n, character in enumerate(_HAN, 1)},
    "zero": 0, "ten": 10, "零": 0, "十": 10, "两": 2, "兩": 2,
}  # fmt: skip
#: Labels that count lines, not things: "1. " or "2) " before something, "Row 3:", "第四行".
_LABEL: Final = re.compile(
    r"^[ \t]{0,8}[0-9]{1,3}[.)][ \t]{1,4}(?=[^\s])|\b(?:row|line)[ \t]{0,2}#?[0-9]{1,3}\b"
    r"|第[ \t]?(?:[0-9]{1,3}|[一二三四五六七八九十])[ \t]?[行排列]",
    re.I | re.M,
)
#: Numbers of more than nine digits are not counts of anything; they are skipped whole.
_NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z_.])[0-9]{1,9}(?![0-9A-Za-z_]|\.[0-9])|[零一二三四五六七八九十两兩]"
    r"|(?<![a-z])(?:zero|one|two|three|four|five|six|seven|eight|nine|ten)(?![a-z])",
    re.I,
)


def colours_in(text: str) -> tuple[str, ...]:
    """The colours red, green, blue, yellow, black and white that an answer names, in order."""
    found = _COLOUR.finditer(_plain(text))
    return tuple(_COLOURS[m.group().lower()] for m, _ in zip(found, range(MOST), strict=False))


def numbers_in(text: str) -> tuple[int, ...]:
    """The whole numbers of an answer in order: digits, English zero to ten, Chinese 零 to 十.

    Numbers that only label a line ("1. ", "Row 2:", "第三行") are left out.
    """
    found = _NUMBER.finditer(_LABEL.sub(" ; ", _plain(text)))
    return tuple(_value(m.group()) for m, _ in zip(found, range(MOST), strict=False))


def _value(text: str) -> int:
    return int(text) if text.isdecimal() else _VALUES[text.lower()]
