"""Controls of words: a request without a picture, about what an answer must be able to say."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial

from conformance.asking import prompts
from conformance.asking.questions import ask
from conformance.asking.scripts import SCRIPTS, spelled
from conformance.drawing import codes
from conformance.judging import answers
from conformance.judging.reading import accepted, until_reply
from conformance.judging.replies import answered, member
from conformance.model import Dialogue, Exchange, Failed, Lab, Observed, Symptom
from conformance.wire.jsontext import NotJson, items_at, parse, text_at

#: Characters of an answer that is long: no output limit under test leaves so many.
LONG = 300
#: A code that is said and not shown.
SPOKEN = codes.draw(random.Random("one"))


def repeat(_: Lab) -> Dialogue:
    """This model repeats words of the request."""
    asked = f"{prompts.REFERENCE.format(SPOKEN)} {prompts.ASK_REFERENCE}"
    return (yield from accepted(ask(asked), lambda w: SPOKEN in answers.codes_in(w), SPOKEN))


def scripts(_: Lab) -> Dialogue:
    """This model repeats words in Chinese characters and in emoji, and understands Chinese."""
    for script, letters in SCRIPTS.items():
        word = spelled(SPOKEN, script)
        probe = ask(f"{prompts.REFERENCE.format(word)} {prompts.ASK_REFERENCE}")
        yield from accepted(probe, partial(answers.spells, word=word, letters=letters), word)
    asked = ask(prompts.GIVEN_IN_CHINESE.format(SPOKEN))
    return (yield from accepted(asked, lambda w: SPOKEN in answers.codes_in(w), SPOKEN))


#: Labels, rounds of questions for each, and how many answers must be right: of a model that picks
#: one of the four at random, 4 in 10,000 are.
LABELS, ROUNDS, RIGHT = "ABCD", 2, 7


def choose(_: Lab) -> Dialogue:
    """This model picks one of several by its label."""
    spoken = {label: codes.draw(random.Random(label)) for label in LABELS}
    said = " ".join(f"Picture {label}: the code {code}." for label, code in spoken.items())
    right = 0
    for label, code in spoken.items():
        for sample in range(ROUNDS):
            probe = ask(f"{said} {prompts.LABELLED.format(label)}")
            exchange = yield replace(probe, sample=sample)
            right += set(answers.codes_in(answered(exchange, code))) == {code}
    expected = f"at least {RIGHT} of {ROUNDS * len(LABELS)} right"
    if right < RIGHT:
        raise Failed(f"{right}", symptom=Symptom.ORDER, expected=expected, about=exchange)
    return Observed(expected=expected, actual=f"{right}", about=exchange)


def length(_: Lab) -> Dialogue:
    """This model writes at length."""
    probe = ask(prompts.LONG)
    return (yield from accepted(probe, lambda w: len(w) >= LONG, f"{LONG} characters or more"))


def form(_: Lab) -> Dialogue:
    """This model keeps to JSON where it is asked to."""
    words = f"The code is {SPOKEN}. Reply in JSON, as an object with the member code."
    probe = ask(words, response_format={"type": "json_object"})
    return (yield from accepted(probe, _is_object, "a JSON object"))


def _is_object(words: str) -> bool:
    value = parse(words)
    return not isinstance(value, NotJson) and isinstance(value, dict)


TOOL = {
    "type": "function",
    "function": {
        "name": "note_code",
        "description": "Notes a code.",
        "parameters": {
            "type": "object",
            "properties": {"code": {"type": "string"}},
            "required": ["code"],
        },
    },
}


def tool(_: Lab) -> Dialogue:
    """This model calls a tool where it must."""
    choice = {"type": "function", "function": {"name": "note_code"}}
    probe = ask(f"Note the code {SPOKEN}.", tools=[TOOL], tool_choice=choice)

    def accepts(exchange: Exchange) -> bool:
        answered(exchange, "a call")
        calls = items_at(member(exchange, "choices"), 0, "message", "tool_calls")
        return any(SPOKEN in text_at(call, "function", "arguments") for call in calls)

    exchange = yield from until_reply(probe, accepts, "a call", Symptom.MALFORMED)
    return Observed(expected="a call", actual="called", about=exchange)
