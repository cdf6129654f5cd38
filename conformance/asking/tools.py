"""Tools that a conversation has called: the call, its result, and ``look``, a tool of ours."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts
from conformance.asking.questions import turn
from conformance.model import Json, Part, Turn, canonical

#: Of every call, and so of the result that belongs to it.
CALL_ID = "call_1"
LOOK: Json = {"type": "function", "function": {"name": "look", "description": "Shows the picture."}}
#: What the user says before ``look`` is called.
ASK_LOOK = f"Call look, and then tell: {prompts.CODE}"
#: What ``look`` says beside the picture.
HERE = "Here it is."


def call(name: str) -> Json:
    """A call without arguments, as a message of the assistant holds it."""
    return {"id": CALL_ID, "type": "function", "function": {"name": name, "arguments": "{}"}}


def called(name: str, **members: Json) -> Turn:
    """The assistant's turn that calls a tool; ``members`` are further ones of its message."""
    written = {**members, "tool_calls": [call(name)]}
    more = tuple((member, canonical(value)) for member, value in written.items())
    return Turn(parts=(), role="assistant", more=more)


def result(*parts: Part | str) -> Turn:
    """The turn of the tool that answers the call."""
    return replace(turn(*parts, role="tool"), more=(("tool_call_id", canonical(CALL_ID)),))


def shown_by_look(*content: Json) -> list[Json]:
    """The messages of a conversation, written out, in which ``look`` gives this content."""
    return [
        {"role": "user", "content": ASK_LOOK},
        {"role": "assistant", "content": None, "tool_calls": [call("look")]},
        {"role": "tool", "tool_call_id": CALL_ID, "content": list(content)},
    ]
