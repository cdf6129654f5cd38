"""A model that takes no pictures, and is sent one."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import answers, reading, refusals, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Failed,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Reason,
    Steps,
    Unobserved,
)
from conformance.registry import check

READ = (Claim.READING,)
#: Numbers the controls after a picture for the text model, so that they are asked by nobody else.
CONTROL = 401


def text_model(lab: Lab) -> Steps[str]:
    """The model that takes no pictures, once it has answered a plain question."""
    name = lab.target.text_model
    if not name:
        raise NotApplicable("the target file names no text_model", why=Reason.NOT_ASKED)
    said = replies.judgeable((yield questions.ask(prompts.READY, model=name)))
    if said.status != 200 or said.reply.is_error:
        raise Unobserved(f"the text model does not answer a plain question: {replies.told(said)}")
    return name


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=READ, guess=codes.GUESS)
def picture_to_a_text_model_is_refused(lab: Lab) -> Dialogue:
    """A picture for a model that takes none is refused with a 4xx and an error object."""
    name = yield from text_model(lab)
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-05"]
    # A relay that has the picture described by another model is as good.
    probe = questions.ask_code(picture, via, model=name)
    what = "a picture for a text model"
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, what))


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=(*READ, Claim.STREAMING), guess=codes.GUESS)
def streamed_picture_to_a_text_model_is_refused(lab: Lab) -> Dialogue:
    """A picture for a model that takes none is refused also where a stream is asked for."""
    name = yield from text_model(lab)
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-05"]
    code = picture.facts.code
    probe = questions.ask_code(picture, via, stream=True, model=name)
    exchange = yield probe
    if exchange.status == 200 and exchange.reply.is_error and not exchange.reply.text.strip():
        # Late, which is held against it elsewhere, but no answer is made up.
        actual = f"refused inside the stream: {replies.quote(exchange.reply.error_message)}"
        return Observed(expected="an error, or the code", actual=actual)
    what = "a streamed picture for a text model"
    return (yield from refusals.reads_or_refuses(probe, code, what))


@check(Level.MUST, spec=sources.ERROR_CODES, needs=READ, guess=codes.GUESS)
def picture_to_a_text_model_breaks_nothing(lab: Lab) -> Dialogue:
    """After a picture for a model that takes none, both models answer as before."""
    name = yield from text_model(lab)
    via = yield from ways.transport(lab)
    risky = yield questions.ask_code(lab.pictures["sheet-05"], via, model=name)
    code = lab.pictures["sheet-01"].facts.code
    expected = f"an answer of {name}, and the code {code}, as before"
    try:
        words = questions.ask(f"{prompts.READY} This is question {CONTROL}.", model=name)
        yield from reading.until(words, lambda text: True, expected)
        seen = questions.ask(
            questions.image(lab.pictures["sheet-01"], via), f"{prompts.CODE} Question {CONTROL}."
        )
        exchange = yield from reading.until(seen, lambda text: answers.reads(text, code), expected)
    except Failed as failed:
        failed.hint = f"before it, {replies.told(risky)}"
        raise
    return Observed(expected=expected, actual=replies.told(exchange))
