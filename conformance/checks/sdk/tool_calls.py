"""What the library makes of the call of a tool."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.sdk._playable import plainly_framed, verify_answered
from conformance.checks.tools.forced_calls import BY_NAME, arguments, forced
from conformance.judging import reading, replies, sdk, ways
from conformance.model import (
    Ability,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Lab,
    Level,
    Observed,
    Param,
    Symptom,
    Unobserved,
)
from conformance.registry import check
from conformance.wire import jsontext

STREAM = (Claim.STREAMING,)


@check(
    Level.SHOULD,
    spec=sources.REQUEST,
    over=(
        Param(id="plain", value=False),
        Param(id="streamed", value=True, needs=frozenset(STREAM)),
    ),
)
def tool_call_is_read(lab: Lab, stream: bool) -> Dialogue:
    """The library finds the call of a tool, its arguments as JSON text."""
    sdk.verify_installed()
    via = yield from ways.transport(lab)
    probe, _ = forced(lab.pictures["sheet-07"], via, BY_NAME, stream=stream)
    expected = "a call of note_code with arguments that are JSON text"
    said: list[str] = []
    verify_answered((yield probe))

    def accepts(exchange: Exchange) -> bool:
        """Whether the text is JSON is up to the model, too, and so not judged by one reply."""
        verify_answered(exchange)
        if not arguments(exchange):
            words = f"no tool was called: {replies.told(exchange)}"
            raise Unobserved(words, ability=Ability.TOOL, about=exchange)
        said.append(sdk.heard(lambda: arguments_heard(exchange, expected), expected))
        return not isinstance(jsontext.parse(said[-1]), jsontext.NotJson)

    try:
        yield from reading.until_reply(probe, accepts, expected, Symptom.MALFORMED)
    except Failed as failed:
        failed.actual = f"arguments that are {replies.quote(said[-1])}" if said else failed.actual
        raise
    return Observed(expected=expected, actual=replies.quote(said[-1]))


def arguments_heard(exchange: Exchange, expected: str) -> str:
    """The arguments of the first call, those of a stream joined as users join them."""
    if exchange.probe.stream:
        choices = [c.choices[0].delta for c in sdk.chunks(plainly_framed(exchange)) if c.choices]
        calls = [call for delta in choices for call in delta.tool_calls or () if not call.index]
    else:
        calls = sdk.complete(exchange).choices[0].message.tool_calls[:1]
    sdk.same("function.name", calls[0].function.name, "note_code", expected)
    found = [call.function.arguments for call in calls]
    for piece in found:
        if not isinstance(piece, str | None):
            raise Failed(
                f"function.arguments is a {type(piece).__name__}",
                symptom=Symptom.MALFORMED,
                expected=expected,
            )
    return "".join(piece or "" for piece in found)
