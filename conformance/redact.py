"""The one function that stands before everything that is kept or shown."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from conformance.spelled import SMALL, Spelled

MARK = "[redacted]"
#: Stands for a secret of ours in what was said to us. No endpoint writes this by itself.
OURS = "[redacted: our key]"
#: What a mark for somebody else's key begins with; see ``theirs``.
THEIRS = "[redacted: a key like "
#: Stand for a whole reply that spells a secret out over several texts.
OURS_SPELLED_OUT = "[redacted: the reply spelled out a secret]"
THEIRS_SPELLED_OUT = f"{THEIRS}others spelled out]"
#: Characters of a secret below which it may be an ordinary word, such as ``ollama``.
LONG = 12

#: Response headers that name an account or open a session.
PRIVATE_HEADERS = frozenset(
    {"authorization", "set-cookie", "cookie", "api-key", "x-api-key", "openai-organization",
     "openai-project", "x-organization", "x-project"}
)  # fmt: skip


class Redactor:
    """Removes secrets, in the spellings in which an endpoint may echo them.

    What looks like a key of somebody else is removed as well, whoever it may be.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= 4})
        self._spelled = Spelled(secret for secret in known if len(secret) >= LONG)
        long = _any_of(secret for secret in known if len(secret) >= LONG)
        short = _any_of(secret for secret in known if len(secret) < LONG)
        either = "|".join(p for p in (long and f"(?P<long>{long})", short) if p)
        self._pattern = re.compile(either) if known else None
        words = {s for s in known if not (s.isascii() and self._spelled.is_in(s))}
        #: Where there are none, the pattern finds nothing in a long text that is not found anyway.
        self._has_words = bool(words)
        #: Long ones that are words: only as they are.
        of_words = _any_of(secret for secret in words if len(secret) >= LONG)
        self._words = re.compile(of_words) if of_words else None

    def text(self, text: str) -> str:
        """The text with marks for secrets; long ones in any spelling, and parts of them."""
        if not self._is_free(text):
            text = self._pattern.sub(_mark, text) if self._pattern else text
            for span in reversed(self._spelled.spans(text)):
                mark = OURS if span.is_most else MARK
                text = text[: span.start] + mark + text[span.end :]
        return without_keys(text)

    def written(self, text: str) -> str:
        """A file or a screen, as it is written, with a star for each letter of a secret.

        The last look: whatever was marked before is not there any more. Lengths, line ends and
        quotation marks stay, so that JSON, XML and tables are still what they were.
        """
        if len(text) > SMALL:
            return "".join(self._written_long(text))
        if self._words:
            text = self._words.sub(lambda found: _starred(found[0]), text)
        for span in self._spelled.spans(text):
            text = text[: span.start] + _starred(text[span.start : span.end]) + text[span.end :]
        return text

    def document(self, document: dict[str, Any]) -> dict[str, Any]:
        """The last look at what is told of a run, as JSON: itself where it tells no secret."""
        text = json.dumps(document)
        clean = self.written(text) if self._spelled.is_in(text) else text
        return document if clean == text else dict(json.loads(clean))

    def _written_long(self, text: str) -> Iterator[str]:
        """By parts that lap over, for a secret may stand on both sides of a cut."""
        half = SMALL // 2
        rest = text[:half]
        for start in range(half, len(text) + half, half):
            seen = self.written(rest + text[start : start + half])
            yield seen[:half]
            rest = seen[half:]

    def _is_free(self, text: str) -> bool:
        """True of a long text that holds none of our secrets. Of a short one it is not asked."""
        return len(text) > SMALL and not self._has_words and not self._spelled.is_in(text)

    def body(self, body: bytes) -> bytes:
        """Bytes without secrets. Bytes that need no change come back as they are."""
        text = body.decode("utf-8", errors="surrogateescape")
        return self.text(text).encode("utf-8", errors="surrogateescape")

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(
            (self.text(name), MARK if name.lower() in PRIVATE_HEADERS else self.text(value))
            for name, value in headers
        )

    def leaks(self, text: str) -> bool:
        """True where the text holds a secret."""
        return bool(self.spelled_out([text]))

    def spelled_out(self, texts: Iterable[str]) -> str:
        """What is to stand for a body with these texts; "" where none holds a secret."""
        for text in texts:
            told = "" if self._is_free(text) else self._ours_in(text)
            if told:
                return told
            if without_keys(text) != text:
                return THEIRS_SPELLED_OUT
        return ""

    def _ours_in(self, text: str) -> str:
        found = self._pattern.search(text) if self._pattern else None
        if found:
            return OURS_SPELLED_OUT if _mark(found) == OURS else MARK
        spans = self._spelled.spans(text)
        if not spans:
            return ""
        return OURS_SPELLED_OUT if any(span.is_most for span in spans) else MARK


# ---------------------------------------------------------------- secrets of ours


def _mark(found: re.Match[str]) -> str:
    return OURS if found.groupdict().get("long") else MARK


def _starred(text: str) -> str:
    """Stars for letters, and for the backslash of an escape, which would be left alone."""
    return re.sub(
        r"\\+[A-Za-z0-9]|[^\W_]|[\U000e0020-\U000e007e]", lambda found: "*" * len(found[0]), text
    )


