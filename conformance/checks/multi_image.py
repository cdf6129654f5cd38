"""Several pictures: in one message, across turns, and across requests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import answers, bills, order, reading, replies, sampling, ways
from conformance.model import (
    Ability,
    Blocked,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    ImagePart,
    Inline,
    Lab,
    Level,
    Observed,
    Part,
    Picture,
    Probe,
    Steps,
    Symptom,
    Via,
    pictures_of,
)
from conformance.registry import check

READ = (Claim.SEVERAL, Claim.READING)
ORDINALS = ("first", "second", "third")
LOOK = "Look at this picture."


#: The numbers of pictures whose order is judged. One server permutes from three on.
COUNTS = (2, 3, 5, 10, 20)
#: From here on pictures are sent at low detail.
MANY = 20
#: Answers in another order, and not half as many in the right one, that are no chance.
WRONG_ORDERS = 5
#: Pictures that were named in no answer, of which each is asked for alone.
MOST_LOST = 2
#: Seconds by which one picture comes later than the others.
SLOW = 1.0
#: Answers that are looked at until every code was named in some. A code that is read 9 times in 10
#: is missing from all of them with a probability of 1 in 10^10; one that is read 8 times in 10,
#: of 1 in 10^7.
MOST_ANSWERS = 10


def _sheets(lab: Lab, count: int) -> list[Picture]:
    """Different code sheets; for many of them those that other counts do not reach."""
    first = 9 if count <= 16 else 25 - count
    return [lab.pictures[f"sheet-{n:02}"] for n in range(first, first + count)]


def _codes(pictures: Sequence[Picture]) -> tuple[str, ...]:
    return tuple(picture.facts.code for picture in pictures)


def _shown(lab: Lab, count: int, via: Via) -> list[ImagePart]:
    """Many pictures are sent at low detail, where detail is claimed: they are large print."""
    few = count < MANY or Claim.DETAIL in lab.target.unclaimed
    return [questions.image(picture, via, ... if few else "low") for picture in _sheets(lab, count)]


def _all_read(probe: Probe, wanted: Sequence[str]) -> Steps[Exchange]:
    """Every code must be named in some answer."""
    expected = f"every one of {', '.join(wanted)}"
    accepts = reading.gathers(wanted, set())
    for sample in range(MOST_ANSWERS):
        exchange = yield from reading.until(replace(probe, sample=sample), lambda _: True, expected)
        if accepts(exchange.reply.text):
            return exchange
    actual = f"{replies.told(exchange)}, and no better in {MOST_ANSWERS} attempts"
    raise Failed(actual, symptom=reading.unread(exchange), expected=expected)


# ---------------------------------------------------------------- the order


def _mentions(words: str, wanted: Sequence[str]) -> list[str]:
    """The wanted codes in the order of an answer, each once. A misread code is not among them.

    By their first mention, or by their last where that is as it should be: some models talk about
    the pictures before they list them.
    """
    named = [code for code in answers.codes_in(words) if code in wanted]
    last = list(dict.fromkeys(named[::-1]))[::-1]
    return last if _is_sorted(last, wanted) else list(dict.fromkeys(named))


def _is_sorted(found: Sequence[str], wanted: Sequence[str]) -> bool:
    return list(found) == [code for code in wanted if code in found]


def _is_settled(followed: set[tuple[str, str]], wanted: Sequence[str], left_out: int) -> bool:
    """Whether each code was seen before the next, at most so many left out."""
    kept = [code for code in wanted if any(code in pair for pair in followed)]
    return len(wanted) - len(kept) <= left_out and followed.issuperset(pairwise(kept))


def _kept(probe: Probe, wanted: Sequence[str], by: str = "") -> Steps[Observed]:
    """The codes must be named in this order; several answers may show it together.

    What counts against it is a code of these pictures in the place of another: a misread code is
    no such thing, it only leaves less to go by. Raises Blocked by ``by``, or else Failed, where
    too few codes are named to tell.
    """
    expected = f"the order {', '.join(wanted)}"
    followed: set[tuple[str, str]] = set()
    wrong: list[str] = []
    named: set[str] = set()
    right = 0
    for sample in range(MOST_ANSWERS):
        exchange = yield replace(probe, sample=sample)
        found = _mentions(_words(exchange, expected, by), wanted)
        named.update(found)
        if _is_sorted(found, wanted):
            followed |= set(combinations(found, 2))
            right += len(found) >= max(2, 0.9 * len(wanted))
        else:
            wrong.append(f"{order.describe_order(wanted, found)}: {replies.told(exchange)}")
        if _is_settled(followed, wanted, 0):
            return Observed(expected=expected, actual=replies.told(exchange))
        is_always = len(wrong) >= WRONG_ORDERS and 2 * right < len(wrong)
        if is_always or sampling.settled(0, len(wrong)) is False:
            raise Failed(
                f"{wrong[-1]}, and so in {len(wrong)} attempts",
                symptom=Symptom.ORDER,
                expected=expected,
            )
    yield from _verify_none_is_lost(exchange, named, expected)
    # One code may be hard to read; of four or more, one in four may be left out.
    if 2 * len(wrong) < MOST_ANSWERS and _is_settled(followed, wanted, len(wanted) // 4):
        return Observed(expected=expected, actual=replies.told(exchange), about=exchange)
    few = f"in {MOST_ANSWERS} attempts not every picture was read: {replies.told(exchange)}"
    if by:
        raise Blocked(by, few)
    raise Failed(few, symptom=Symptom.NOT_READ, expected=expected, about=exchange)


def _verify_none_is_lost(last: Exchange, named: Collection[str], expected: str) -> Steps[None]:
    """Raises Failed where a picture that is read alone was named in no answer at all."""
    parts = (part for each in last.probe.turns for part in each.parts)
    shown = {p.picture.facts.code: p for p in parts if isinstance(p, ImagePart) and p.picture}
    lost = [code for code in shown if code not in named]
    for code in lost[:MOST_LOST]:
        part = shown[code]
        try:
            yield from reading.reads(questions.ask(part, prompts.CODE), code)
        except Failed:
            continue
        actual = f"{code} in none of {MOST_ANSWERS} answers, though it is read alone"
        raise Failed(actual, symptom=Symptom.NOT_READ, expected=expected, about=last)


def _words(exchange: Exchange, expected: str, by: str) -> str:
    try:
        return replies.answered(exchange, expected)
    except Failed as failed:
        raise Blocked(by, failed.actual) if by else failed from None


@check(Level.MUST, spec=sources.IMAGE_INPUT, over=COUNTS, needs=READ, guess=codes.GUESS)
def every_picture_is_seen(lab: Lab, count: int) -> Dialogue:
    """Every one of several pictures in a message is read."""
    via = yield from ways.transport(lab)
    probe = questions.ask(*_shown(lab, count, via), prompts.CODES)
    exchange = yield from _all_read(probe, _codes(_sheets(lab, count)))
    return Observed(expected=f"{count} codes", actual=replies.told(exchange))


@check(Level.MUST, spec=sources.IMAGE_INPUT, over=COUNTS, needs=READ, guess=codes.GUESS)
def order_is_kept(lab: Lab, count: int) -> Dialogue:
    """Several pictures in a message are seen in the order in which they were sent."""
    via = yield from ways.transport(lab)
    probe = questions.ask(*_shown(lab, count, via), prompts.CODES)
    by = f"multi-image/every-picture-is-seen[{count}]"
    return (yield from _kept(probe, _codes(_sheets(lab, count)), by))


@check(Level.MUST, spec=sources.REQUEST, over=COUNTS[1:], needs=READ, guess=codes.GUESS)
def order_is_kept_across_turns(lab: Lab, count: int) -> Dialogue:
    """Pictures sent one per turn are all seen, in the order of the turns."""
    via = yield from ways.transport(lab)
    yield from _sees_earlier_turns(lab, via)
    turns = [
        part
        for shown in _shown(lab, count, via)
        for part in (questions.turn(shown, LOOK), questions.turn(prompts.NOTED, role="assistant"))
    ]
    probe = questions.talk(*turns, questions.turn(prompts.CODES))
    return (yield from _kept(probe, _codes(_sheets(lab, count))))


def _sees_earlier_turns(lab: Lab, via: Via) -> Steps[None]:
    picture = lab.pictures["sheet-19"]
    try:
        yield from reading.reads(_in_an_earlier_turn(picture, via), picture.facts.code)
    except Failed as failed:
        raise Blocked("multi-image/earlier-turn-is-seen", failed.actual) from None


def _in_an_earlier_turn(picture: Picture, via: Via) -> Probe:
    noted = questions.turn(prompts.NOTED, role="assistant")
    return questions.talk(
        questions.turn(questions.image(picture, via), LOOK), noted, questions.turn(prompts.CODE)
    )


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    needs=READ,
    abilities=(Ability.CHOOSE,),
    guess=3 * codes.GUESS,
)
def repeated_picture_keeps_its_place(lab: Lab) -> Dialogue:
    """Of four pictures, the third like the first, the third is seen in its place."""
    via = yield from ways.transport(lab)
    first, second, other = _sheets(lab, 3)
    four = [questions.image(picture, via) for picture in (first, second, first, other)]
    return (yield from _names(questions.ask(*four, prompts.NTH.format("third")), first.facts.code))


@check(Level.MUST, spec=sources.IMAGE_COST, needs=(Claim.SEVERAL, Claim.USAGE))
def same_picture_twice_costs_twice(lab: Lab) -> Dialogue:
    """The same picture sent twice in a message costs twice what it costs once."""
    via = yield from ways.transport(lab)
    part = questions.image(lab.pictures["size-512x512"], via)
    return (yield from bills.costs_the_sum([part, part]))


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
    pictures = dict(zip("BCA", _sheets(lab, 3), strict=True))
    parts: list[Part | str] = []
    for name, picture in pictures.items():
        parts += [f"Picture {name}:", questions.image(picture, via)]
    probe = questions.ask(*parts, prompts.LABELLED.format(label))
    return (yield from _names(probe, pictures[label].facts.code))


def _names(probe: Probe, code: str) -> Steps[Observed]:
    """The code of one picture must be named, and no other: see ``picks``."""
    return (yield from reading.picks(probe, code, _codes(pictures_of(probe))))


@check(
    Level.MUST, spec=sources.IMAGE_INPUT, over=("before", "after"), needs=READ, guess=codes.GUESS
)
def question_before_or_after(lab: Lab, place: str) -> Dialogue:
    """Pictures are seen whether the question stands before or after them."""
    via = yield from ways.transport(lab)
    pictures = _sheets(lab, 2)
    parts: list[Part | str] = [questions.image(p, via) for p in pictures]
    at = 0 if place == "before" else len(parts)
    parts.insert(at, prompts.CODES)
    exchange = yield from _all_read(questions.ask(*parts), _codes(pictures))
    return Observed(expected="two codes", actual=replies.told(exchange))


@check(
    Level.MUST,
    spec=sources.IMAGE_INPUT,
    needs=(*READ, Claim.URL, Claim.DATA_URL),
    guess=codes.GUESS,
)
def url_and_base64_mix(lab: Lab) -> Dialogue:
    """Pictures by URL and pictures as data URLs in one message are all read in order."""
    yield from ways.through(lab, Inline(), "base64/plain")
    yield from ways.through(lab, Hosted(), "url/plain")
    pictures = _sheets(lab, 4)
    vias: list[Via] = [Inline(), Hosted(), Inline(), Hosted()]
    parts = [questions.image(p, via) for p, via in zip(pictures, vias, strict=True)]
    wanted = _codes(pictures)
    return (yield from _kept(questions.ask(*parts, prompts.CODES), wanted))


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=(*READ, Claim.URL), guess=codes.GUESS)
def slow_picture_keeps_its_place(lab: Lab) -> Dialogue:
    """Of several pictures by URL the first keeps its place although its host is the slowest."""
    yield from ways.through(lab, Hosted(), "url/plain")
    pictures = _sheets(lab, 3)
    vias = [Hosted(path=f"{n}.png", first_byte=0 if n else SLOW) for n in range(3)]
    try:
        yield from reading.reads(questions.ask_code(pictures[0], vias[0]), pictures[0].facts.code)
    except Failed as failed:
        raise Blocked("url/slow-host-is-waited-for", failed.actual) from None
    parts = [questions.image(p, via) for p, via in zip(pictures, vias, strict=True)]
    by = "multi-image/every-picture-is-seen[3]"
    return (yield from _kept(questions.ask(*parts, prompts.CODES), _codes(pictures), by))


@check(Level.MUST, spec=sources.REQUEST, needs=(Claim.READING,), guess=codes.GUESS)
def earlier_turn_is_seen(lab: Lab) -> Dialogue:
    """A picture in an earlier turn is still seen."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-19"]
    probe = _in_an_earlier_turn(picture, via)
    return (yield from reading.reads(probe, picture.facts.code))


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=ORDINALS,
    needs=READ,
    abilities=(Ability.CHOOSE,),
    guess=3 * codes.GUESS,
)
def each_turn_keeps_its_picture(lab: Lab, ordinal: str) -> Dialogue:
    """With one picture per turn, each is seen in the turn in which it was sent."""
    via = yield from ways.transport(lab)
    pictures = _sheets(lab, 3)
    turns = []
    for name, picture in zip(ORDINALS, pictures, strict=True):
        turns += [
            questions.turn(questions.image(picture, via), f"This is the {name} picture."),
            questions.turn(prompts.NOTED, role="assistant"),
        ]
    probe = questions.talk(*turns, questions.turn(prompts.NTH.format(ordinal)))
    return (yield from _names(probe, pictures[ORDINALS.index(ordinal)].facts.code))


