"""An earlier picture that is refused by now, and a conversation without it."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import answers, premises, reading, refusals, ways
from conformance.model import (
    Claim,
    Dialogue,
    Hosted,
    Inline,
    Lab,
    Level,
    Param,
    Picture,
    Probe,
    Steps,
    Via,
)
from conformance.registry import check

SEVERAL = (Claim.SEVERAL, Claim.READING)
DEAD = {"404": Hosted(status=404), "refused": Hosted(refused=True)}


def _after(old: Picture, old_via: Via, lab: Lab, via: Via) -> Probe:
    """A turn with an old picture, and then one with a new picture and the question."""
    new = questions.image(lab.pictures["sheet-09"], via)
    return questions.talk(
        *questions.noted_turns(questions.image(old, old_via), prompts.LOOK),
        questions.turn(new, prompts.CODE),
    )


def _dead_turn(lab: Lab, name: str) -> Steps[Probe]:
    yield from ways.through(lab, Hosted(), "url/plain")
    via, old = (yield from ways.transport(lab)), lab.pictures["sheet-04"]
    premises.verify_refused(
        (yield questions.ask_code(old, DEAD[name])), f"url/failed-download-is-refused[{name}]"
    )
    return _after(old, DEAD[name], lab, via)


def _svg_turn(lab: Lab) -> Steps[Probe]:
    yield from ways.through(lab, Inline(), "base64/plain")
    old = lab.pictures["svg"]
    alone = yield questions.ask_code(old)
    if alone.status != 200 or not answers.reads(alone.reply.text, old.facts.code):
        premises.verify_refused(alone, "base64/undocumented-format[svg]")
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
    words = f"{prompts.LOOK} It is not there, because of {'its address' if dead else 'its format'}."
    picture = lab.pictures["sheet-09"]
    probe = questions.talk(
        *questions.noted_turns(words), questions.turn(questions.image(picture, via), prompts.CODE)
    )
    return (yield from reading.reads(probe, picture.facts.code))
