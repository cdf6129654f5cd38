"""The one function that stands before everything that is kept or shown."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote

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
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

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
    raw = secret.encode()
    return {
        secret,
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        base64.b64encode(raw).decode(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode(),
        raw.hex(),
        secret[::-1],
    }