@check(Level.MUST, spec=sources.REQUEST, needs=(Claim.READING,), guess=codes.GUESS)
def nothing_is_remembered(lab: Lab) -> Dialogue:
    """A request without a picture knows nothing of the picture in the request before it."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-20"]
    yield from reading.reads(
        questions.ask(questions.image(picture, via), prompts.NO_PICTURE), picture.facts.code
    )
    exchange = yield questions.ask(prompts.NO_PICTURE)
    expected = "an answer without the code of an earlier picture"
    words = replies.answered(exchange, expected)
    # Requests overlap: what is remembered may be the picture of any of them.
    earlier = {p.facts.code for p in lab.pictures.values()} & set(answers.codes_in(words))
    if earlier:
        raise Failed(
            f"the code of another request: {replies.quote(words)}",
            symptom=Symptom.ANOTHERS,
            expected=expected,
            hint="replies or pictures are kept between requests; other users may see them",
        )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.MUST, spec=sources.REQUEST, needs=(Claim.READING,), guess=codes.GUESS)
def next_picture_is_seen_afresh(lab: Lab) -> Dialogue:
    """The same question about another picture, asked next, is answered from that picture."""
    via = yield from ways.transport(lab)
    for name in ("sheet-21", "sheet-22", "sheet-23"):
        picture = lab.pictures[name]
        observed = yield from reading.reads(questions.ask_code(picture, via), picture.facts.code)
    return observed


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
    return (yield from _names(probe, shared))


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
    pictures = _sheets(lab, 5)
    parts: list[Part | str] = ["Here are some pictures."]
    for n, picture in enumerate(pictures, 1):
        parts += ["Picture A:"] if n == place else []
        parts += [questions.image(picture, via)]
        parts += ["Here are more pictures."] if n == place else []
    probe = questions.ask(*parts, prompts.LABELLED.format("A"))
    return (yield from _names(probe, pictures[place - 1].facts.code))
