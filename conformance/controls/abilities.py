"""What the model behind an endpoint can do: one control for each ability, asked once a run.

A control asks in the plainest way there is, so that no defect under test can spoil it: words
alone for what is about words, one picture alone, by whichever way it is seen, for what is about
looking. What its model cannot do even so is not held against an endpoint.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial

from conformance.asking import prompts
from conformance.asking.questions import ask, ask_code, image
from conformance.drawing import codes, variants
from conformance.judging import answers
from conformance.judging.reading import gathers, reads, until, until_reply
from conformance.judging.replies import answered, member, told
from conformance.judging.scripts import SCRIPTS, names, spelled
from conformance.judging.ways import WAYS, transport, working
from conformance.model import (
    Ability,
    Able,
    Blocked,
    Case,
    Check,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Finding,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Picture,
    Probe,
    Reason,
    Source,
    Steps,
    Symptom,
    Verdict,
    Via,
)
from conformance.wire.jsontext import NotJson, items_at, parse, text_at

#: Height in pixels of small print: the first line of the charts that is finer than what is judged.
SMALL = 22
#: Characters of an answer that is long: no output limit under test leaves so many.
LONG = 300
#: Less common encodings of the documented formats, and what they are written in.
ENCODINGS: dict[str, Claim] = {
    "png-rgba": Claim.PNG,
    "png-palette": Claim.PNG,
    "png-palette-transparent": Claim.PNG,
    "png-grey": Claim.PNG,
    "png-16bit": Claim.PNG,
    "png-interlaced": Claim.PNG,
    "jpeg-progressive": Claim.JPEG,
    "jpeg-grey": Claim.JPEG,
    "jpeg-cmyk": Claim.JPEG,
    "jpeg-icc": Claim.JPEG,
    "webp-lossless": Claim.WEBP,
    "webp-alpha": Claim.WEBP,
}
#: In the order of Facts.corners.
CORNERS = ("top left", "top right", "bottom left", "bottom right")
#: Where the four corners of a square go when it is turned or mirrored, as indices into CORNERS.
MOVES = frozenset(
    {
        (0, 1, 2, 3), (1, 3, 0, 2), (3, 2, 1, 0), (2, 0, 3, 1),
        (1, 0, 3, 2), (2, 3, 0, 1), (0, 2, 1, 3), (3, 1, 2, 0),
    }
)  # fmt: skip
OURS = Source(title="what the model can do", url="")


def _ways(lab: Lab) -> Steps[list[Via]]:
    """Every way that pictures get through. Raises Blocked where there is none."""
    found: list[Via] = []
    for claim, _, plain in WAYS:
        if claim not in lab.target.unclaimed:
            via = yield from working(lab, plain)
            found += [via] if via is not None else []
    if not found:
        raise Blocked(WAYS[0][1], "no picture gets through")
    return found


def _in_any_way(lab: Lab, asked: Callable[[Via], Steps[Observed]]) -> Steps[Observed]:
    """What is asked must be met in one of the ways that pictures get through."""
    ways = yield from _ways(lab)
    for via in ways[:-1]:
        try:
            return (yield from asked(via))
        except Failed:
            continue
    return (yield from asked(ways[-1]))


# ---------------------------------------------------------------- looking


def _colours(lab: Lab) -> Dialogue:
    """This model names colours."""
    grid = lab.pictures["grid-1"]
    wanted = grid.facts.colours

    def asked(via: Via) -> Steps[Observed]:
        probe = ask(image(grid, via), prompts.COLOURS)
        return _accepted(probe, lambda w: answers.colours_in(w) == wanted, ", ".join(wanted))

    return (yield from _in_any_way(lab, asked))


def _count(lab: Lab) -> Dialogue:
    """This model counts discs."""
    rows = lab.pictures["tally-1"]
    wanted = rows.facts.tally

    def asked(via: Via) -> Steps[Observed]:
        probe, expected = ask(image(rows, via), prompts.TALLY), ", ".join(map(str, wanted))
        return _accepted(probe, lambda w: answers.numbers_in(w) == wanted, expected)

    return (yield from _in_any_way(lab, asked))


def _place(lab: Lab) -> Dialogue:
    """This model finds what is in a corner."""
    via = yield from transport(lab)
    found: list[tuple[int, ...]] = []
    for name in ("corners-1", "corners-2"):
        # On a larger page: what is cut off on the way are its margins, and nothing else.
        picture = variants.framed(lab.pictures[name])
        named: list[int] = []
        for corner in CORNERS:
            code, exchange = yield from _corner(picture, via, corner)
            named.append(code)
        found.append(tuple(named))
    # Turned or mirrored on the way it is found where it was put, all the same.
    expected = "four corners told apart, twice in the same way"
    actual = f"it names corners {', '.join(map(str, found))}"
    if found[0] not in MOVES or found[0] != found[1]:
        raise Failed(actual, symptom=Symptom.ORDER, expected=expected, about=exchange)
    return Observed(expected=expected, actual=actual, about=exchange)


def _corner(picture: Picture, via: Via, corner: str) -> Steps[tuple[int, Exchange]]:
    """Which corner's code is named for this one, by its index; -1 where not one of them is."""
    corners = picture.facts.corners
    probe = ask(image(picture, via), prompts.CORNER.format(corner))
    named: set[str] = set()

    def accepts(words: str) -> bool:
        named.clear()
        named.update(set(answers.codes_in(words)) & set(corners))
        return len(named) == 1

    try:
        exchange = yield from until(probe, accepts, "one code")
    except Failed as failed:
        if failed.about is None or failed.symptom is Symptom.REFUSED:
            raise
        return -1, failed.about
    return corners.index(named.pop()), exchange


