"""What the library raises for a refusal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.asking import questions, sources
from conformance.checks.sdk._playable import is_stream
from conformance.judging import replies, sdk, ways
from conformance.model import (
    Blocked,
    Claim,
    Credential,
    Dialogue,
    Exchange,
    Failed,
    Inline,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Probe,
    Reason,
    Symptom,
)
from conformance.registry import check

STREAM = (Claim.STREAMING,)


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
        sdk.same("body['message']", body.get("message"), exchange.reply.error_message, expected)
        return f"{type(error).__name__}: {replies.quote(str(error))}"

    return Observed(expected=expected, actual=sdk.heard(play, expected))


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
    "unknown-model": ("errors/unknown-model-is-refused", questions.UNKNOWN_MODEL),
    "malformed-json": ("errors/malformed-json-is-refused", Probe(raw_body=b'["model"]')),
    "no-messages": (
        "errors/missing-messages-are-refused",
        replace(questions.READY, omit=("messages",)),
    ),
}


@check(Level.MUST, spec=sources.ERROR, over=tuple(REFUSALS))
def refusal_is_an_exception(lab: Lab, name: str) -> Dialogue:
    """The library raises an error for a refusal, with the error object as its body."""
    sdk.verify_installed()
    by, probe = REFUSALS[name]
    if name == "wrong-key" and lab.target.auth == "none":
        raise NotApplicable("the target file says that no key is needed", why=Reason.UNCLAIMED)
    return _refused((yield probe), by)


@check(Level.MUST, spec=sources.ERROR, needs=(Claim.DATA_URL,))
def refused_picture_is_an_exception(lab: Lab) -> Dialogue:
    """The library raises an error for a picture that is refused."""
    sdk.verify_installed()
    yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["text"], Inline(media_type="image/png"))
    return _refused(exchange, "base64/bytes-that-are-no-picture-are-refused")


@check(Level.SHOULD, spec=sources.SDK, needs=(*STREAM, Claim.DATA_URL))
def refused_stream_is_an_exception(lab: Lab) -> Dialogue:
    """The library raises an error for a picture that is refused where a stream was asked for."""
    sdk.verify_installed()
    yield from ways.transport(lab)
    exchange = yield questions.ask_code(
        lab.pictures["text"], Inline(media_type="image/png"), stream=True
    )
    by = "streaming/bad-picture-is-refused-before-the-stream"
    if replies.judgeable(exchange, Symptom.REFUSAL_BREAKS).status != 200:
        return _refused(exchange, by, stream=True)
    if exchange.reply.text.strip() or not is_stream(exchange):
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

    return Observed(expected=expected, actual=sdk.heard(play, expected))
