"""What the reference model is given: turns of words and of pictures it has really looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from conformance.reference.eyes.looking import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A picture as the model sees it, and what its bill is made from."""

    sight: Sight
    #: Pixels as sent, before any shrinking; and the bytes as sent.
    width: int
    height: int
    size: int
    detail: str
    #: Where it came from: "data" or "http".
    source: str


Item: TypeAlias = str | Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message: who said it, and its words and pictures in order."""

    role: str
    items: tuple[Item, ...]

    @property
    def words(self) -> str:
        return "\n".join(item for item in self.items if isinstance(item, str))


Conversation: TypeAlias = tuple[Said, ...]


def looks(conversation: Conversation) -> tuple[Look, ...]:
    """Every picture, in order."""
    return tuple(i for said in conversation for i in said.items if isinstance(i, Look))
