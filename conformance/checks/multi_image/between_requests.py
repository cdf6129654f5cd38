"""Pictures of one request are not those of another."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import answers, reading, replies, ways
from conformance.model import Claim, Dialogue, Failed, Lab, Level, Observed, Symptom
from conformance.registry import check


@check(Level.MUST, spec=sources.REQUEST, needs=(Claim.READING,), guess=codes.GUESS)
def nothing_is_remembered(lab: Lab) -> Dialogue:
    """A request without a picture knows nothing of the picture in the request before it."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-20"]
    yield from reading.reads(
        questions.ask(questions.image(picture, via), prompts.NO_PICTURE), picture.facts.code
    )
    exchange = yield questions.ask(prompts.NO_PICTURE)
    expected = "an answer without the code of an earlier picture"
    words = replies.answered(exchange, expected)
    # Requests overlap: what is remembered may be the picture of any of them.
    earlier = lab.codes & set(answers.codes_in(words))
    if earlier:
        raise Failed(
            f"the code of another request: {replies.quote(words)}",
            symptom=Symptom.ANOTHERS,
            expected=expected,
            hint="replies or pictures are kept between requests; other users may see them",
        )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.MUST, spec=sources.REQUEST, needs=(Claim.READING,), guess=codes.GUESS)
def next_picture_is_seen_afresh(lab: Lab) -> Dialogue:
    """The same question about another picture, asked next, is answered from that picture."""
    via = yield from ways.transport(lab)
    for name in ("sheet-21", "sheet-22", "sheet-23"):
        picture = lab.pictures[name]
        observed = yield from reading.reads(questions.ask_code(picture, via), picture.facts.code)
    return observed
