"""Strings that stand for pictures inside servers: written by a user, or found in an answer."""

from __future__ import annotations

import re

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes, variants
from conformance.judging import (
    aftermath,
    answers,
    bills,
    premises,
    reading,
    refusals,
    replies,
    ways,
)
from conformance.model import (
    Ability,
    Blocked,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    Inline,
    Lab,
    Level,
    Observed,
    Param,
    Picture,
    Probe,
    Steps,
    Symptom,
    Via,
    pictures_of,
)
from conformance.registry import check
from conformance.wire import jsontext

#: What chat templates and processors put where a picture goes.
STRINGS = {
    "image": "<image>",
    "image-pad": "<|vision_start|><|image_pad|><|vision_end|>",
    "image-pipe": "<|image|>",
    "image-1": "<|image_1|>",
    "image-soft-token": "<start_of_image><image_soft_token><end_of_image>",
    "img-context": "<img><IMG_CONTEXT></img>",
    "img-brackets": "[IMG][IMG_END]",
    "img-1": "[img-1]",
    "media": "<__media__>",
    "markdown": "![x](y)",
}
#: Without any of these, too, pictures may be taken for one another.
LABELS = "multi-image/text-between-pictures-keeps-its-place"
#: Tokens that the longest of these may take beyond as many letters. A picture takes more.
SPELLED = 60
NEUTRAL = "the word"


def _without_picture(string: str) -> Probe:
    return questions.ask(f"{prompts.QUOTED.format(string)} {prompts.READY}")


@check(Level.SHOULD, spec=sources.REQUEST, over=tuple(STRINGS))
def text_alone_is_answered(lab: Lab, name: str) -> Dialogue:
    """A text that names the placeholder of a picture, and has no picture, is answered."""
    expected = f"200 and an answer to a text with {STRINGS[name]}"
    exchange = yield from reading.until(
        _without_picture(STRINGS[name]), lambda w: bool(w), expected
    )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.MUST, spec=sources.USAGE, over=tuple(STRINGS), needs=(Claim.USAGE,))
def text_alone_costs_like_text(lab: Lab, name: str) -> Dialogue:
    """The placeholder of a picture in a text is billed like text, not like a picture."""
    plain = yield from _text_cost(_without_picture(NEUTRAL), name)
    found = yield from _text_cost(_without_picture(STRINGS[name]), name)
    expected = (
        f"at most {plain + SPELLED} prompt tokens; with {replies.quote(NEUTRAL)} it is {plain}"
    )
    if found > plain + SPELLED:
        hint = "the server takes the text for the place of a picture"
        raise Failed(
            f"{found} prompt tokens", symptom=Symptom.BILL_HIGH, expected=expected, hint=hint
        )
    return Observed(expected=expected, actual=f"{found} prompt tokens")


def _text_cost(probe: Probe, name: str) -> Steps[int]:
    try:
        return (yield from bills.cost(probe))
    except Failed as failed:
        by = f"placeholders/text-alone-is-answered[{name}]"
        raise Blocked(by, f"the text is not answered: {failed.actual}") from None


@check(
    Level.MUST,
    spec=sources.IMAGE_INPUT,
    over=tuple(STRINGS),
    needs=(Claim.READING,),
    guess=codes.GUESS,
)
def picture_beside_one_is_read(lab: Lab, name: str) -> Dialogue:
    """Beside a text with a placeholder a picture is read or refused, not lost."""
    via = yield from ways.transport(lab)
    what = f"a text with {STRINGS[name]}"
    code = lab.pictures["sheet-05"].facts.code
    return (yield from refusals.reads_or_refuses(_beside_picture(lab, via, name), code, what))


def _picture(lab: Lab, name: str) -> Picture:
    """A picture of its own for each string: what is kept of it, no other request left."""
    return variants.heavier(lab.pictures["sheet-05"], 50_000 + list(STRINGS).index(name))


def _beside_picture(lab: Lab, via: Via, name: str) -> Probe:
    said = prompts.QUOTED.format(STRINGS[name])
    return questions.ask(said, questions.image(_picture(lab, name), via), prompts.CODE)


@check(
    Level.MUST,
    spec=sources.ERROR_CODES,
    over=tuple(STRINGS),
    needs=(Claim.READING,),
    guess=codes.GUESS,
)
def placeholder_breaks_nothing(lab: Lab, name: str) -> Dialogue:
    """After a text with a placeholder, beside a picture and alone, the picture itself is read."""
    via = yield from ways.transport(lab)
    yield _without_picture(STRINGS[name])
    risky = yield _beside_picture(lab, via, name)
    number = 120 + list(STRINGS).index(name)
    return (yield from aftermath.still_reads(lab, via, risky, number, _picture(lab, name)))


# ---------------------------------------------------------------- what an answer gives away

WAYS = (
    Param(id="data-url", value=Inline(), needs=frozenset({Claim.DATA_URL})),
    Param(id="url", value=Hosted(), needs=frozenset({Claim.URL})),
)
#: What nobody sees in a picture and no question of ours says, so that an answer can have it only
#: from a text that was put in the place of the picture.
MARKS = re.compile(
    r"\[object object\]|[\[(<{](?:image|picture|media|attachment)s?(?: \w+)? "
    r"(?:omitted|removed|stripped|filtered|redacted|not supported|unsupported|unavailable)"
    r"|\bimage_url\b|data:image/|;base64,",
    re.IGNORECASE,
)


