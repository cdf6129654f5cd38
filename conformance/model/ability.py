"""What a question asks of a model, and what not every model can do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ability(StrEnum):
    """One thing that a model can do or cannot, whatever way a picture took."""

    #: Reads a code of large print. Without it nothing about pictures can be judged.
    READ = "read"
    #: Names the colours of a grid.
    COLOURS = "colours"
    #: Counts discs.
    COUNT = "count"
    #: Finds what is in a named place of a picture.
    PLACE = "place"
    #: Picks one of several by its label or its number.
    CHOOSE = "choose"
    #: Reads print of 24 pixels and less.
    SMALL_PRINT = "small-print"
    #: Reads large print in weak contrast and in hue alone.
    FAINT_PRINT = "faint-print"
    #: Reads what stands at the very edge of a picture.
    EDGES = "edges"
    #: Is shown less common encodings, such as PNG of 16 bits or JPEG in CMYK, legibly.
    ENCODINGS = "encodings"
    #: Repeats words that stand in the request.
    WORDS = "words"
    #: Repeats words in another script.
    SCRIPTS = "scripts"
    #: Writes a long answer.
    LENGTH = "length"
    #: Keeps to a form: JSON, or a schema.
    FORM = "form"
    #: Calls a tool.
    TOOL = "tool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """What was seen of one ability. ``able`` is None where it is not known."""

    ability: Ability
    able: bool | None
    words: str
