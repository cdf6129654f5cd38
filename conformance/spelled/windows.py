"""Whether windows of a secret stand in a text, and where."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

#: Letters with which a window begins, read as one number: eight, for no window is shorter.
_HEAD = 8


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text, and whether it tells half of a secret or more."""

    start: int
    end: int
    is_most: bool


class Windows:
    """Of one way to read texts, which is ``fold``."""

    def __init__(self, windows: Iterable[str], fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._windows: dict[int, set[str]] = {}
        for window in windows:
            self._windows.setdefault(len(window), set()).add(window)
        #: What a window begins with, and how long such windows are.
        self._heads: dict[int, set[int]] = {}
        for width, of_width in self._windows.items():
            for window in of_width:
                self._heads.setdefault(_heads_of(window, 0)[0], set()).add(width)

    def __bool__(self) -> bool:
        return bool(self._windows)

    def are_in(self, letters: str, step: int) -> bool:
        """Whether one stands at one of every ``step`` places."""
        for first in range(0, _HEAD, step):
            heads = _heads_of(letters, first)
            if self._heads.keys().isdisjoint(heads):
                continue
            for n, head in enumerate(heads):
                if head in self._heads and self._stands_at(letters, first + n * _HEAD, head):
                    return True
        return False

    def _stands_at(self, letters: str, at: int, head: int) -> bool:
        return any(letters[at : at + width] in self._windows[width] for width in self._heads[head])

    def spans(self, pieces: Iterator[tuple[int, int, str]], length: int) -> Iterator[Span]:
        """Where they stand: ``pieces`` are starts, ends and what stands there."""
        owned = [(start, end, c) for start, end, text in pieces for c in self._fold(text)]
        letters = "".join(c for _, _, c in owned)
        for first, last in self._runs(letters):
            most = (last - first) * 2 >= length
            yield Span(owned[first][0], owned[last - 1][1], most)

    def _runs(self, letters: str) -> Iterator[tuple[int, int]]:
        """Where windows stand, those that touch as one."""
        found = sorted(
            (n, n + width)
            for width, windows in self._windows.items()
            for n in range(len(letters) - width + 1)
            if letters[n : n + width] in windows
        )
        run = (0, 0)
        for start, end in found:
            if start > run[1] and run[1]:
                yield run
            run = (run[0], max(end, run[1])) if run[1] and start <= run[1] else (start, end)
        if run[1]:
            yield run


def _heads_of(letters: str, first: int) -> tuple[int, ...]:
    """Each eight letters from there on, as one number."""
    raw = letters.encode()
    return struct.unpack_from(f"{max(0, len(raw) - first) // _HEAD}Q", raw, min(first, len(raw)))


def merged(spans: list[Span]) -> list[Span]:
    """In order and apart."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        last = found[-1] if found else None
        if last is None or span.start > last.end:
            found.append(span)
        else:
            most = last.is_most or span.is_most
            found[-1] = Span(last.start, max(last.end, span.end), most)
    return found