def _small_print(lab: Lab) -> Dialogue:
    """This model reads small print in a small picture or in a large one."""
    try:
        return (yield from _legible(lab, "acuity-small", SMALL))
    except Failed:
        return (yield from _legible(lab, "acuity-png", SMALL))


def _legible(lab: Lab, chart: str, height: int) -> Steps[Observed]:
    """The chart's lines of this height in pixels, or more, must all be read."""
    picture = lab.pictures[chart]
    wanted = [p.code for p in picture.facts.prints if p.height >= height]
    expected = f"lines of print down to {height} px"
    detail = ... if Claim.DETAIL in lab.target.unclaimed else "high"

    def asked(via: Via) -> Steps[Observed]:
        probe = ask(image(picture, via, detail), prompts.CHART)
        return _accepted(probe, gathers(wanted, set()), expected)

    return (yield from _in_any_way(lab, asked))


def _faint_print(lab: Lab) -> Dialogue:
    """This model reads large print in weak contrast and in hue alone."""
    for ink in (variants.FAINT, variants.HUE):
        sheet = variants.inked(lab.pictures["sheet-01"], ink)
        seen = yield from _in_any_way(lab, _reading(sheet))
    return seen


def _edges(lab: Lab) -> Dialogue:
    """This model reads what stands at the very edge."""
    edges = lab.pictures["edges-1"]

    def asked(via: Via) -> Steps[Observed]:
        wanted = edges.facts.corners
        return _accepted(ask(image(edges, via), prompts.EDGES), gathers(wanted, set()), "4 codes")

    return (yield from _in_any_way(lab, asked))


def _encodings(lab: Lab) -> Dialogue:
    """This model is shown less common encodings in a way that leaves them legible."""
    claimed = [name for name, claim in ENCODINGS.items() if claim not in lab.target.unclaimed]
    if not claimed:
        raise NotApplicable("none of these formats is claimed", why=Reason.UNCLAIMED)
    lost: list[str] = []
    for name in claimed:
        try:
            seen = yield from _in_any_way(lab, _reading(lab.pictures[name]))
        except Failed as failed:
            lost.append(name)
            about = failed.about
    if lost:
        expected = f"{len(claimed)} encodings"
        actual = f"it does not read {', '.join(lost)}"
        raise Failed(actual, symptom=Symptom.NOT_READ, expected=expected, about=about)
    return Observed(expected=seen.expected, actual=f"all {len(claimed)}", about=seen.about)


def _reading(picture: Picture) -> Callable[[Via], Steps[Observed]]:
    return lambda via: reads(ask_code(picture, via), picture.facts.code)


# ---------------------------------------------------------------- words

#: Two codes that are said and not shown.
SPOKEN = tuple(codes.draw(random.Random(name)) for name in ("one", "other"))


