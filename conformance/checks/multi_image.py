"""Several pictures: in one message, across turns, and across requests."""

from __future__ import annotations

from collections.abc import Sequence

from conformance import answers, prompts
from conformance.codes import GUESS
from conformance.dialogue import (
    Steps,
    answered,
    ask,
    ask_code,
    cost,
    gathers,
    image,
    quote,
    reads,
    talk,
    through,
    told,
    transport,
    turn,
    until,
)
from conformance.model import (
    Blocked,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    Inline,
    Lab,
    Level,
    Observed,
    Part,
    Picture,
    Probe,
    Via,
)
from conformance.order import describe_order
from conformance.registry import check
from conformance.sources import IMAGE_COST, IMAGE_INPUT, REQUEST

READ = (Claim.SEVERAL, Claim.READING)
ORDINALS = ("first", "second", "third")


def _sheets(lab: Lab, count: int) -> list[Picture]:
    return [lab.pictures[f"sheet-{n:02}"] for n in range(9, 9 + count)]


def _codes(pictures: Sequence[Picture]) -> tuple[str, ...]:
    return tuple(picture.facts.code for picture in pictures)


def _list_codes(pictures: Sequence[Picture], via: Via) -> Probe:
    return ask(*(image(p, via) for p in pictures), prompts.CODES)


def _all_read(probe: Probe, wanted: Sequence[str]) -> Steps[Exchange]:
    expected = f"every one of {', '.join(wanted)}"
    return until(probe, gathers(wanted, set()), expected)


def _in_order(words: str, wanted: Sequence[str]) -> bool:
    """The wanted codes in order; of four or more, one in four may be misread."""
    found = [code for code in answers.codes_in(words) if code in wanted]
    kept = [code for code in wanted if code in found]
    return found == kept and len(wanted) - len(kept) <= len(wanted) // 4


@check(Level.MUST, spec=IMAGE_INPUT, over=(2, 3, 5, 10), needs=READ, guess=GUESS)
def every_picture_is_seen(lab: Lab, count: int) -> Dialogue:
    """Every one of several pictures in a message is read."""
    via = yield from transport(lab)
    pictures = _sheets(lab, count)
    exchange = yield from _all_read(_list_codes(pictures, via), _codes(pictures))
    return Observed(expected=f"{count} codes", actual=told(exchange))


@check(Level.MUST, spec=IMAGE_INPUT, over=(2, 3, 5, 10), needs=READ, guess=GUESS)
def order_is_kept(lab: Lab, count: int) -> Dialogue:
    """Several pictures in a message are seen in the order in which they were sent."""
    via = yield from transport(lab)
    pictures = _sheets(lab, count)
    wanted = _codes(pictures)
    probe = _list_codes(pictures, via)
    try:
        exchange = yield from until(
            probe, lambda w: _in_order(w, wanted), f"the order {', '.join(wanted)}"
        )
    except Failed as failed:
        exchange = yield probe
        seen = answers.codes_in(exchange.reply.text)
        if not set(wanted) <= set(seen):
            by = f"multi-image/every-picture-is-seen[{count}]"
            raise Blocked(by, f"not every picture was read: {told(exchange)}") from None
        raise Failed(
            f"{describe_order(wanted, seen)}: {failed.actual}", expected=failed.expected
        ) from None
    return Observed(expected=f"the order {', '.join(wanted)}", actual=told(exchange))


