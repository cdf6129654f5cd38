"""What is transparent in a picture."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.base64._inline import READ
from conformance.drawing import codes, variants
from conformance.judging import answers, reading, ways
from conformance.model import Ability, Claim, Dialogue, Inline, Lab, Level, Symptom
from conformance.registry import check


@check(
    Level.SHOULD,
    spec=sources.PNG,
    needs=(*READ, Claim.PNG),
    abilities=(Ability.ENCODINGS,),
    guess=codes.GUESS,
)
def transparent_is_not_seen(lab: Lab) -> Dialogue:
    """What is wholly transparent in a picture is not seen."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture, hidden = lab.pictures["png-rgba"], lab.pictures["png-rgb"]
    code, other = picture.facts.code, hidden.facts.code
    expected = f"the code {code}, not {other}, which is transparent"
    probe = questions.ask(
        questions.image(variants.over_a_hidden_one(picture, hidden)), prompts.PAGE
    )

    def accepts(words: str) -> bool:
        named = answers.codes_in(words)
        return code in named and other not in named

    return (yield from reading.accepted(probe, accepts, expected, Symptom.DEGRADED))
