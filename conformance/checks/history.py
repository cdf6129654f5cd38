"""Pictures in a conversation: roles, turns, examples, and the texts that stand beside them."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import aftermath, answers, reading, refusals, replies, scripts, ways
from conformance.model import (
    Ability,
    Claim,
    Dialogue,
    Hosted,
    Inline,
    Lab,
    Level,
    Observed,
    Param,
    Part,
    Picture,
    Probe,
    Steps,
    Symptom,
    Turn,
    Via,
)
from conformance.registry import check
from conformance.wire import address

ONE = (Claim.READING,)
SEVERAL = (Claim.SEVERAL, Claim.READING)
LOOK = "Look at this picture."
READY = (questions.turn(prompts.READY), questions.turn("Ready.", role="assistant"))


def _noted(*parts: Part | str) -> tuple[Turn, Turn]:
    return questions.turn(*parts), questions.turn(prompts.NOTED, role="assistant")


def _accepted(probe: Probe, what: str) -> Steps[Observed]:
    """The request must be answered, whatever the answer is."""
    expected = f"200 and an answer to {what}"
    exchange = yield from reading.until(probe, lambda _: True, expected)
    return Observed(expected=expected, actual=replies.told(exchange))


# ---------------------------------------------------------------- turns


@check(Level.MUST, spec=sources.REQUEST, over=(1, 3), needs=SEVERAL, guess=codes.GUESS)
def picture_after_examples_is_read(lab: Lab, count: int) -> Dialogue:
    """After examples, each a picture and its right answer, the new picture is read."""
    via = yield from ways.transport(lab)
    *examples, new = [lab.pictures[f"sheet-{n:02}"] for n in range(10, 11 + count)]
    turns: list[Turn] = []
    for picture in examples:
        turns.append(questions.turn(questions.image(picture, via), prompts.CODE))
        turns.append(questions.turn(picture.facts.code, role="assistant"))
    probe = questions.talk(*turns, questions.turn(questions.image(new, via), prompts.CODE))
    code = new.facts.code
    # An earlier picture of the conversation is the wrong one.
    return (yield from reading.picks(probe, code, [p.facts.code for p in (*examples, new)]))


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=("before", "after", "around"),
    needs=ONE,
    guess=codes.GUESS,
)
def picture_among_text_turns_is_read(lab: Lab, place: str) -> Dialogue:
    """A picture is read although turns of text alone stand before or after it."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-14"]
    before = READY if place != "after" else ()
    after = READY * 2 if place != "before" else ()
    probe = questions.talk(
        *before, *_noted(questions.image(picture, via), LOOK), *after, questions.turn(prompts.CODE)
    )
    return (yield from reading.reads(probe, picture.facts.code))


@check(Level.MUST, spec=sources.REQUEST, needs=SEVERAL, guess=codes.GUESS)
def same_picture_in_two_turns(lab: Lab) -> Dialogue:
    """A picture that is sent again in a later turn is read."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-15"]
    again = questions.turn(questions.image(picture, via), prompts.CODE)
    return (
        yield from reading.reads(
            questions.talk(*_noted(questions.image(picture, via), LOOK), again), picture.facts.code
        )
    )


@check(Level.SHOULD, spec=sources.REQUEST, needs=ONE, guess=codes.GUESS)
def assistant_message_in_parts(lab: Lab) -> Dialogue:
    """A picture is read although an earlier message of the assistant is written in parts."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-16"]
    noted = questions.turn(prompts.NOTED, "What is your question?", role="assistant")
    probe = questions.talk(
        questions.turn(questions.image(picture, via), LOOK), noted, questions.turn(prompts.CODE)
    )
    return (yield from reading.reads(probe, picture.facts.code))


# ---------------------------------------------------------------- refused pictures

DEAD = {"404": Hosted(status=404), "refused": Hosted(refused=True)}


def _after(old: Picture, old_via: Via, lab: Lab, via: Via) -> Probe:
    """A turn with an old picture, and then one with a new picture and the question."""
    new = questions.image(lab.pictures["sheet-09"], via)
    return questions.talk(
        *_noted(questions.image(old, old_via), LOOK), questions.turn(new, prompts.CODE)
    )


