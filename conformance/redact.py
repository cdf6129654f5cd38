"""The one function that stands before everything that is kept or shown."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

MARK = "[redacted]"

#: Response headers that name an account or open a session.
PRIVATE_HEADERS = frozenset(
    {"authorization", "set-cookie", "cookie", "api-key", "x-api-key", "openai-organization",
     "openai-project", "x-organization", "x-project"}
)  # fmt: skip


class Redactor:
    """Removes secrets, in the spellings in which an endpoint may echo them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {s for secret in secrets if len(secret) >= 4 for s in _spellings(secret)}
        ordered = sorted(spellings, key=len, reverse=True)
        self._pattern = re.compile("|".join(ordered)) if ordered else None

    def text(self, text: str) -> str:
        return self._pattern.sub(MARK, text) if self._pattern else text

    def body(self, body: bytes) -> bytes:
        """Bytes without secrets. Bytes that need no change come back as they are."""
        if self._pattern is None:
            return body
        text = body.decode("utf-8", errors="surrogateescape")
        return self.text(text).encode("utf-8", errors="surrogateescape")

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(
            (name, MARK if name.lower() in PRIVATE_HEADERS else self.text(value))
            for name, value in headers
        )

    def leaks(self, text: str) -> bool:
        """True where the text holds a secret."""
        return bool(self._pattern and self._pattern.search(text))


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