def _words(_: Lab) -> Dialogue:
    """This model repeats words of the request."""
    asked = f"{prompts.REFERENCE.format(SPOKEN[0])} {prompts.ASK_REFERENCE}"
    return (yield from _accepted(ask(asked), lambda w: SPOKEN[0] in answers.codes_in(w), SPOKEN[0]))


def _scripts(_: Lab) -> Dialogue:
    """This model repeats words in Chinese characters and in emoji, and understands Chinese."""
    for script in SCRIPTS:
        word = spelled(SPOKEN[0], script)
        probe = ask(f"{prompts.REFERENCE.format(word)} {prompts.ASK_REFERENCE}")
        yield from _accepted(probe, partial(names, word=word, script=script), word)
    asked = ask(prompts.GIVEN_IN_CHINESE.format(SPOKEN[0]))
    return (yield from _accepted(asked, lambda w: SPOKEN[0] in answers.codes_in(w), SPOKEN[0]))


#: Labels, rounds of questions for each, and how many answers must be right: of a model that picks
#: one of the four at random, 4 in 10,000 are.
LABELS, ROUNDS, RIGHT = "ABCD", 2, 7


def _choose(_: Lab) -> Dialogue:
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


def _length(_: Lab) -> Dialogue:
    """This model writes at length."""
    probe = ask(prompts.LONG)
    return (yield from _accepted(probe, lambda w: len(w) >= LONG, f"{LONG} characters or more"))


def _form(_: Lab) -> Dialogue:
    """This model keeps to JSON where it is asked to."""
    words = f"The code is {SPOKEN[0]}. Reply in JSON, as an object with the member code."
    probe = ask(words, response_format={"type": "json_object"})
    return (yield from _accepted(probe, _is_object, "a JSON object"))


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


def _tool(_: Lab) -> Dialogue:
    """This model calls a tool where it must."""
    choice = {"type": "function", "function": {"name": "note_code"}}
    probe = ask(f"Note the code {SPOKEN[0]}.", tools=[TOOL], tool_choice=choice)

    def accepts(exchange: Exchange) -> bool:
        answered(exchange, "a call")
        calls = items_at(member(exchange, "choices"), 0, "message", "tool_calls")
        return any(SPOKEN[0] in text_at(call, "function", "arguments") for call in calls)

    exchange = yield from until_reply(probe, accepts, "a call", Symptom.MALFORMED)
    return Observed(expected="a call", actual="called", about=exchange)


def _accepted(probe: Probe, accepts: Callable[[str], bool], expected: str) -> Steps[Observed]:
    exchange = yield from until(probe, accepts, expected)
    return Observed(expected=expected, actual=told(exchange), about=exchange)


CONTROLS: dict[Ability, Callable[[Lab], Dialogue]] = {
    Ability.COLOURS: _colours,
    Ability.COUNT: _count,
    Ability.PLACE: _place,
    Ability.CHOOSE: _choose,
    Ability.SMALL_PRINT: _small_print,
    Ability.FAINT_PRINT: _faint_print,
    Ability.EDGES: _edges,
    Ability.ENCODINGS: _encodings,
    Ability.WORDS: _words,
    Ability.SCRIPTS: _scripts,
    Ability.LENGTH: _length,
    Ability.FORM: _form,
    Ability.TOOL: _tool,
}


@cache
def controls() -> dict[Ability, Case]:
    """A case for each control. They are recorded and replayed as checks are, and never judged."""
    return {ability: _case(ability, control) for ability, control in CONTROLS.items()}


def _case(ability: Ability, control: Callable[[Lab], Dialogue]) -> Case:
    check = Check(
        id=f"abilities/{ability}",
        area="abilities",
        level=Level.MAY,
        requirement=" ".join((control.__doc__ or "").split()),
        spec=OURS,
        dialogue=control,
    )
    return Case(id=check.id, check=check)


_ABLE = {Verdict.PASSED: True, Verdict.FAILED: False}


def able(found: Mapping[Ability, Finding]) -> tuple[Able, ...]:
    """What the controls found, in the order of the abilities."""
    return tuple(
        Able(
            ability=ability,
            able=_ABLE.get(found[ability].verdict),
            words=f"{found[ability].case.check.requirement[:-1]}: {found[ability].actual}",
        )
        for ability in Ability
        if ability in found
    )
