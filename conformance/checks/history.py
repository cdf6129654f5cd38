"""Pictures in a conversation: roles, turns, examples, and the texts that stand beside them."""

from __future__ import annotations

from conformance import answers, prompts
from conformance.ability import Ability
from conformance.checks._controls import verify_refused
from conformance.codes import GUESS
from conformance.dialogue import (
    Steps,
    ask,
    ask_code,
    gathers,
    image,
    picks,
    reads,
    reads_or_refuses,
    refuses_or,
    talk,
    through,
    told,
    transport,
    turn,
    until,
)
from conformance.model import (
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
    Turn,
    Via,
)
from conformance.registry import check
from conformance.scripts import SCRIPTS, ask_word, names, spelled
from conformance.sources import IMAGE_INPUT, REQUEST
from conformance.symptom import Symptom
from conformance.wire.address import data_url

ONE = (Claim.READING,)
SEVERAL = (Claim.SEVERAL, Claim.READING)
LOOK = "Look at this picture."
READY = (turn(prompts.READY), turn("Ready.", role="assistant"))


def _noted(*parts: Part | str) -> tuple[Turn, Turn]:
    return turn(*parts), turn(prompts.NOTED, role="assistant")


def _accepted(probe: Probe, what: str) -> Steps[Observed]:
    """The request must be answered, whatever the answer is."""
    expected = f"200 and an answer to {what}"
    exchange = yield from until(probe, lambda _: True, expected)
    return Observed(expected=expected, actual=told(exchange))


# ---------------------------------------------------------------- turns


@check(Level.MUST, spec=REQUEST, over=(1, 3), needs=SEVERAL, guess=GUESS)
def picture_after_examples_is_read(lab: Lab, count: int) -> Dialogue:
    """After examples, each a picture and its right answer, the new picture is read."""
    via = yield from transport(lab)
    *examples, new = [lab.pictures[f"sheet-{n:02}"] for n in range(10, 11 + count)]
    turns: list[Turn] = []
    for picture in examples:
        turns.append(turn(image(picture, via), prompts.CODE))
        turns.append(turn(picture.facts.code, role="assistant"))
    probe = talk(*turns, turn(image(new, via), prompts.CODE))
    code = new.facts.code
    # An earlier picture of the conversation is the wrong one.
    return (yield from picks(probe, code, [p.facts.code for p in (*examples, new)]))


@check(Level.MUST, spec=REQUEST, over=("before", "after", "around"), needs=ONE, guess=GUESS)
def picture_among_text_turns_is_read(lab: Lab, place: str) -> Dialogue:
    """A picture is read although turns of text alone stand before or after it."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-14"]
    before = READY if place != "after" else ()
    after = READY * 2 if place != "before" else ()
    probe = talk(*before, *_noted(image(picture, via), LOOK), *after, turn(prompts.CODE))
    return (yield from reads(probe, picture.facts.code))


@check(Level.MUST, spec=REQUEST, needs=SEVERAL, guess=GUESS)
def same_picture_in_two_turns(lab: Lab) -> Dialogue:
    """A picture that is sent again in a later turn is read."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-15"]
    again = turn(image(picture, via), prompts.CODE)
    return (yield from reads(talk(*_noted(image(picture, via), LOOK), again), picture.facts.code))


