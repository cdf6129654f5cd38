"""Where labels and the question stand among several pictures."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.multi_image._several_answers import all_read
from conformance.checks.multi_image._sheets import READ, codes_of, names_only, sheets
from conformance.drawing import codes
from conformance.judging import replies, ways
from conformance.model import Ability, Dialogue, Lab, Level, Observed, Part
from conformance.registry import check


@check(
    Level.MUST,
    spec=sources.IMAGE_INPUT,
    over=("A", "B", "C"),
    needs=READ,
    abilities=(Ability.CHOOSE,),
    guess=3 * codes.GUESS,
)
def text_between_pictures_keeps_its_place(lab: Lab, label: str) -> Dialogue:
    """A label written before a picture belongs to the picture that follows it."""
    via = yield from ways.transport(lab)
    pictures = dict(zip("BCA", sheets(lab, 3), strict=True))
    parts: list[Part | str] = []
    for name, picture in pictures.items():
        parts += [f"Picture {name}:", questions.image(picture, via)]
    probe = questions.ask(*parts, prompts.LABELLED.format(label))
    return (yield from names_only(probe, pictures[label].facts.code))


@check(
    Level.MUST, spec=sources.IMAGE_INPUT, over=("before", "after"), needs=READ, guess=codes.GUESS
)
def question_before_or_after(lab: Lab, place: str) -> Dialogue:
    """Pictures are seen whether the question stands before or after them."""
    via = yield from ways.transport(lab)
    pictures = sheets(lab, 2)
    parts: list[Part | str] = [questions.image(p, via) for p in pictures]
    at = 0 if place == "before" else len(parts)
    parts.insert(at, prompts.CODES)
    exchange = yield from all_read(questions.ask(*parts), codes_of(pictures))
    return Observed(expected="two codes", actual=replies.told(exchange))
