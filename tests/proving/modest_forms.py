"""Manners of not keeping to a form, and of not calling tools; and replies with less in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from modest import Modest, modest

from conformance.model import Ability, Json
from conformance.reference.mind import Thought
from conformance.reference.reply import tokens_of
from conformance.wire.jsontext import at, items_at

#: Members of a request that are about tools.
TOOLS = ("tools", "tool_choice", "parallel_tool_calls")


def without(body: dict[str, Json], *names: str) -> dict[str, Json]:
    return {name: value for name, value in body.items() if name not in names}


# ---------------------------------------------------------------- forms


@modest(Ability.FORM)
class AnswersInProse(Modest):
    """Goes by no format, and answers in words."""

    def heed(self, body: dict[str, Json]) -> dict[str, Json]:
        return without(super().heed(body), "response_format")


@modest(Ability.FORM)
class TalksAroundJson(Modest):
    """Writes the JSON that is asked for into a block, with words before and after."""

    def phrase(self, thought: Thought, body: dict[str, Json]) -> str:
        text = super().phrase(thought, body)
        if not at(body, "response_format", "type"):
            return text
        return f"Here is what I found:\n\n```json\n{text}\n```\n\nIs there anything else?"


@modest(Ability.FORM)
class NamesMembersOtherwise(Modest):
    """Writes JSON whose members have names of its own, whatever the schema says."""

    def phrase(self, thought: Thought, body: dict[str, Json]) -> str:
        kind = at(body, "response_format", "type")
        text = super().phrase(thought, without(body, "response_format"))
        return json.dumps({"answer": text}) if kind in ("json_object", "json_schema") else text


# ---------------------------------------------------------------- tools


@modest(Ability.TOOL)
class OverlooksTools(Modest):
    """Calls no tool, and answers in words."""

    def heed(self, body: dict[str, Json]) -> dict[str, Json]:
        return without(super().heed(body), *TOOLS)


class _Calls(Modest):
    """Does something else with a call that is due."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        made = super().finish(made, body)
        choices = [self._changed(choice) for choice in made["choices"]]
        return made | {"choices": choices, "usage": _counted(made["usage"], choices)}

    def _changed(self, choice: Json) -> Json:
        calls = items_at(choice, "message", "tool_calls")
        return self.changed(choice, calls[0]) if calls else choice

    def changed(self, choice: Json, call: Json) -> Json:
        raise NotImplementedError


def _counted(usage: dict[str, Any], choices: Sequence[Json]) -> dict[str, Any]:
    """The usage of what is written now."""
    written = (at(choice, "message") for choice in choices)
    texts = (m["content"] or json.dumps(m.get("tool_calls", "")) for m in written)
    spent = sum(map(tokens_of, texts))
    total = usage["prompt_tokens"] + spent
    return usage | {"completion_tokens": spent, "total_tokens": total}


@modest(Ability.TOOL)
class WritesCallsAsWords(_Calls):
    """Writes the call of a tool into its answer, as models do that were not made for tools."""

    def changed(self, choice: Json, call: Json) -> Json:
        message = without(choice["message"], "tool_calls") | {
            "content": json.dumps(call["function"])
        }
        return choice | {"message": message, "finish_reason": "stop"}


@modest(Ability.TOOL)
class CallsWithNothing(_Calls):
    """Calls the tool that must be called, and fills nothing in."""

    def changed(self, choice: Json, call: Json) -> Json:
        empty = call | {"function": call["function"] | {"arguments": "{}"}}
        return choice | {"message": choice["message"] | {"tool_calls": [empty]}}


# ---------------------------------------------------------------- replies


@modest(noted=("shape/reply-is-complete",))
class LeavesOptionalMembersOut(Modest):
    """Replies and chunks without logprobs and refusal, as many good servers have them."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        made = super().finish(made, body)
        return made | {"choices": [_bare(choice, "message") for choice in made["choices"]]}

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        return [
            chunk | {"choices": [_bare(choice, "delta") for choice in chunk["choices"]]}
            for chunk in super().chunks(made, body)
        ]


def _bare(choice: Json, name: str) -> Json:
    return without(choice, "logprobs") | {name: without(choice[name], "refusal")}
