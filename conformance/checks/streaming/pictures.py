"""Pictures are read where a stream is asked for."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import answers, reading, replies, ways
from conformance.model import Claim, Dialogue, Failed, Lab, Level, Observed, Symptom
from conformance.registry import check

STREAM = (Claim.STREAMING,)


@check(Level.MUST, spec=sources.REQUEST, needs=(*STREAM, Claim.READING), guess=codes.GUESS)
def picture_is_read(lab: Lab) -> Dialogue:
    """A streamed answer reads the picture as the plain one does."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-02"]
    return (
        yield from reading.reads(questions.ask_code(picture, via, stream=True), picture.facts.code)
    )


@check(
    Level.MUST,
    spec=sources.REQUEST,
    needs=(*STREAM, Claim.READING, Claim.SEVERAL),
    guess=codes.GUESS,
)
def several_pictures_are_read(lab: Lab) -> Dialogue:
    """A streamed answer reads several pictures in order."""
    via = yield from ways.transport(lab)
    pictures = [lab.pictures[f"sheet-{n:02}"] for n in (3, 4, 5)]
    wanted = tuple(p.facts.code for p in pictures)
    probe = questions.ask(*(questions.image(p, via) for p in pictures), prompts.CODES, stream=True)
    expected = ", ".join(wanted)
    seen: set[str] = set()

    def accepts(words: str) -> bool:
        named = [code for code in answers.codes_in(words) if code in wanted]
        seen.update(named)
        in_order = [*dict.fromkeys(named)], [*dict.fromkeys(named[::-1])][::-1]
        return list(wanted) in in_order

    try:
        exchange = yield from reading.until(probe, accepts, expected)
    except Failed as failed:
        if failed.symptom is Symptom.NOT_READ and seen.issuperset(wanted):
            failed.symptom = Symptom.ORDER
        raise
    return Observed(expected=expected, actual=replies.told(exchange), about=exchange)
