"""What the writers of all dialects need of a turn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TypeAlias

from conformance.model import ImagePart, Json, Probe, Turn
from conformance.wire.jsontext import at

#: Gives what stands in a request for a picture: its address, real or symbolic.
Address: TypeAlias = Callable[[ImagePart], Json]


def members(written: Iterable[tuple[str, str]]) -> dict[str, Json]:
    """Names and canonical JSON texts as members of an object."""
    return {name: json.loads(text) for name, text in written}


def calls_of(turn: Turn) -> list[Json]:
    """The tool calls of an assistant's turn; none where it makes none."""
    found: list[Json] = members(turn.more).get("tool_calls") or []
    return found


def call_id_of(turn: Turn) -> str:
    """Which call the turn of a tool answers; "" where it is no such turn."""
    return str(members(turn.more).get("tool_call_id", ""))


def functions_of(probe: Probe) -> list[dict[str, Json]]:
    """The functions that a probe offers as tools: name, description and parameters of each."""
    offered = members(probe.params).get("tools") or []
    return [at(tool, "function") for tool in offered]