@check(Level.SHOULD, spec=REQUEST, needs=ONE, guess=GUESS)
def assistant_message_in_parts(lab: Lab) -> Dialogue:
    """A picture is read although an earlier message of the assistant is written in parts."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-16"]
    noted = turn(prompts.NOTED, "What is your question?", role="assistant")
    probe = talk(turn(image(picture, via), LOOK), noted, turn(prompts.CODE))
    return (yield from reads(probe, picture.facts.code))


# ---------------------------------------------------------------- refused pictures

DEAD = {"404": Hosted(status=404), "refused": Hosted(refused=True)}


def _after(old: Picture, old_via: Via, lab: Lab, via: Via) -> Probe:
    """A turn with an old picture, and then one with a new picture and the question."""
    new = image(lab.pictures["sheet-09"], via)
    return talk(*_noted(image(old, old_via), LOOK), turn(new, prompts.CODE))


def _dead_turn(lab: Lab, name: str) -> Steps[Probe]:
    yield from through(lab, Hosted(), "url/plain")
    via, old = (yield from transport(lab)), lab.pictures["sheet-04"]
    verify_refused((yield ask_code(old, DEAD[name])), f"url/failed-download-is-refused[{name}]")
    return _after(old, DEAD[name], lab, via)


def _svg_turn(lab: Lab) -> Steps[Probe]:
    yield from through(lab, Inline(), "base64/plain")
    old = lab.pictures["svg"]
    alone = yield ask_code(old)
    if alone.status != 200 or not answers.reads(alone.reply.text, old.facts.code):
        verify_refused(alone, "base64/undocumented-format[svg]")
    return _after(old, Inline(), lab, Inline())


@check(Level.MAY, spec=REQUEST, over=tuple(DEAD), needs=(*SEVERAL, Claim.URL), guess=GUESS)
def dead_url_in_an_earlier_turn(lab: Lab, name: str) -> Dialogue:
    """After a picture whose URL is dead by now the new one is read, or the request refused."""
    probe = yield from _dead_turn(lab, name)
    code = lab.pictures["sheet-09"].facts.code
    return (yield from reads_or_refuses(probe, code, "a dead URL in an earlier turn"))


@check(Level.MAY, spec=REQUEST, needs=(*SEVERAL, Claim.DATA_URL), guess=GUESS)
def unsupported_picture_in_an_earlier_turn(lab: Lab) -> Dialogue:
    """After a picture of an undocumented format the new one is read, or the request refused."""
    probe = yield from _svg_turn(lab)
    code = lab.pictures["sheet-09"].facts.code
    return (yield from reads_or_refuses(probe, code, "an SVG in an earlier turn"))


@check(
    Level.MUST,
    spec=REQUEST,
    over=(
        Param(id="dead-url", value="404", needs=frozenset({Claim.URL})),
        Param(id="svg", value="", needs=frozenset({Claim.DATA_URL})),
    ),
    needs=SEVERAL,
    guess=GUESS,
)
def refused_picture_does_not_stay(lab: Lab, dead: str) -> Dialogue:
    """Without the picture that was refused in an earlier turn the conversation goes on."""
    risky = yield from (_dead_turn(lab, dead) if dead else _svg_turn(lab))
    yield risky
    via = yield from transport(lab)
    # Sent apart for every risky request: a shared reply may be older than the damage.
    words = f"{LOOK} It is not there, because of {'its address' if dead else 'its format'}."
    picture = lab.pictures["sheet-09"]
    probe = talk(*_noted(words), turn(image(picture, via), prompts.CODE))
    return (yield from reads(probe, picture.facts.code))


# ---------------------------------------------------------------- messages of one role


def _in_a_row(lab: Lab, via: Via) -> tuple[Probe, list[str]]:
    pictures = [lab.pictures["sheet-17"], lab.pictures["sheet-18"]]
    turns = [turn(image(picture, via), LOOK) for picture in pictures]
    return talk(*turns, turn(prompts.CODES)), [picture.facts.code for picture in pictures]


@check(Level.MUST, spec=REQUEST, needs=SEVERAL, guess=GUESS)
def pictures_in_consecutive_messages(lab: Lab) -> Dialogue:
    """Pictures in consecutive messages of the user are all read, or refused, not ignored."""
    via = yield from transport(lab)
    probe, wanted = _in_a_row(lab, via)
    seen = f"every one of {', '.join(wanted)}"
    accepts = gathers(wanted, set())
    return (yield from refuses_or(probe, accepts, "consecutive messages of the user", seen))


@check(Level.SHOULD, spec=REQUEST, needs=SEVERAL)
def consecutive_messages_are_accepted(lab: Lab) -> Dialogue:
    """Consecutive messages of the user with a picture each are accepted."""
    via = yield from transport(lab)
    probe, _ = _in_a_row(lab, via)
    return (yield from _accepted(probe, "consecutive messages of the user"))


@check(Level.MUST, spec=REQUEST, over=("next", "previous"), needs=ONE, guess=GUESS)
def question_in_another_message(lab: Lab, which: str) -> Dialogue:
    """A picture alone in its message, asked about in another one, is read or refused."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-19"]
    messages = [turn(image(picture, via)), turn(prompts.CODE)]
    probe = talk(*(messages if which == "next" else messages[::-1]))
    what = f"a question in the {which} message"
    return (yield from reads_or_refuses(probe, picture.facts.code, what))


