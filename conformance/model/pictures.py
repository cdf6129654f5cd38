"""Pictures and what is to be seen in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, runtime_checkable


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One line of an eye chart: its code, and the height of its capitals in pixels."""

    code: str
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is to be seen in a picture and cannot be guessed from the prompt."""

    code: str = ""
    #: Codes in the corners: top left, top right, bottom left, bottom right.
    corners: tuple[str, ...] = ()
    #: Colour names of a grid, row by row from the top left.
    colours: tuple[str, ...] = ()
    #: Number of discs in each row, from the top.
    tally: tuple[int, ...] = ()
    #: Lines of an eye chart, from the top, large to small.
    prints: tuple[Print, ...] = ()

    @property
    def all_codes(self) -> frozenset[str]:
        """Every code that is to be seen."""
        lines = (line.code for line in self.prints)
        return frozenset({self.code, *self.corners, *lines}) - {""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that is made when it is asked for: a replay of what was recorded asks for none."""

    make: Callable[[], bytes]
    #: Bytes, where that is known beforehand.
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Encoded bytes and the facts a dialogue may rely on. Equal by id and digest."""

    id: str
    file_bytes: bytes | Made = field(repr=False, compare=False)
    #: Of the bytes, or of what they are made of.
    sha256: str
    #: File name inside its corpus folder.
    file: str
    #: Media type of the bytes; for things that are not pictures, what they are.
    media_type: str
    #: Pixels; 0 where the bytes do not decode.
    width: int = 0
    height: int = 0
    #: Pillow's name of the colour mode, such as "RGB"; empty where the bytes do not decode.
    mode: str = ""
    facts: Facts = Facts()
    purpose: str = ""

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        held = self.file_bytes
        return held if isinstance(held, bytes) else held.make()

    @property
    def is_at_hand(self) -> bool:
        """False where its bytes are still to be made, which may take a while."""
        return isinstance(self.file_bytes, bytes)

    @property
    def weight(self) -> int:
        """Bytes of the file."""
        size = None if isinstance(self.file_bytes, bytes) else self.file_bytes.size
        return len(self.data) if size is None else size


Pictures: TypeAlias = Mapping[str, Picture]


@runtime_checkable
class Legend(Protocol):
    """Pictures that are drawn when they are asked for know beforehand what they will show."""

    @property
    def facts(self) -> Mapping[str, Facts]: ...


def codes_of(pictures: Pictures) -> frozenset[str]:
    """Every code that is to be seen in some picture. Draws nothing."""
    facts = pictures.facts if isinstance(pictures, Legend) else {}
    known = facts or {id: picture.facts for id, picture in pictures.items()}
    return frozenset().union(*(each.all_codes for each in known.values()))