def _dead_turn(lab: Lab, name: str) -> Steps[Probe]:
    yield from ways.through(lab, Hosted(), "url/plain")
    via, old = (yield from ways.transport(lab)), lab.pictures["sheet-04"]
    aftermath.verify_refused(
        (yield questions.ask_code(old, DEAD[name])), f"url/failed-download-is-refused[{name}]"
    )
    return _after(old, DEAD[name], lab, via)


def _svg_turn(lab: Lab) -> Steps[Probe]:
    yield from ways.through(lab, Inline(), "base64/plain")
    old = lab.pictures["svg"]
    alone = yield questions.ask_code(old)
    if alone.status != 200 or not answers.reads(alone.reply.text, old.facts.code):
        aftermath.verify_refused(alone, "base64/undocumented-format[svg]")
    return _after(old, Inline(), lab, Inline())


@check(
    Level.MAY,
    spec=sources.REQUEST,
    over=tuple(DEAD),
    needs=(*SEVERAL, Claim.URL),
    guess=codes.GUESS,
)
def dead_url_in_an_earlier_turn(lab: Lab, name: str) -> Dialogue:
    """After a picture whose URL is dead by now the new one is read, or the request refused."""
    probe = yield from _dead_turn(lab, name)
    code = lab.pictures["sheet-09"].facts.code
    return (yield from refusals.reads_or_refuses(probe, code, "a dead URL in an earlier turn"))


@check(Level.MAY, spec=sources.REQUEST, needs=(*SEVERAL, Claim.DATA_URL), guess=codes.GUESS)
def unsupported_picture_in_an_earlier_turn(lab: Lab) -> Dialogue:
    """After a picture of an undocumented format the new one is read, or the request refused."""
    probe = yield from _svg_turn(lab)
    code = lab.pictures["sheet-09"].facts.code
    return (yield from refusals.reads_or_refuses(probe, code, "an SVG in an earlier turn"))


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=(
        Param(id="dead-url", value="404", needs=frozenset({Claim.URL})),
        Param(id="svg", value="", needs=frozenset({Claim.DATA_URL})),
    ),
    needs=SEVERAL,
    guess=codes.GUESS,
)
def refused_picture_does_not_stay(lab: Lab, dead: str) -> Dialogue:
    """Without the picture that was refused in an earlier turn the conversation goes on."""
    risky = yield from (_dead_turn(lab, dead) if dead else _svg_turn(lab))
    yield risky
    via = yield from ways.transport(lab)
    # Sent apart for every risky request: a shared reply may be older than the damage.
    words = f"{LOOK} It is not there, because of {'its address' if dead else 'its format'}."
    picture = lab.pictures["sheet-09"]
    probe = questions.talk(
        *_noted(words), questions.turn(questions.image(picture, via), prompts.CODE)
    )
    return (yield from reading.reads(probe, picture.facts.code))


# ---------------------------------------------------------------- messages of one role


def _in_a_row(lab: Lab, via: Via) -> tuple[Probe, list[str]]:
    pictures = [lab.pictures["sheet-17"], lab.pictures["sheet-18"]]
    turns = [questions.turn(questions.image(picture, via), LOOK) for picture in pictures]
    return questions.talk(*turns, questions.turn(prompts.CODES)), [
        picture.facts.code for picture in pictures
    ]


@check(Level.MUST, spec=sources.REQUEST, needs=SEVERAL, guess=codes.GUESS)
def pictures_in_consecutive_messages(lab: Lab) -> Dialogue:
    """Pictures in consecutive messages of the user are all read, or refused, not ignored."""
    via = yield from ways.transport(lab)
    probe, wanted = _in_a_row(lab, via)
    seen = f"every one of {', '.join(wanted)}"
    accepts = reading.gathers(wanted, set())
    return (
        yield from refusals.refuses_or(probe, accepts, "consecutive messages of the user", seen)
    )


@check(Level.SHOULD, spec=sources.REQUEST, needs=SEVERAL)
def consecutive_messages_are_accepted(lab: Lab) -> Dialogue:
    """Consecutive messages of the user with a picture each are accepted."""
    via = yield from ways.transport(lab)
    probe, _ = _in_a_row(lab, via)
    return (yield from _accepted(probe, "consecutive messages of the user"))


