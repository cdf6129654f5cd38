"""A secret told in other letters: coded, split, respaced, turned round, or a part of it.

Texts are folded to plain letters and digits, escapes undone. Codings are not undone: the secret is
coded in the same way, folded, and cut into windows that occur by chance nowhere. For codings that
are signs more than letters the signs are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from conformance.spelled.coded import WINDOW, windows_in_signs, windows_of
from conformance.spelled.texts import characters, escapes, folded, signs, views
from conformance.spelled.windows import Span, Windows, merged

__all__ = ["SMALL", "Span", "Spelled"]

#: Characters of a text up to which every place is looked at, and the exact part is taken out.
SMALL = 200_000
#: Characters of a text of which is remembered whether it tells a secret.
_SHORT = 1_000
#: Every so many places of a longer text: it finds what is three letters longer than a window.
_STRIDE = 4
#: Characters of a long text that are looked at in one go, so that other threads get their turn,
#: and by how many those parts lap over.
_PART, _LAP = 1_000_000, 4_000


class Spelled:
    """Finds secrets in texts, in time linear in the text. Short ones may be words: none of them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        found = {secret: windows_of(secret) for secret in secrets}
        self._letters = Windows(set().union(*found.values()), folded)
        self._signs = Windows(set().union(*map(windows_in_signs, found)), signs)
        #: Letters of the shortest secret that is looked for.
        self._length = min((len(folded(s)) for s, windows in found.items() if windows), default=0)
        #: The same names, headers and sentences come again and again.
        self._remembered = lru_cache(maxsize=4096)(self._looked_for)

    def is_in(self, text: str) -> bool:
        """True where the text holds a window of a secret, as it stands or with escapes undone."""
        if not self._letters or len(text) < WINDOW:
            return False
        return self._remembered(text) if len(text) <= _SHORT else self._looked_for(text)

    def _looked_for(self, text: str) -> bool:
        if len(text) <= SMALL:
            return self._is_told(text, 1)
        parts = (text[n : n + _PART] for n in range(0, len(text), _PART - _LAP))
        return any(self._is_told(part, _STRIDE) for part in parts)

    def _is_told(self, text: str, step: int) -> bool:
        is_spelled = any(self._letters.are_in(view, step) for view in views(text))
        return is_spelled or self._signs.are_in(signs(text), step)

    def spans(self, text: str) -> list[Span]:
        """The parts of a text that tell secrets, in order and apart; the whole of a long text."""
        if not self.is_in(text):
            return []
        if len(text) > SMALL:
            return [Span(0, len(text), True)]
        ways = (self._letters, characters), (self._letters, escapes), (self._signs, characters)
        return merged([s for known, read in ways for s in known.spans(read(text), self._length)])
