"""The one door to the terminal for tables and styled text: what is printed is text and no more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from conformance.report.text import visible

_ASCII = str.maketrans({"✓": "+", "✗": "x", "⊘": "!", "–": "-", "…": "...", "×": "x"})


class Screen(Console):
    """A console on which no text is markup, an emoji's name or a control sequence.

    Styles come from ``Text`` and from columns. Whoever shows a text of strangers makes a ``line``
    of it first, so that it fits; what nobody thought of is made visible here, as the last thing.
    """

    def __init__(
        self, *, file: IO[str] | None = None, width: int | None = None, stderr: bool = False
    ) -> None:
        super().__init__(
            file=file, width=width, stderr=stderr, markup=False, emoji=False, highlight=False
        )

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=self._shown(segment.text))

    def _shown(self, text: str) -> str:
        return in_encoding(visible(text), self.encoding)


def in_encoding(text: str, encoding: str) -> str:
    """``text`` in what the encoding can hold: our own signs as others, the rest as escapes."""
    if encoding.lower().startswith("utf"):
        return text
    return text.translate(_ASCII).encode(encoding, "backslashreplace").decode(encoding)
