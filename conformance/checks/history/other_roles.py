"""A picture beside messages of the system, of the developer and of tools."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources, tools
from conformance.drawing import codes
from conformance.judging import reading, refusals, ways
from conformance.model import Claim, Dialogue, Inline, Lab, Level, Param, Picture
from conformance.registry import check
from conformance.wire import address

ONE = (Claim.READING,)


@check(Level.MUST, spec=sources.REQUEST, needs=ONE, guess=codes.GUESS)
def picture_after_a_system_message(lab: Lab) -> Dialogue:
    """A picture is read although there is a system message."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-21"]
    probe = questions.talk(
        questions.turn(prompts.READER, role="system"),
        questions.turn(questions.image(picture, via), prompts.CODE),
    )
    return (yield from reading.reads(probe, picture.facts.code))


@check(Level.MAY, spec=sources.REQUEST, needs=ONE, guess=codes.GUESS)
def picture_after_a_developer_message(lab: Lab) -> Dialogue:
    """With a developer message a picture is read or the request refused, not ignored."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-21"]
    probe = questions.talk(
        questions.turn(prompts.READER, role="developer"),
        questions.turn(questions.image(picture, via), prompts.CODE),
    )
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, "a developer message"))


@check(Level.MAY, spec=sources.REQUEST, needs=(*ONE, Claim.DATA_URL), guess=codes.GUESS)
def picture_in_a_tool_message(lab: Lab) -> Dialogue:
    """A picture in the result of a tool is read or refused, not ignored."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["sheet-20"]
    messages = tools.shown_by_look({"type": "text", "text": tools.HERE}, _shown(picture))
    probe = questions.talk(messages=messages, tools=[tools.LOOK])
    return (
        yield from refusals.reads_or_refuses(probe, picture.facts.code, "a picture from a tool")
    )


CLOCK = {"type": "function", "function": {"name": "clock", "description": "Tells the time."}}


@check(
    Level.MAY,
    spec=sources.REQUEST,
    over=(
        Param(id="null-content", value={"content": None}),
        Param(id="no-content", value={}),
        Param(id="empty-content", value={"content": ""}),
    ),
    needs=(*ONE, Claim.DATA_URL),
    guess=codes.GUESS,
)
def call_of_a_tool_after_the_picture(lab: Lab, content: dict[str, object]) -> Dialogue:
    """A picture before a call of a tool, with or without content, is read or refused, not lost."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["sheet-20"]
    text = {"type": "text", "text": "Look at this picture, and tell the time."}
    messages = [
        {"role": "user", "content": [_shown(picture), text]},
        {"role": "assistant", **content, "tool_calls": [tools.call("clock")]},
        {"role": "tool", "tool_call_id": tools.CALL_ID, "content": "It is noon."},
        {"role": "user", "content": prompts.CODE},
    ]
    # No further call: the question is for the picture.
    probe = questions.talk(messages=messages, tools=[CLOCK], tool_choice="none")
    return (
        yield from refusals.reads_or_refuses(probe, picture.facts.code, "a call after the picture")
    )


def _shown(picture: Picture) -> dict[str, object]:
    return {"type": "image_url", "image_url": {"url": address.data_url(picture, Inline())}}
