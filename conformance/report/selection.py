"""How much of the suite a run was about, and which options left the rest out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.model import Level
from conformance.report.summary import counted
from conformance.report.text import bounded, one_line

#: Characters of one option.
_SHOWN = 200
#: Options that leave cases out, and how they are written.
_NARROWING = {
    "area": "--area",
    "level": "--level",
    "keyword": "-k",
    "marks": "-m",
    "deselect": "--deselect",
}


def partial(doc: Mapping[str, Any]) -> str:
    """``partial run: 83 of 575 cases``; "" where the whole suite was run."""
    selection = doc["header"]["selection"]
    if selection["selected"] >= selection["all"]:
        return ""
    return f"partial run: {selection['selected']:,} of {counted(selection['all'], 'case')}"


def narrowing(doc: Mapping[str, Any]) -> str:
    """``--area detail -k plain``; "" where no option says so, as when single tests were named."""
    options = doc["header"]["options"]
    given = ((flag, options.get(name)) for name, flag in _NARROWING.items())
    # The lowest level leaves nothing out.
    narrow = ((f, v) for f, v in given if v and str(v).upper() != Level.MAY)
    return " ".join(_written(flag, value) for flag, value in narrow)


def _written(flag: str, value: object) -> str:
    values = value if isinstance(value, list) else [value]
    return " ".join(f"{flag} {bounded(one_line(str(each)), _SHOWN)}" for each in values)