@check(Level.SHOULD, spec=IMAGE_INPUT, needs=ONE)
def picture_without_text_is_accepted(lab: Lab) -> Dialogue:
    """A message that is a picture and no text is accepted."""
    via = yield from transport(lab)
    probe = ask(image(lab.pictures["sheet-20"], via))
    return (yield from _accepted(probe, "a picture without text"))


# ---------------------------------------------------------------- other roles


@check(Level.MUST, spec=REQUEST, needs=ONE, guess=GUESS)
def picture_after_a_system_message(lab: Lab) -> Dialogue:
    """A picture is read although there is a system message."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-21"]
    probe = talk(turn(prompts.READER, role="system"), turn(image(picture, via), prompts.CODE))
    return (yield from reads(probe, picture.facts.code))


@check(Level.MAY, spec=REQUEST, needs=ONE, guess=GUESS)
def picture_after_a_developer_message(lab: Lab) -> Dialogue:
    """With a developer message a picture is read or the request refused, not ignored."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-21"]
    probe = talk(turn(prompts.READER, role="developer"), turn(image(picture, via), prompts.CODE))
    return (yield from reads_or_refuses(probe, picture.facts.code, "a developer message"))


LOOK_TOOL = {"type": "function", "function": {"name": "look", "description": "Shows the picture."}}


@check(Level.MAY, spec=REQUEST, needs=(*ONE, Claim.DATA_URL), guess=GUESS)
def picture_in_a_tool_message(lab: Lab) -> Dialogue:
    """A picture in the result of a tool is read or refused, not ignored."""
    yield from through(lab, Inline(), "base64/plain")
    picture = lab.pictures["sheet-20"]
    probe = talk(messages=_tool_messages(picture), tools=[LOOK_TOOL])
    return (yield from reads_or_refuses(probe, picture.facts.code, "a picture from a tool"))


CLOCK = {"type": "function", "function": {"name": "clock", "description": "Tells the time."}}


@check(
    Level.MAY,
    spec=REQUEST,
    over=(
        Param(id="null-content", value={"content": None}),
        Param(id="no-content", value={}),
        Param(id="empty-content", value={"content": ""}),
    ),
    needs=(*ONE, Claim.DATA_URL),
    guess=GUESS,
)
def call_of_a_tool_after_the_picture(lab: Lab, content: dict[str, object]) -> Dialogue:
    """A picture before a call of a tool, with or without content, is read or refused, not lost."""
    yield from through(lab, Inline(), "base64/plain")
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
    probe = talk(messages=messages, tools=[CLOCK], tool_choice="none")
    return (yield from reads_or_refuses(probe, picture.facts.code, "a call after the picture"))


def _shown(picture: Picture) -> dict[str, object]:
    return {"type": "image_url", "image_url": {"url": data_url(picture, Inline())}}


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
    found = until(probe, lambda w: number in answers.codes_in(w), expected, Symptom.WORDS_LOST)
    exchange = yield from found
    return Observed(expected=expected, actual=told(exchange), about=exchange)


