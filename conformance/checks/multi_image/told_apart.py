"""Pictures compared with each other, and one found among the others."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.multi_image._sheets import READ, names_only, sheets
from conformance.drawing import codes
from conformance.judging import ways
from conformance.model import Ability, Dialogue, Lab, Level, Part
from conformance.registry import check


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    needs=READ,
    abilities=(Ability.PLACE,),
    guess=4 * codes.GUESS,
)
def pictures_are_compared(lab: Lab) -> Dialogue:
    """Two pictures are compared: what appears in both is found."""
    via = yield from ways.transport(lab)
    first, second = lab.pictures["corners-1"], lab.pictures["corners-2"]
    shared = next(iter(set(first.facts.corners) & set(second.facts.corners)))
    probe = questions.ask(questions.image(first, via), questions.image(second, via), prompts.SHARED)
    return (yield from names_only(probe, shared))


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=(2, 4),
    needs=READ,
    abilities=(Ability.CHOOSE,),
    guess=5 * codes.GUESS,
)
def label_among_unnamed_pictures(lab: Lab, place: int) -> Dialogue:
    """The one picture with a label is found among others that have none."""
    # Were every picture labelled, the order of the labels would tell which is which.
    via = yield from ways.transport(lab)
    pictures = sheets(lab, 5)
    parts: list[Part | str] = ["Here are some pictures."]
    for n, picture in enumerate(pictures, 1):
        parts += ["Picture A:"] if n == place else []
        parts += [questions.image(picture, via)]
        parts += ["Here are more pictures."] if n == place else []
    probe = questions.ask(*parts, prompts.LABELLED.format("A"))
    return (yield from names_only(probe, pictures[place - 1].facts.code))
