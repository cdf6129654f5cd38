"""How another door of the endpoint is opened, and how a question is asked there.

Where one answers a plain question it is held to what it does with pictures: a converter between
dialects that knows no pictures loses them without a word.
"""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import questions, tools
from conformance.judging import replies
from conformance.model import (
    Credential,
    Json,
    NotApplicable,
    Part,
    Probe,
    Reason,
    Service,
    Steps,
)
from conformance.wire import messages

BOTH = (Service.RESPONSES, Service.MESSAGES)


def open_door(service: Service) -> Steps[Probe]:
    """How this door is knocked at; NotApplicable where it answers no plain question."""
    headers = () if service is Service.RESPONSES else (messages.VERSION,)
    knock = replace(questions.READY, service=service, headers=headers)
    exchange = yield knock
    if exchange.status in (401, 403):
        knock = replace(knock, credential=Credential.X_API_KEY)
        exchange = yield knock
    replies.judgeable(exchange)
    usage = exchange.reply.usage
    counted = usage is not None and usage.prompt is not None
    opens = counted if service is Service.COUNT_TOKENS else bool(exchange.reply.text.strip())
    if exchange.status != 200 or exchange.reply.is_error or not opens:
        raise NotApplicable(
            f"no plain question is answered there: {exchange.status}", why=Reason.NOT_OFFERED
        )
    return knock


def at_door(door: Probe, probe: Probe) -> Probe:
    """The same question at another door."""
    return replace(probe, service=door.service, headers=door.headers, credential=door.credential)


#: Other dialects want parameters, though there are none.
LOOK: Json = {
    "type": "function",
    "function": {**tools.LOOK["function"], "parameters": {"type": "object", "properties": {}}},
}


def shown_by_a_tool(*parts: Part) -> Probe:
    """A conversation in which a tool has been called, and these parts are its result."""
    return questions.talk(
        questions.turn(tools.ASK_LOOK),
        tools.called("look"),
        tools.result(tools.HERE, *parts),
        tools=[LOOK],
    )