@check(Level.MUST, spec=sources.REQUEST, over=("next", "previous"), needs=ONE, guess=codes.GUESS)
def question_in_another_message(lab: Lab, which: str) -> Dialogue:
    """A picture alone in its message, asked about in another one, is read or refused."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-19"]
    messages = [questions.turn(questions.image(picture, via)), questions.turn(prompts.CODE)]
    probe = questions.talk(*(messages if which == "next" else messages[::-1]))
    what = f"a question in the {which} message"
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, what))


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=ONE)
def picture_without_text_is_accepted(lab: Lab) -> Dialogue:
    """A message that is a picture and no text is accepted."""
    via = yield from ways.transport(lab)
    probe = questions.ask(questions.image(lab.pictures["sheet-20"], via))
    return (yield from _accepted(probe, "a picture without text"))


# ---------------------------------------------------------------- other roles


@check(Level.MUST, spec=sources.REQUEST, needs=ONE, guess=codes.GUESS)
def picture_after_a_system_message(lab: Lab) -> Dialogue:
    """A picture is read although there is a system message."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-21"]
    probe = questions.talk(
        questions.turn(prompts.READER, role="system"),
        questions.turn(questions.image(picture, via), prompts.CODE),
    )
    return (yield from reading.reads(probe, picture.facts.code))


@check(Level.MAY, spec=sources.REQUEST, needs=ONE, guess=codes.GUESS)
def picture_after_a_developer_message(lab: Lab) -> Dialogue:
    """With a developer message a picture is read or the request refused, not ignored."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-21"]
    probe = questions.talk(
        questions.turn(prompts.READER, role="developer"),
        questions.turn(questions.image(picture, via), prompts.CODE),
    )
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, "a developer message"))


LOOK_TOOL = {"type": "function", "function": {"name": "look", "description": "Shows the picture."}}


@check(Level.MAY, spec=sources.REQUEST, needs=(*ONE, Claim.DATA_URL), guess=codes.GUESS)
def picture_in_a_tool_message(lab: Lab) -> Dialogue:
    """A picture in the result of a tool is read or refused, not ignored."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["sheet-20"]
    probe = questions.talk(messages=_tool_messages(picture), tools=[LOOK_TOOL])
    return (
        yield from refusals.reads_or_refuses(probe, picture.facts.code, "a picture from a tool")
    )


CLOCK = {"type": "function", "function": {"name": "clock", "description": "Tells the time."}}