def _any_of(secrets: Iterable[str]) -> str:
    """A pattern for every spelling of every secret, the longest first; "" for none."""
    spellings = {s for secret in secrets for s in _spellings(secret)}
    return "|".join(sorted(spellings, key=len, reverse=True))


def _spellings(secret: str) -> set[str]:
    """Patterns that match a secret however it is spelled."""
    raw = secret.encode()
    exact = {
        raw.hex(),
        secret[::-1],
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(),
        *_inside_base64(raw),
    }
    return {"".join(map(_escaped, secret)), *map(re.escape, exact)}


def _escaped(character: str) -> str:
    """Matches a character with backslashes before it, percent-encoded, or by its code point."""
    encoded = "".join(f"%{byte:02x}" for byte in character.encode())
    # The bound keeps a body of nothing but backslashes from taking forever.
    plain = rf"\\{{0,8}}{re.escape(character)}"
    return rf"(?:{plain}|(?i:{encoded})|\\{{1,8}}(?i:u{ord(character):04x}))"


def _inside_base64(raw: bytes) -> set[str]:
    """What is left of a secret in the base64 of something around it, such as ``user:secret``."""
    found: set[str] = set()
    # Parts of a shorter one would be found in any base64.
    for before in range(3 if len(raw) >= 8 else 0):
        coded = base64.b64encode(bytes(before) + raw)
        # Letters at either end depend on the neighbours as well.
        own = coded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6].decode()
        found |= {own, own.translate(str.maketrans("+/", "-_"))}
    return found


# ---------------------------------------------------------------- keys of others


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of key: what it begins with, how it is shown, and the pattern of key or value."""

    hint: str
    shown: str
    pattern: re.Pattern[str]


#: Where a key may begin: not within a word, but right after an escape such as ``\n`` or ``%3D``.
_FRONT = r"(?:(?<![\w+/-])|(?<=\\[nrt])|(?<=\\u[0-9a-fA-F]{4})|(?<=%[0-9A-Fa-f]{2}))"
_BACK = r"(?![\w-])"
_WORD = r"[A-Za-z0-9_-]"
#: Between the address of a query, or the value before it, and the name of a key.
_QUERY = "|".join(
    rf"(?<={sign}{name})" for sign in ("[?&]", r"\\u0026") for name in ("", "api", "api[_-]")
)


def _form(hint: str, key: str, before: str = _FRONT, shown: str = "") -> _Form:
    """``before`` begins where the hint does and is kept; the key itself is the group that goes."""
    return _Form(hint, shown or f"{hint}*", re.compile(rf"({before})({key}){_BACK}"))


#: Prefixes as their makers document them: OpenAI and Anthropic, Google, AWS, Groq, xAI, Hugging
#: Face, NVIDIA, Replicate, Perplexity. Lengths are the shortest in use.
_FORMS = (
    _form("sk-", rf"sk-{_WORD}{{20,250}}"),
    _form("AIza", rf"AIza{_WORD}{{35}}"),
    _form("AKIA", r"AKIA[0-9A-Z]{16}"),
    _form("ASIA", r"ASIA[0-9A-Z]{16}"),
    _form("gsk_", r"gsk_[A-Za-z0-9]{40,80}"),
    _form("xai-", r"xai-[A-Za-z0-9]{60,120}"),
    _form("hf_", r"hf_[A-Za-z0-9]{30,60}"),
    _form("nvapi-", rf"nvapi-{_WORD}{{40,120}}"),
    _form("r8_", r"r8_[A-Za-z0-9]{30,60}"),
    _form("pplx-", r"pplx-[A-Za-z0-9]{30,80}"),
    _form("earer ", r"[A-Za-z0-9._~+/-]{20,4000}={0,2}", r"(?<=\b[Bb])earer ", "Bearer *"),
    _form("key=", rf"{_WORD}{{20,250}}", rf"(?:{_QUERY})key=", "key=*"),
    _form(
        "api",
        rf"{_WORD}{{20,250}}",
        r"\bapi[_-]?key\\{0,8}[\"']?[ ]{0,3}[:=][ ]{0,3}\\{0,8}[\"']?",
        "api-key: *",
    ),
)
#: Different characters of the shortest key that is not made up for an example.
_VARIETY = 8


def without_keys(text: str) -> str:
    """The text with a mark in the place of what looks like somebody's key."""
    for form in _FORMS:
        if form.hint in text:
            text = "".join(_without(text, form))
    return text


def _without(text: str, form: _Form) -> Iterator[str]:
    """The text in pieces, marks among them; looked at only where the hint stands."""
    kept, at = 0, text.find(form.hint)
    while at >= 0:
        found = form.pattern.match(text, at)
        if found and _is_key(found[2]):
            yield from (text[kept : found.start(2)], f"{THEIRS}{form.shown}]")
            kept = found.end()
        at = text.find(form.hint, found.end() if found else at + 1)
    yield text[kept:]


def theirs(hint: str) -> str:
    """The mark for a key of the form that begins so."""
    return next(f"{THEIRS}{form.shown}]" for form in _FORMS if form.hint == hint)


def _is_key(text: str) -> bool:
    """False for words and examples, such as ``sk-your-api-key-goes-here`` and ``sk-xxxx…``."""
    drawn = any(map(str.isdigit, text)) and any(map(str.isalpha, text))
    return drawn and len(set(text)) >= _VARIETY
