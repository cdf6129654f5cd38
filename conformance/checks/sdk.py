"""The official library as a judge: what its users get from the very bytes that came back.

Replies are those that other checks ask for. What another check is about is not judged again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conformance.asking import prompts, questions, sources
from conformance.checks import tools
from conformance.judging import library, reading, replies, sdk, ways
from conformance.model import (
    Ability,
    Blocked,
    Claim,
    Credential,
    Dialogue,
    Exchange,
    Failed,
    Inline,
    Json,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Param,
    Probe,
    Reason,
    Service,
    Steps,
    Symptom,
    Unobserved,
)
from conformance.registry import check
from conformance.wire import jsontext

STREAM = (Claim.STREAMING,)


def _verify_answered(exchange: Exchange) -> None:
    """Not every endpoint knows tools and formats, and the checks of tools judge which must."""
    if replies.judgeable(exchange).status != 200 or exchange.reply.is_error:
        raise NotApplicable(f"it is not answered: {replies.told(exchange)}", why=Reason.NOT_OFFERED)


# ---------------------------------------------------------------- plain replies


def _is_stream(exchange: Exchange) -> bool:
    kind = exchange.header("content-type").lower()
    return "event-stream" in kind or exchange.body[:5] == b"data:"


def _not_streamed(exchange: Exchange) -> None:
    if _is_stream(exchange):
        raise Blocked("streaming/plain-reply-is-not-streamed", "the plain reply is a stream")


def _choice(exchange: Exchange, expected: str) -> Any:
    """The first choice of a completion, its text and finish_reason the same as we read."""
    completion = sdk.complete(exchange)
    library.is_a("ChatCompletion", completion, expected)
    choice = completion.choices[0]
    content = choice.message.content
    library.same("content", "" if content is None else content, exchange.reply.text, expected)
    if exchange.reply.finish_reason:
        library.same("finish_reason", choice.finish_reason, exchange.reply.finish_reason, expected)
    library.same_usage(completion.usage, exchange, expected)
    return choice


@check(Level.MUST, spec=sources.RESPONSE)
def plain_reply_is_a_completion(lab: Lab) -> Dialogue:
    """The library makes a completion of a plain reply, with its text, finish_reason and usage."""
    library.verify_installed()
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-01"], via)
    _answered_by("base64/plain" if isinstance(via, Inline) else "url/plain", exchange)
    _not_streamed(exchange)
    expected = "a ChatCompletion with the text, the finish_reason and the usage of the reply"
    library.heard(lambda: _choice(exchange, expected), expected)
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.SHOULD, spec=sources.REQUEST)
def json_mode_is_text(lab: Lab) -> Dialogue:
    """The library finds the JSON of json_object mode as text, which its users parse."""
    library.verify_installed()
    via = yield from ways.transport(lab)
    question = "What is the code in this picture? Reply in JSON, as an object with the member code."
    kind = {"type": "json_object"}
    exchange = yield questions.ask(
        questions.image(lab.pictures["sheet-07"], via), question, response_format=kind
    )
    _verify_answered(exchange)
    expected = "message.content is text"

    def play() -> None:
        content = sdk.complete(exchange).choices[0].message.content
        library.same("content", content, exchange.reply.text, expected)

    library.heard(play, expected)
    return Observed(expected=expected, actual=replies.told(exchange))


def _answered_by(check_id: str, exchange: Exchange) -> None:
    """Raises Blocked by the check which judges that this is answered at all."""
    if replies.judgeable(exchange).status != 200 or exchange.reply.is_error:
        raise Blocked(check_id, replies.told(exchange))


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
    library.verify_installed()
    via = yield from ways.transport(lab)
    picture, choice = lab.pictures["sheet-07"], tools._named(tools.NOTE)
    probe, _ = tools._forced(picture, via, choice, stream=stream)
    expected = "a call of note_code with arguments that are JSON text"
    said: list[str] = []
    _verify_answered((yield probe))

    def accepts(exchange: Exchange) -> bool:
        """Whether the text is JSON is up to the model, too, and so not judged by one reply."""
        _verify_answered(exchange)
        if not tools._arguments(exchange):
            words = f"no tool was called: {replies.told(exchange)}"
            raise Unobserved(words, ability=Ability.TOOL, about=exchange)
        said.append(library.heard(lambda: _arguments(exchange, expected), expected))
        return not isinstance(jsontext.parse(said[-1]), jsontext.NotJson)

    try:
        yield from reading.until_reply(probe, accepts, expected, Symptom.MALFORMED)
    except Failed as failed:
        failed.actual = f"arguments that are {replies.quote(said[-1])}" if said else failed.actual
        raise
    return Observed(expected=expected, actual=replies.quote(said[-1]))


def _arguments(exchange: Exchange, expected: str) -> str:
    """The arguments of the first call, those of a stream joined as users join them."""
    if exchange.probe.stream:
        choices = [c.choices[0].delta for c in sdk.chunks(_plainly_framed(exchange)) if c.choices]
        calls = [call for delta in choices for call in delta.tool_calls or () if not call.index]
    else:
        calls = sdk.complete(exchange).choices[0].message.tool_calls[:1]
    library.same("function.name", calls[0].function.name, "note_code", expected)
    found = [call.function.arguments for call in calls]
    for piece in found:
        if not isinstance(piece, str | None):
            raise Failed(
                f"function.arguments is a {type(piece).__name__}",
                symptom=Symptom.MALFORMED,
                expected=expected,
            )
    return "".join(piece or "" for piece in found)


@check(Level.SHOULD, spec=sources.MODELS)
def model_list_is_a_page(lab: Lab) -> Dialogue:
    """The library makes a page of models of the list, with their ids."""
    library.verify_installed()
    exchange = yield Probe(service=Service.MODELS)
    _answered_by("shape/model-list-follows-the-schema", exchange)
    expected = "a page of models, each with an id"

    def play() -> int:
        found = list(sdk.models(exchange).data)
        for model in found:
            library.is_a("Model", model, expected)
            if not isinstance(model.id, str):
                raise Failed(
                    f"an id that is a {type(model.id).__name__}",
                    symptom=Symptom.MALFORMED,
                    expected=expected,
                )
        return len(found)

    return Observed(expected=expected, actual=f"{library.heard(play, expected)} models")


# ---------------------------------------------------------------- streams


def _stream(lab: Lab, by: str, **params: Json) -> Steps[Exchange]:
    """A streamed answer; Blocked by the check which judges that there is one."""
    library.verify_installed()
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-02"], via, stream=True, **params)
    _answered_by(by, exchange)
    if not _is_stream(exchange):
        raise Blocked("streaming/content-type-is-event-stream", "the streamed reply is no stream")
    return exchange


def _plainly_framed(exchange: Exchange) -> Exchange:
    return replace(exchange, body=sdk.plainly_framed(exchange.body))


@check(Level.MUST, spec=sources.CHUNK, needs=STREAM)
def stream_is_made_of_chunks(lab: Lab) -> Dialogue:
    """The library makes chunks of a stream, which join to its text and finish_reason."""
    exchange = yield from _stream(lab, "streaming/picture-is-read")
    expected = "chunks that join to the text and the finish_reason of the stream"
    found = library.heard(
        lambda: _joined(sdk.chunks(_plainly_framed(exchange)), expected), expected
    )
    library.same("the joined text", found[0], exchange.reply.text, expected)
    library.same("finish_reason", found[1], exchange.reply.finish_reason, expected)
    return Observed(expected=expected, actual=replies.told(exchange))


def _joined(chunks: Sequence[Any], expected: str) -> tuple[str, str]:
    """Text and finish_reason of the first choice, as users join them."""
    words: list[str] = []
    finish = ""
    for chunk in chunks:
        library.is_a("ChatCompletionChunk", chunk, expected)
        for choice in chunk.choices:
            if choice.index in (0, None):
                words.append(choice.delta.content or "")
                finish = choice.finish_reason or finish
    return "".join(words), finish


@check(Level.MAY, spec=sources.SDK, needs=STREAM)
def framing_is_understood(lab: Lab) -> Dialogue:
    """The library finds the same chunks in a stream as it is framed as in its bare events."""
    exchange = yield from _stream(lab, "streaming/picture-is-read")
    expected = "the same chunks as in the plainest framing"
    plainly = _plainly_framed(exchange)
    try:
        wanted = sdk.chunks(plainly)
    except Exception:
        said = "the library takes the stream in no framing"
        raise Blocked("sdk/stream-is-made-of-chunks", said) from None
    found = library.heard(lambda: sdk.chunks(exchange), expected)
    if len(found) != len(wanted) or not library.heard(lambda: found == wanted, expected):
        said = f"{len(found)} chunks of {len(wanted)}, or others"
        raise Failed(said, symptom=Symptom.MALFORMED, expected=expected)
    return Observed(expected=expected, actual=f"{len(found)} chunks")


@check(Level.MUST, spec=sources.REQUEST, needs=(*STREAM, Claim.USAGE))
def usage_is_in_the_stream(lab: Lab) -> Dialogue:
    """The library finds the usage of a stream that was asked to carry it."""
    by = "streaming/usage-when-asked"
    exchange = yield from _stream(lab, by, stream_options={"include_usage": True})
    expected = "a chunk with the usage of the stream"
    usage = exchange.reply.usage
    if usage is None or usage.prompt is None:
        at_fault = "usage/counts-are-whole" if usage else by
        raise Blocked(at_fault, "the stream carries no prompt_tokens")

    def play() -> str:
        chunks = sdk.chunks(_plainly_framed(exchange))
        counted = [chunk.usage for chunk in chunks if chunk.usage is not None]
        if not counted:
            raise Failed("no chunk has usage", symptom=Symptom.MALFORMED, expected=expected)
        library.same_usage(counted[-1], exchange, expected)
        return f"{counted[-1].prompt_tokens} prompt tokens"

    return Observed(expected=expected, actual=library.heard(play, expected))


# ---------------------------------------------------------------- errors


def _refused(exchange: Exchange, by: str, *, stream: bool = False) -> Observed:
    """The library must raise what stands for the status, with the error object as its body."""
    if not 400 <= replies.judgeable(
        exchange, Symptom.REFUSAL_BREAKS
    ).status < 500 or not _has_error(exchange):
        raise Blocked(by, replies.told(exchange))
    expected = "an APIStatusError whose body is a dict with the message of the error"

    def play() -> str:
        error = _raised(exchange, stream)
        if not isinstance(error, sdk.status_error()):
            raise Failed(
                f"{type(error).__name__}: {replies.quote(str(error))}",
                symptom=Symptom.MALFORMED,
                expected=expected,
            )
        body: Any = getattr(error, "body", None)
        if not isinstance(body, dict):
            said = f"{type(error).__name__} with a body that is a {type(body).__name__}"
            raise Failed(said, symptom=Symptom.MALFORMED, expected=expected)
        library.same("body['message']", body.get("message"), exchange.reply.error_message, expected)
        return f"{type(error).__name__}: {replies.quote(str(error))}"

    return Observed(expected=expected, actual=library.heard(play, expected))


def _has_error(exchange: Exchange) -> bool:
    return isinstance(replies.member(exchange, "error"), dict)


def _raised(exchange: Exchange, stream: bool) -> Exception | None:
    try:
        (sdk.chunks if stream else sdk.complete)(exchange)
    except Exception as error:
        return error
    return None


REFUSALS: dict[str, tuple[str, Probe]] = {
    "wrong-key": ("errors/bad-key-is-401", replace(questions.READY, credential=Credential.WRONG)),
    "unknown-model": (
        "errors/unknown-model-is-refused",
        questions.ask(prompts.READY, model="no-such-model-of-the-conformance-suite"),
    ),
    "malformed-json": ("errors/malformed-json-is-refused", Probe(raw_body=b'["model"]')),
    "no-messages": (
        "errors/missing-messages-are-refused",
        replace(questions.READY, omit=("messages",)),
    ),
}


@check(Level.MUST, spec=sources.ERROR, over=tuple(REFUSALS))
def refusal_is_an_exception(lab: Lab, name: str) -> Dialogue:
    """The library raises an error for a refusal, with the error object as its body."""
    library.verify_installed()
    by, probe = REFUSALS[name]
    if name == "wrong-key" and lab.target.auth == "none":
        raise NotApplicable("the target file says that no key is needed", why=Reason.UNCLAIMED)
    return _refused((yield probe), by)


@check(Level.MUST, spec=sources.ERROR, needs=(Claim.DATA_URL,))
def refused_picture_is_an_exception(lab: Lab) -> Dialogue:
    """The library raises an error for a picture that is refused."""
    library.verify_installed()
    yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["text"], Inline(media_type="image/png"))
    return _refused(exchange, "base64/bytes-that-are-no-picture-are-refused")


@check(Level.SHOULD, spec=sources.SDK, needs=(*STREAM, Claim.DATA_URL))
def refused_stream_is_an_exception(lab: Lab) -> Dialogue:
    """The library raises an error for a picture that is refused where a stream was asked for."""
    library.verify_installed()
    yield from ways.transport(lab)
    exchange = yield questions.ask_code(
        lab.pictures["text"], Inline(media_type="image/png"), stream=True
    )
    by = "streaming/bad-picture-is-refused-before-the-stream"
    if replies.judgeable(exchange, Symptom.REFUSAL_BREAKS).status != 200:
        return _refused(exchange, by, stream=True)
    if exchange.reply.text.strip() or not _is_stream(exchange):
        raise Blocked(by, replies.told(exchange))
    expected = "an APIError, before the stream or within it"

    def play() -> str:
        error = _raised(exchange, stream=True)
        if error is None:
            raise Failed(
                "the library hears nothing and ends", symptom=Symptom.MALFORMED, expected=expected
            )
        if not isinstance(error, sdk.stream_error()):
            raise error
        return f"{type(error).__name__}: {replies.quote(str(error))}"

    return Observed(expected=expected, actual=library.heard(play, expected))