@check(Level.MUST, spec=sources.IMAGE_INPUT, over=WAYS, needs=(Claim.READING,))
def no_text_in_place_of_a_picture(lab: Lab, via: Inline | Hosted) -> Dialogue:
    """No text such as [image omitted] or [object Object] reaches the model for a picture."""
    picture = lab.pictures["sheet-07"]
    exchange = yield questions.ask(questions.image(picture, via), prompts.REPEAT)
    expected = "an answer without the traces of a text in place of the picture"
    if replies.judgeable(exchange).status != 200:
        raise Blocked(_plain(via), f"no answer to look at: {replies.told(exchange)}")
    words = replies.answered(exchange, expected)
    mark = MARKS.search(words[: answers.LIMIT])
    # Whoever reads the code got the picture, whatever else stands in the answer.
    if mark and not answers.reads(words, picture.facts.code):
        hint = "the picture was replaced by a text before the model got the message"
        raise Failed(
            f"{replies.quote(mark.group())} in {replies.quote(words)}",
            symptom=Symptom.NOT_READ,
            expected=expected,
            hint=hint,
        )
    return Observed(expected=expected, actual=replies.told(exchange))


def _plain(via: Inline | Hosted) -> str:
    return "url/plain" if isinstance(via, Hosted) else "base64/plain"


@check(
    Level.MUST,
    spec=sources.RESPONSE,
    over=(
        *WAYS,
        Param(id="streamed", value=None, needs=frozenset({Claim.DATA_URL, Claim.STREAMING})),
    ),
)
def answer_is_not_empty(lab: Lab, via: Inline | Hosted | None) -> Dialogue:
    """A picture that is accepted with 200 is answered with something."""
    probe = questions.ask_code(lab.pictures["sheet-01"], via, stream=via is None)
    expected = "200 and an answer that is not empty"
    exchange = yield probe
    if replies.judgeable(exchange).status != 200 or exchange.reply.is_error:
        raise Blocked(_plain(via or Inline()), f"no answer to look at: {replies.told(exchange)}")
    words = replies.answered(exchange, expected)
    if not words.strip() and not _says_something_else(exchange):
        finish = exchange.reply.finish_reason
        actual = f"200, no words, and the finish_reason {replies.quote(finish)}"
        raise Failed(
            actual,
            symptom=Symptom.EMPTY,
            expected=expected,
            hint="an upstream failure passed on as an answer",
        )
    return Observed(expected=expected, actual=replies.told(exchange))


#: Members under which an answer may stand that is not in ``content``.
ELSEWHERE = re.compile(
    rb'"(?:reasoning|reasoning_content|reasoning_text|thinking|refusal|tool_calls|function_call|'
    rb'audio)"\s*:(?!\s*(?:null\b|""|\[\s*\]|\{\s*\}))'
)


def _says_something_else(exchange: Exchange) -> bool:
    return bool(exchange.reply.refusal or ELSEWHERE.search(exchange.body))


@check(Level.MUST, spec=sources.ERROR, over=("corrupt-png", "text"), needs=(Claim.DATA_URL,))
def error_is_not_an_answer(lab: Lab, picture_id: str) -> Dialogue:
    """The error that a broken picture leads to is not written into an answer of status 200."""
    via = Inline(media_type="image/png")
    exchange = yield questions.ask(questions.image(lab.pictures[picture_id], via), prompts.CODE)
    expected = "a 4xx, or an answer that is no error message"
    if replies.judgeable(exchange, Symptom.REFUSAL_BREAKS).status != 200 or exchange.reply.is_error:
        return Observed(expected=expected, actual=replies.told(exchange))
    if not jsontext.items_at(replies.value_of(exchange), "choices"):
        return Observed(expected=expected, actual=f"200 without choices: {replies.told(exchange)}")
    if refusals.is_error_text(exchange.reply.text):
        raise Failed(
            replies.told(exchange),
            symptom=Symptom.ERROR_AS_ANSWER,
            expected=expected,
            hint="an upstream error sent as an answer",
        )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(
    Level.MUST,
    spec=sources.IMAGE_INPUT,
    over=tuple(STRINGS),
    needs=(Claim.SEVERAL, Claim.READING),
    abilities=(Ability.CHOOSE,),
    guess=2 * codes.GUESS,
)
def pictures_beside_one_keep_their_labels(lab: Lab, name: str) -> Dialogue:
    """Beside a text with a placeholder two pictures keep their labels, or are refused."""
    # One picture in the place of the placeholder is still read; of two, the second moves up.
    via = yield from ways.transport(lab)
    code, probe = lab.pictures["sheet-05"].facts.code, _labelled(lab, via, STRINGS[name])
    every = {picture.facts.code for picture in pictures_of(probe)}
    try:
        return (
            yield from refusals.picks_or_refuses(probe, code, every, f"a text with {STRINGS[name]}")
        )
    except Failed as failed:
        if failed.symptom in (Symptom.SERVER_ERROR, Symptom.REFUSAL_BREAKS, Symptom.NO_REPLY):
            raise
        yield from premises.or_blocked(
            reading.picks(_labelled(lab, via, "a word"), code, every), LABELS
        )
        raise


def _labelled(lab: Lab, via: Via, written: str) -> Probe:
    """A question for the first of two pictures with labels, after a text that holds ``written``."""
    first, second = (questions.image(lab.pictures[name], via) for name in ("sheet-05", "sheet-06"))
    said = f"{prompts.QUOTED.format(written)} Picture B:"
    return questions.ask(said, first, "Picture A:", second, prompts.LABELLED.format("B"))
