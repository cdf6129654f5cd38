"""The shape of a plain reply to a picture, and of the list of models."""

from __future__ import annotations

from conformance.asking import questions, sources
from conformance.judging import replies, ways
from conformance.model import (
    Dialogue,
    Exchange,
    Failed,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Probe,
    Reason,
    Service,
    Steps,
    Symptom,
)
from conformance.registry import check
from conformance.wire import contract, jsontext


def _plain(lab: Lab) -> Steps[Exchange]:
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-01"], via)
    replies.answered(exchange, "a good reply")
    return exchange


def _follows(exchange: Exchange, schema: str) -> Observed:
    problems = contract.problems(schema, replies.value_of(exchange))
    expected = f"the schema {schema}"
    if problems:
        raise Failed("; ".join(problems), symptom=Symptom.MALFORMED, expected=expected)
    return Observed(expected=expected, actual="no problem found")


@check(Level.MUST, spec=sources.RESPONSE)
def reply_follows_the_schema(lab: Lab) -> Dialogue:
    """The reply has every required member, of the documented type."""
    return _follows((yield from _plain(lab)), "chat_response")


# No more than MAY: clients must cope, for many good servers leave optional members out.
@check(Level.MAY, spec=sources.RESPONSE)
def reply_is_complete(lab: Lab) -> Dialogue:
    """The reply also has refusal and logprobs, which the schema requires and many leave out."""
    return _follows((yield from _plain(lab)), "chat_response_full")


#: No Unix time in seconds before the year 2286; milliseconds have been beyond it since 1970.
LATEST = 10_000_000_000


@check(Level.SHOULD, spec=sources.RESPONSE)
def created_is_in_seconds(lab: Lab) -> Dialogue:
    """The time at which a reply was created is told in seconds."""
    exchange = yield from _plain(lab)
    created = jsontext.at(replies.value_of(exchange), "created")
    expected = "a Unix time in seconds"
    if not isinstance(created, int | float) or isinstance(created, bool):
        raise NotApplicable("the reply tells no time", why=Reason.NOT_OFFERED, expected=expected)
    if not 0 <= created < LATEST:
        raise Failed(
            replies.shown(created), symptom=Symptom.MALFORMED, expected=expected, about=exchange
        )
    return Observed(expected=expected, actual=replies.shown(created), about=exchange)


@check(Level.MUST, spec=sources.RESPONSE)
def content_type_is_json(lab: Lab) -> Dialogue:
    """The reply has the content type application/json."""
    exchange = yield from _plain(lab)
    return replies.has_content_type(exchange, "application/json")


@check(Level.SHOULD, spec=sources.RESPONSE)
def each_reply_has_its_own_id(lab: Lab) -> Dialogue:
    """Two replies have different ids."""
    via = yield from ways.transport(lab)
    ids = []
    for name in ("sheet-01", "sheet-02"):
        exchange = yield questions.ask_code(lab.pictures[name], via)
        replies.answered(exchange, "a good reply")
        ids.append(jsontext.text_at(replies.value_of(exchange), "id"))
    if ids[0] == ids[1]:
        raise Failed(
            f"{replies.quote(ids[0])} twice",
            symptom=Symptom.MALFORMED,
            expected="two different ids",
        )
    return Observed(
        expected="two different ids", actual=f"{replies.quote(ids[0])} and {replies.quote(ids[1])}"
    )


@check(Level.SHOULD, spec=sources.MODELS)
def model_list_follows_the_schema(lab: Lab) -> Dialogue:
    """The list of models has the documented shape."""
    exchange = yield Probe(service=Service.MODELS)
    if replies.judgeable(exchange).status != 200:
        raise Failed(
            replies.told(exchange),
            symptom=replies.unanswered(exchange),
            expected="200 and a list of models",
        )
    return _follows(exchange, "model_list")


@check(Level.MUST, spec=sources.RESPONSE)
def stop_is_the_finish_reason(lab: Lab) -> Dialogue:
    """A whole answer ends with the finish_reason stop."""
    exchange = yield from _plain(lab)
    found = jsontext.at(replies.value_of(exchange), "choices", 0, "finish_reason")
    if found != "stop":
        raise Failed(replies.shown(found), symptom=Symptom.MALFORMED, expected="stop")
    return Observed(expected="stop", actual="stop")
