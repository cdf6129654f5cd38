"""Requests that are wrong: the status, and the error object that clients rely on."""

from __future__ import annotations

import re
from dataclasses import replace

from conformance.asking import prompts, questions, sources, tools
from conformance.drawing import codes
from conformance.judging import answers, refusals, replies, ways
from conformance.model import (
    Blocked,
    Claim,
    Credential,
    Dialogue,
    Exchange,
    Failed,
    ImagePart,
    Inline,
    Json,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Param,
    Probe,
    Reason,
    Steps,
    Symptom,
    Verbatim,
    canonical,
)
from conformance.registry import check
from conformance.wire import address, contract


def _status_is(probe: Probe, allowed: tuple[int, ...], what: str) -> Steps[Observed]:
    expected = f"{' or '.join(map(str, allowed))} with an error object for {what}"
    exchange = replies.judgeable((yield probe), Symptom.REFUSAL_BREAKS)
    if exchange.status not in allowed:
        is_refused = 400 <= exchange.status < 500
        symptom = Symptom.WRONG_ERROR if is_refused else refusals.overlooked(exchange)
        if symptom is Symptom.OVERLOOKED and probe.credential is not Credential.RIGHT:
            symptom = Symptom.LET_IN
        raise Failed(replies.told(exchange), symptom=symptom, expected=expected, about=exchange)
    if not isinstance(replies.member(exchange, "error"), dict):
        raise Failed(
            f"no error object in {replies.told(exchange)}",
            symptom=Symptom.NO_ERROR_OBJECT,
            expected=expected,
        )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(
    Level.MUST,
    spec=sources.ERROR_CODES,
    over=(
        Param(id="wrong", value=Credential.WRONG),
        Param(id="missing", value=Credential.NONE),
    ),
)
def bad_key_is_401(lab: Lab, credential: Credential) -> Dialogue:
    """A wrong or missing key is refused with 401 and an error object."""
    if lab.target.auth == "none":
        raise NotApplicable("the target file says that no key is needed", why=Reason.UNCLAIMED)
    probe = replace(questions.READY, credential=credential)
    return (
        yield from _status_is(
            probe, (401, 403), "a missing key" if credential is Credential.NONE else "a wrong key"
        )
    )


# No MUST: a server of one model overlooks the name, and Azure has it in the path.
@check(Level.SHOULD, spec=sources.ERROR_CODES, over=("unknown", "missing"))
def unknown_model_is_refused(lab: Lab, name: str) -> Dialogue:
    """An unknown or missing model is refused with a 4xx and an error object."""
    if lab.target.auth == "api-key":
        raise NotApplicable("the model stands in the path of a deployment", why=Reason.NOT_OFFERED)
    if name == "missing":
        return (
            yield from refusals.refuses(
                replace(questions.READY, omit=("model",)), "a request without model"
            )
        )
    return (yield from _status_is(questions.UNKNOWN_MODEL, (404, 400, 422), "an unknown model"))


@check(
    Level.MUST,
    spec=sources.ERROR_CODES,
    over=(
        Param(id="cut-off", value=b'{"model": "x", "messages": [{"role": "user", "content": [{"ty'),
        Param(id="empty", value=b""),
        Param(id="trailing-comma", value=b'{"model": "x", "messages": [],}'),
        Param(id="not-an-object", value=b'["model"]'),
    ),
)
def malformed_json_is_refused(lab: Lab, body: bytes) -> Dialogue:
    """A body that is no JSON object is refused with a 4xx and an error object."""
    return (yield from refusals.refuses(Probe(raw_body=body), "a body that is no JSON object"))


@check(Level.MUST, spec=sources.REQUEST)
def missing_messages_are_refused(lab: Lab) -> Dialogue:
    """A request without messages is refused with a 4xx and an error object."""
    probe = replace(questions.READY, omit=("messages",))
    return (yield from refusals.refuses(probe, "a request without messages"))


@check(Level.MUST, spec=sources.REQUEST)
def empty_messages_are_refused(lab: Lab) -> Dialogue:
    """An empty list of messages is refused with a 4xx and an error object."""
    return (yield from refusals.refuses(questions.talk(), "an empty list of messages"))


PARTS: dict[str, Json] = {
    "unknown-type": {"type": "picture", "picture": "x"},
    "no-type": {"text": "What is this?"},
    "text-without-text": {"type": "text"},
    "a-number": 42,
}


@check(Level.MUST, spec=sources.IMAGE_PART, over=tuple(PARTS))
def malformed_part_is_refused(lab: Lab, name: str) -> Dialogue:
    """A content part that is none is refused with a 4xx and an error object."""
    part = ImagePart(picture=None, via=Verbatim(json=canonical(PARTS[name]), whole_part=True))
    return (
        yield from refusals.refuses(questions.ask(part, prompts.READY), f"a content part, {name}")
    )