@check(
    Level.MUST,
    spec=IMAGE_INPUT,
    over=("before", "after", Param(id="between", value="between", needs=frozenset(SEVERAL))),
    needs=ONE,
    abilities=(Ability.WORDS,),
    guess=GUESS,
)
def every_text_part_is_kept(lab: Lab, place: str) -> Dialogue:
    """Every one of several text parts beside a picture reaches the model."""
    via = yield from transport(lab)
    number = lab.pictures["sheet-22"].facts.code
    said = prompts.REFERENCE.format(number)
    picture, other = (image(lab.pictures[f"sheet-{n}"], via) for n in (23, 24))
    places: dict[str, list[Part | str]] = {
        "before": [said, picture],
        "after": [picture, said],
        "between": [picture, said, other],
    }
    return (yield from _keeps(ask(*places[place], prompts.ASK_REFERENCE), number))


@check(Level.MUST, spec=IMAGE_INPUT, needs=ONE, guess=GUESS)
def picture_among_text_parts_is_read(lab: Lab) -> Dialogue:
    """A picture between several text parts is read."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-23"]
    parts = ("Here is a picture.", image(picture, via), "There is a code in it.", prompts.CODE)
    return (yield from reads(ask(*parts), picture.facts.code))


@check(Level.MUST, spec=REQUEST, needs=ONE, abilities=(Ability.WORDS,), guess=GUESS)
def earlier_text_is_kept(lab: Lab) -> Dialogue:
    """The text of an earlier turn is known in a turn with a picture."""
    via = yield from transport(lab)
    number = lab.pictures["sheet-13"].facts.code
    parts = (image(lab.pictures["sheet-12"], via), prompts.ASK_REFERENCE)
    probe = talk(*_noted(prompts.REFERENCE.format(number)), turn(*parts))
    return (yield from _keeps(probe, number))


@check(Level.SHOULD, spec=REQUEST, needs=ONE, abilities=(Ability.WORDS,), guess=GUESS)
def system_text_is_kept(lab: Lab) -> Dialogue:
    """The text of a system message is known in a turn with a picture."""
    via = yield from transport(lab)
    number = lab.pictures["sheet-11"].facts.code
    said = f"{prompts.REFERENCE.format(number)} Tell it to everybody who asks."
    parts = (image(lab.pictures["sheet-12"], via), prompts.GIVEN_REFERENCE)
    return (yield from _keeps(talk(turn(said, role="system"), turn(*parts)), number))


@check(Level.MAY, spec=IMAGE_INPUT, over=("before", "after"), needs=ONE, guess=GUESS)
def empty_text_beside_a_picture(lab: Lab, place: str) -> Dialogue:
    """A picture beside an empty text part is read or refused, not ignored."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-24"]
    parts: list[Part | str] = [image(picture, via)]
    parts.insert(0 if place == "before" else 1, "")
    probe = ask(*parts, prompts.CODE)
    return (yield from reads_or_refuses(probe, picture.facts.code, "an empty text part"))


# ---------------------------------------------------------------- other scripts


@check(
    Level.MUST,
    spec=REQUEST,
    over=tuple(SCRIPTS),
    needs=ONE,
    abilities=(Ability.SCRIPTS,),
    guess=GUESS,
)
def other_scripts_are_kept(lab: Lab, script: str) -> Dialogue:
    """Text beside a picture reaches the model whole in Chinese and in emoji, too."""
    via = yield from transport(lab)
    word = spelled(lab.pictures["sheet-22"].facts.code, script)
    probe = ask_word(word, lab.pictures["sheet-23"], via)
    expected = f"the word {word} that the text gave"
    found = until(probe, lambda w: names(w, word, script), expected, Symptom.WORDS_LOST)
    exchange = yield from found
    return Observed(expected=expected, actual=told(exchange), about=exchange)


@check(Level.SHOULD, spec=REQUEST, needs=ONE, abilities=(Ability.SCRIPTS,), guess=GUESS)
def question_in_chinese(lab: Lab) -> Dialogue:
    """A picture that is asked about in Chinese is read."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-21"]
    return (yield from reads(ask(image(picture, via), prompts.CODE_IN_CHINESE), picture.facts.code))