@check(Level.MUST, spec=IMAGE_COST, needs=(Claim.SEVERAL, Claim.USAGE))
def same_picture_twice_costs_twice(lab: Lab) -> Dialogue:
    """The same picture sent twice in a message costs twice what it costs once."""
    via = yield from transport(lab)
    part = image(lab.pictures["size-512x512"], via)
    bare = yield from cost(ask(prompts.CODE))
    once = yield from cost(ask(part, prompts.CODE))
    twice = yield from cost(ask(part, part, prompts.CODE))
    first, second = once - bare, twice - once
    expected = f"about {first} more prompt tokens for the second as for the first"
    # Some dialects put a separator or two around every picture.
    if abs(second - first) > max(4, first // 20):
        raise Failed(f"{second} more prompt tokens", expected=expected)
    return Observed(expected=expected, actual=f"{second} more prompt tokens")


@check(Level.MUST, spec=IMAGE_INPUT, over=("A", "B", "C"), needs=READ, guess=3 * GUESS)
def text_between_pictures_keeps_its_place(lab: Lab, label: str) -> Dialogue:
    """A label written before a picture belongs to the picture that follows it."""
    via = yield from transport(lab)
    pictures = dict(zip("BCA", _sheets(lab, 3), strict=True))
    parts: list[Part | str] = []
    for name, picture in pictures.items():
        parts += [f"Picture {name}:", image(picture, via)]
    probe = ask(*parts, prompts.LABELLED.format(label))
    return (yield from _names(probe, pictures[label].facts.code))


def _names(probe: Probe, code: str) -> Steps[Observed]:
    def accepts(words: str) -> bool:
        return answers.codes_in(words)[-1:] == (code,)

    exchange = yield from until(probe, accepts, f"the code {code} and no other")
    return Observed(expected=f"the code {code}", actual=told(exchange))


@check(Level.MUST, spec=IMAGE_INPUT, over=("before", "after"), needs=READ, guess=GUESS)
def question_before_or_after(lab: Lab, place: str) -> Dialogue:
    """Pictures are seen whether the question stands before or after them."""
    via = yield from transport(lab)
    pictures = _sheets(lab, 2)
    parts: list[Part | str] = [image(p, via) for p in pictures]
    at = 0 if place == "before" else len(parts)
    parts.insert(at, prompts.CODES)
    exchange = yield from _all_read(ask(*parts), _codes(pictures))
    return Observed(expected="two codes", actual=told(exchange))


@check(Level.MUST, spec=IMAGE_INPUT, needs=(*READ, Claim.URL, Claim.DATA_URL), guess=GUESS)
def url_and_base64_mix(lab: Lab) -> Dialogue:
    """Pictures by URL and pictures as data URLs in one message are all read in order."""
    yield from through(lab, Inline(), "base64/plain")
    yield from through(lab, Hosted(), "url/plain")
    pictures = _sheets(lab, 4)
    ways: list[Via] = [Inline(), Hosted(), Inline(), Hosted()]
    parts = [image(p, via) for p, via in zip(pictures, ways, strict=True)]
    wanted = _codes(pictures)
    expected = f"the order {', '.join(wanted)}"
    probe = ask(*parts, prompts.CODES)
    exchange = yield from until(probe, lambda w: _in_order(w, wanted), expected)
    return Observed(expected=expected, actual=told(exchange))


@check(Level.MUST, spec=REQUEST, needs=(Claim.READING,), guess=GUESS)
def earlier_turn_is_seen(lab: Lab) -> Dialogue:
    """A picture in an earlier turn is still seen."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-19"]
    probe = talk(
        turn(image(picture, via), "Look at this picture."),
        turn(prompts.NOTED, role="assistant"),
        turn(prompts.CODE),
    )
    return (yield from reads(probe, picture.facts.code))


@check(Level.MUST, spec=REQUEST, over=ORDINALS, needs=READ, guess=3 * GUESS)
def each_turn_keeps_its_picture(lab: Lab, ordinal: str) -> Dialogue:
    """With one picture per turn, each is seen in the turn in which it was sent."""
    via = yield from transport(lab)
    pictures = _sheets(lab, 3)
    turns = []
    for name, picture in zip(ORDINALS, pictures, strict=True):
        turns += [
            turn(image(picture, via), f"This is the {name} picture."),
            turn(prompts.NOTED, role="assistant"),
        ]
    probe = talk(*turns, turn(prompts.NTH.format(ordinal)))
    return (yield from _names(probe, pictures[ORDINALS.index(ordinal)].facts.code))


@check(Level.MUST, spec=REQUEST, needs=(Claim.READING,), guess=GUESS)
def nothing_is_remembered(lab: Lab) -> Dialogue:
    """A request without a picture knows nothing of the picture in the request before it."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-20"]
    yield from reads(ask(image(picture, via), prompts.NO_PICTURE), picture.facts.code)
    exchange = yield ask(prompts.NO_PICTURE)
    expected = "an answer without the code of an earlier picture"
    words = answered(exchange, expected)
    # Requests overlap: what is remembered may be the picture of any of them.
    earlier = {p.facts.code for p in lab.pictures.values()} & set(answers.codes_in(words))
    if earlier:
        raise Failed(
            f"the code of another request: {quote(words)}",
            expected=expected,
            hint="replies or pictures are kept between requests; other users may see them",
        )
    return Observed(expected=expected, actual=told(exchange))


@check(Level.MUST, spec=REQUEST, needs=(Claim.READING,), guess=GUESS)
def next_picture_is_seen_afresh(lab: Lab) -> Dialogue:
    """The same question about another picture, asked next, is answered from that picture."""
    via = yield from transport(lab)
    for name in ("sheet-21", "sheet-22", "sheet-23"):
        picture = lab.pictures[name]
        observed = yield from reads(ask_code(picture, via), picture.facts.code)
    return observed


@check(Level.SHOULD, spec=IMAGE_INPUT, needs=READ, guess=4 * GUESS)
def pictures_are_compared(lab: Lab) -> Dialogue:
    """Two pictures are compared: what appears in both is found."""
    via = yield from transport(lab)
    first, second = lab.pictures["corners-1"], lab.pictures["corners-2"]
    shared = next(iter(set(first.facts.corners) & set(second.facts.corners)))
    probe = ask(image(first, via), image(second, via), prompts.SHARED)
    return (yield from _names(probe, shared))