@check(
    Level.MAY,
    spec=sources.IMAGE_INPUT,
    over=("system", "assistant"),
    needs=(Claim.READING,),
    guess=codes.GUESS,
)
def picture_in_another_role(lab: Lab, role: str) -> Dialogue:
    """A picture in a system or assistant message is read or refused, not ignored."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-06"]
    code = picture.facts.code
    lead = questions.turn("Look at the picture.") if role == "assistant" else None
    turns = [
        t
        for t in (
            lead,
            questions.turn(questions.image(picture, via), role=role),
            questions.turn(prompts.CODE),
        )
        if t
    ]
    probe = questions.talk(*turns)
    what, seen = f"a picture in a message of the {role}", f"the code {code}"
    return (yield from refusals.refuses_or(probe, lambda w: answers.reads(w, code), what, seen))


def _refusal() -> Steps[Exchange]:
    """Any refusal will do: which of them are due is for others to say."""
    for probe in (
        replace(questions.READY, omit=("messages",)),
        Probe(raw_body=b'["model"]'),
        questions.UNKNOWN_MODEL,
    ):
        exchange = yield probe
        if exchange.is_judgeable and 400 <= exchange.status < 500:
            return replies.judgeable(exchange)
    raise Blocked(
        "errors/missing-messages-are-refused", f"nothing is refused: {replies.told(exchange)}"
    )


@check(Level.SHOULD, spec=sources.ERROR)
def error_object_is_complete(lab: Lab) -> Dialogue:
    """An error object has message, type, param and code."""
    exchange = yield from _refusal()
    value = {"error": replies.member(exchange, "error")}
    problems = contract.problems("error", value)
    expected = "error.message, .type, .param and .code"
    if problems:
        is_there = isinstance(value["error"], dict)
        symptom = Symptom.MALFORMED if is_there else Symptom.NO_ERROR_OBJECT
        raise Failed("; ".join(problems), symptom=symptom, expected=expected, about=exchange)
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.SHOULD, spec=sources.ERROR)
def error_is_json(lab: Lab) -> Dialogue:
    """An error has the content type application/json."""
    exchange = yield from _refusal()
    return replies.has_content_type(exchange, "application/json")


@check(Level.MUST, spec=sources.ERROR_CODES)
def plain_text_is_answered(lab: Lab) -> Dialogue:
    """A plain question without a picture is answered."""
    exchange = yield replace(questions.READY, sample=2)
    if replies.judgeable(exchange).status != 200:
        raise Failed(
            replies.told(exchange),
            symptom=replies.unanswered(exchange),
            expected="200 and an answer",
        )
    return Observed(expected="200 and an answer", actual=replies.told(exchange))


@check(Level.MUST, spec=sources.REQUEST)
def text_in_parts_is_answered(lab: Lab) -> Dialogue:
    """A text in a list of parts is answered as the same text in a string is."""
    expected = "200 and an answer, as for the same text in a string"
    plain = replies.judgeable((yield replace(questions.READY, sample=2)))
    if plain.status != 200:
        raise Blocked(
            "errors/plain-text-is-answered", f"no answer to a string: {replies.told(plain)}"
        )
    part = {"type": "text", "text": prompts.READY}
    exchange = yield questions.talk(messages=[{"role": "user", "content": [part]}])
    # What is filtered in one form and not in the other is a defect, not a verdict on the text.
    refused = 400 <= exchange.status < 500 and exchange.status not in (402, 408, 429)
    if refused or exchange.reply.finish_reason == "content_filter":
        hint = "a text is checked, or converted, by another path when it stands in parts"
        raise Failed(replies.told(exchange), symptom=Symptom.REFUSED, expected=expected, hint=hint)
    if replies.judgeable(exchange).status != 200:
        raise Failed(
            replies.told(exchange), symptom=replies.unanswered(exchange), expected=expected
        )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.SHOULD, spec=sources.ERROR_CODES, needs=(Claim.DATA_URL,))
def refusal_is_the_same_each_time(lab: Lab) -> Dialogue:
    """The same picture that cannot be read is refused with the same status each time."""
    probe = questions.ask_code(lab.pictures["text"], Inline(media_type="image/png"))
    expected = "three times the same status and type of error"
    found: list[str] = []
    for sample in range(3):
        exchange = replies.judgeable((yield replace(probe, sample=sample)), Symptom.REFUSAL_BREAKS)
        if not found and not 400 <= exchange.status < 500:
            by = "base64/bytes-that-are-no-picture-are-refused"
            raise Blocked(by, f"it is not refused: {replies.told(exchange)}")
        kind = replies.member(exchange, "error", "type")
        found.append(f"{exchange.status} {replies.quote(kind if isinstance(kind, str) else '')}")
    if len(set(found)) > 1:
        hint = "several layers or channels refuse it"
        raise Failed(", ".join(found), symptom=Symptom.WRONG_ERROR, expected=expected, hint=hint)
    return Observed(expected=expected, actual=", ".join(found))


#: A body is called no JSON, and no member of it is named.
NO_JSON = re.compile(
    r"(?:invalid|malformed|bad) json|not (?:a )?valid json|parse (?:the )?json", re.IGNORECASE
)
NAMED = re.compile(r"image|picture|content|message|tool|role", re.IGNORECASE)


@check(Level.SHOULD, spec=sources.ERROR, needs=(Claim.DATA_URL,))
def sound_json_is_not_called_bad(lab: Lab) -> Dialogue:
    """A picture in the result of a tool, if it is refused, is not called invalid JSON."""
    yield from ways.through(lab, Inline(), "base64/plain")
    shown = {"url": address.data_url(lab.pictures["size-64x64"], Inline())}
    messages = tools.shown_by_look({"type": "image_url", "image_url": shown})
    exchange = yield questions.talk(messages=messages)
    said = replies.judgeable(exchange, Symptom.REFUSAL_BREAKS).reply.error_message
    expected = "an error that tells what was refused, if anything was"
    if 400 <= exchange.status < 500 and NO_JSON.search(said) and not NAMED.search(said):
        raise Failed(
            replies.told(exchange),
            symptom=Symptom.WRONG_ERROR,
            expected=expected,
            hint="the JSON of the request is sound",
        )
    return Observed(expected=expected, actual=replies.told(exchange))