@check(
    Level.MAY,
    spec=sources.REQUEST,
    over=(
        Param(id="null-content", value={"content": None}),
        Param(id="no-content", value={}),
        Param(id="empty-content", value={"content": ""}),
    ),
    needs=(*ONE, Claim.DATA_URL),
    guess=codes.GUESS,
)
def call_of_a_tool_after_the_picture(lab: Lab, content: dict[str, object]) -> Dialogue:
    """A picture before a call of a tool, with or without content, is read or refused, not lost."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["sheet-20"]
    call = {"id": "call_1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}
    text = {"type": "text", "text": "Look at this picture, and tell the time."}
    messages = [
        {"role": "user", "content": [_shown(picture), text]},
        {"role": "assistant", **content, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "It is noon."},
        {"role": "user", "content": prompts.CODE},
    ]
    # No further call: the question is for the picture.
    probe = questions.talk(messages=messages, tools=[CLOCK], tool_choice="none")
    return (
        yield from refusals.reads_or_refuses(probe, picture.facts.code, "a call after the picture")
    )


def _shown(picture: Picture) -> dict[str, object]:
    return {"type": "image_url", "image_url": {"url": address.data_url(picture, Inline())}}


def _tool_messages(picture: Picture) -> list[dict[str, object]]:
    """Written out: a turn has no place for the call that a tool message answers."""
    call = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    return [
        {"role": "user", "content": f"Call look, and then tell: {prompts.CODE}"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {
            "role": "tool",
            "tool_call_id": "call_1",
            "content": [{"type": "text", "text": "Here it is."}, _shown(picture)],
        },
    ]


# ---------------------------------------------------------------- texts beside pictures


def _keeps(probe: Probe, number: str) -> Steps[Observed]:
    expected = f"the reference number {number} that the text gave"
    # A text that is there beside others: what else is said of the picture does not matter.
    found = reading.until(
        probe, lambda w: number in answers.codes_in(w), expected, Symptom.WORDS_LOST
    )
    exchange = yield from found
    return Observed(expected=expected, actual=replies.told(exchange), about=exchange)


@check(
    Level.MUST,
    spec=sources.IMAGE_INPUT,
    over=("before", "after", Param(id="between", value="between", needs=frozenset(SEVERAL))),
    needs=ONE,
    abilities=(Ability.WORDS,),
    guess=codes.GUESS,
)
def every_text_part_is_kept(lab: Lab, place: str) -> Dialogue:
    """Every one of several text parts beside a picture reaches the model."""
    via = yield from ways.transport(lab)
    number = lab.pictures["sheet-22"].facts.code
    said = prompts.REFERENCE.format(number)
    picture, other = (questions.image(lab.pictures[f"sheet-{n}"], via) for n in (23, 24))
    places: dict[str, list[Part | str]] = {
        "before": [said, picture],
        "after": [picture, said],
        "between": [picture, said, other],
    }
    return (yield from _keeps(questions.ask(*places[place], prompts.ASK_REFERENCE), number))


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=ONE, guess=codes.GUESS)
def picture_among_text_parts_is_read(lab: Lab) -> Dialogue:
    """A picture between several text parts is read."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-23"]
    parts = (
        "Here is a picture.",
        questions.image(picture, via),
        "There is a code in it.",
        prompts.CODE,
    )
    return (yield from reading.reads(questions.ask(*parts), picture.facts.code))


@check(Level.MUST, spec=sources.REQUEST, needs=ONE, abilities=(Ability.WORDS,), guess=codes.GUESS)
def earlier_text_is_kept(lab: Lab) -> Dialogue:
    """The text of an earlier turn is known in a turn with a picture."""
    via = yield from ways.transport(lab)
    number = lab.pictures["sheet-13"].facts.code
    parts = (questions.image(lab.pictures["sheet-12"], via), prompts.ASK_REFERENCE)
    probe = questions.talk(*_noted(prompts.REFERENCE.format(number)), questions.turn(*parts))
    return (yield from _keeps(probe, number))


@check(Level.SHOULD, spec=sources.REQUEST, needs=ONE, abilities=(Ability.WORDS,), guess=codes.GUESS)
def system_text_is_kept(lab: Lab) -> Dialogue:
    """The text of a system message is known in a turn with a picture."""
    via = yield from ways.transport(lab)
    number = lab.pictures["sheet-11"].facts.code
    said = f"{prompts.REFERENCE.format(number)} Tell it to everybody who asks."
    parts = (questions.image(lab.pictures["sheet-12"], via), prompts.GIVEN_REFERENCE)
    return (
        yield from _keeps(
            questions.talk(questions.turn(said, role="system"), questions.turn(*parts)), number
        )
    )


@check(Level.MAY, spec=sources.IMAGE_INPUT, over=("before", "after"), needs=ONE, guess=codes.GUESS)
def empty_text_beside_a_picture(lab: Lab, place: str) -> Dialogue:
    """A picture beside an empty text part is read or refused, not ignored."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-24"]
    parts: list[Part | str] = [questions.image(picture, via)]
    parts.insert(0 if place == "before" else 1, "")
    probe = questions.ask(*parts, prompts.CODE)
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, "an empty text part"))


# ---------------------------------------------------------------- other scripts


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
    word = scripts.spelled(lab.pictures["sheet-22"].facts.code, script)
    probe = scripts.ask_word(word, lab.pictures["sheet-23"], via)
    expected = f"the word {word} that the text gave"
    found = reading.until(
        probe, lambda w: scripts.names(w, word, script), expected, Symptom.WORDS_LOST
    )
    exchange = yield from found
    return Observed(expected=expected, actual=replies.told(exchange), about=exchange)


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
