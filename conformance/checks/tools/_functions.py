"""The functions that are offered as tools."""

from __future__ import annotations

from conformance.model import Json


def _function(name: str, description: str, **properties: Json) -> Json:
    parameters = {"type": "object", "properties": properties, "required": sorted(properties)}
    described = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": described}


NOTE = _function(
    "note_code", "Notes the code that is printed in a picture.", code={"type": "string"}
)
NOTE_ALL = _function(
    "note_codes",
    "Notes the codes that are printed in several pictures.",
    codes={"type": "array", "items": {"type": "string"}},
)
CLOCK = _function("read_clock", "Tells the time of day.")


def by_name(tool: Json) -> Json:
    """The choice of this very tool."""
    return {"type": "function", "function": {"name": tool["function"]["name"]}}
