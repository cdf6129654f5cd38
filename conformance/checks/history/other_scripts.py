"""Chinese and emoji beside a picture."""

from __future__ import annotations

from conformance.asking import prompts, questions, scripts, sources
from conformance.drawing import codes
from conformance.judging import answers, reading, ways
from conformance.model import Ability, Claim, Dialogue, Lab, Level, Symptom
from conformance.registry import check

ONE = (Claim.READING,)


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=tuple(scripts.SCRIPTS),
    needs=ONE,
    abilities=(Ability.SCRIPTS,),
    guess=codes.GUESS,
)
def other_scripts_are_kept(lab: Lab, script: str) -> Dialogue:
    """Text beside a picture reaches the model whole in Chinese and in emoji, too."""
    via = yield from ways.transport(lab)
    letters = scripts.SCRIPTS[script]
    word = scripts.spelled(lab.pictures["sheet-22"].facts.code, script)
    probe = scripts.ask_word(word, lab.pictures["sheet-23"], via)
    expected = f"the word {word} that the text gave"
    return (
        yield from reading.accepted(
            probe, lambda w: answers.spells(w, word, letters), expected, Symptom.WORDS_LOST
        )
    )


@check(
    Level.SHOULD, spec=sources.REQUEST, needs=ONE, abilities=(Ability.SCRIPTS,), guess=codes.GUESS
)
def question_in_chinese(lab: Lab) -> Dialogue:
    """A picture that is asked about in Chinese is read."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-21"]
    return (
        yield from reading.reads(
            questions.ask(questions.image(picture, via), prompts.CODE_IN_CHINESE),
            picture.facts.code,
        )
    )
