"""The one streamed reply that most checks look at, and its chunks."""

from __future__ import annotations

from conformance.asking import questions
from conformance.judging import replies, ways
from conformance.model import Exchange, Json, Lab, Steps
from conformance.wire import chat


def streamed(lab: Lab) -> Steps[Exchange]:
    """The one streamed reply that most of these checks look at."""
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-02"], via, stream=True)
    replies.answered(exchange, "a streamed answer")
    return exchange


def chunks_of(exchange: Exchange) -> list[Json]:
    return chat.stream_values(exchange.body)
