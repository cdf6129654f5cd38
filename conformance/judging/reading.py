"""Judgements of answers: asked until they are right, or surely wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection

from conformance.asking.questions import redrawn
from conformance.judging import answers, sampling
from conformance.judging.replies import answered, judgeable, told
from conformance.model import (
    Ability,
    Exchange,
    Failed,
    Observed,
    Probe,
    Steps,
    Symptom,
    Unobserved,
    again,
    pictures_of,
)

#: Attempts at one drawing before others are shown. A model that reads 80 % misses all of them with
#: a probability of 2 in 1,000.
SAME_DRAWING = 4
#: What may come once by chance, where an answer is due.
_ONCE_IS_CHANCE = (Symptom.REFUSED, Symptom.ERROR_AS_ANSWER)
#: What an answer shows where its picture was misread, or did not arrive.
UNREAD = (Symptom.NOT_READ, Symptom.MADE_UP)


def unread(exchange: Exchange) -> Symptom:
    """What an answer is that does not tell what its pictures show."""
    words = exchange.reply.text
    if not words.strip() and b"tool_calls" not in exchange.body:
        return Symptom.EMPTY
    own = {code for picture in pictures_of(exchange.probe) for code in picture.facts.all_codes}
    return Symptom.MADE_UP if set(answers.codes_in(words)) - own else Symptom.NOT_READ


def _names_own(exchange: Exchange) -> bool:
    """True where an answer names the code of some picture of its request."""
    own = {picture.facts.code for picture in pictures_of(exchange.probe)} - {""}
    return bool(own.intersection(answers.codes_in(exchange.reply.text)))


def until(
    probe: Probe, accepts: Callable[[str], bool], expected: str, symptom: Symptom | None = None
) -> Steps[Exchange]:
    """Asks until an answer is accepted, or the sequential test rejects: then raises Failed.

    ``symptom`` is what a rejected answer shows; None where that is to be seen in its words.
    """

    def sees(exchange: Exchange) -> bool:
        return accepts(answered(exchange, expected))

    return until_reply(probe, sees, expected, symptom)


def until_reply(
    probe: Probe,
    accepts: Callable[[Exchange], bool],
    expected: str,
    symptom: Symptom | None = None,
) -> Steps[Exchange]:
    """The same for replies as a whole; ``accepts`` may raise Failed by itself.

    What is refused, or answered with an error, is asked again, too, though not so often. A model
    that always answers the same misreads one drawing each time; so the later attempts show others
    of the same kind, and where one of these is read, nothing is known: Unobserved.
    """
    misses = 0
    while True:
        asked = _asked(probe, misses)
        exchange = judgeable((yield again(asked, misses)))
        try:
            if accepts(exchange):
                if asked != probe:
                    raise _of_another_drawing(exchange, expected)
                return exchange
        except Failed as failed:
            if failed.symptom not in _ONCE_IS_CHANCE or misses + 1 >= sampling.REFUSALS:
                raise
        misses += 1
        if sampling.settled(0, misses) is False:
            actual = f"{told(exchange)}, and no better in {misses} attempts"
            shown = symptom or unread(exchange)
            raise Failed(actual, symptom=shown, expected=expected, about=exchange)


def _asked(probe: Probe, misses: int) -> Probe:
    """What is asked after so many misses: from some on, each time about another drawing."""
    drawing = max(0, misses - SAME_DRAWING + 1)
    return redrawn(probe, drawing) if drawing else probe


def _of_another_drawing(exchange: Exchange, expected: str) -> Unobserved:
    return Unobserved(
        f"{SAME_DRAWING} times misread; another drawing is read: {told(exchange)}",
        expected=expected,
        about=exchange,
        ability=Ability.READ,
    )


def accepted(
    probe: Probe, accepts: Callable[[str], bool], expected: str, symptom: Symptom | None = None
) -> Steps[Observed]:
    """As ``until``, and what was observed then."""
    exchange = yield from until(probe, accepts, expected, symptom)
    return Observed(expected=expected, actual=told(exchange), about=exchange)


def gathers(wanted: Collection[str], seen: set[str]) -> Callable[[str], bool]:
    """Accepts once every wanted code was named in some answer; adds what was named to ``seen``.

    One misreading among ten codes must not spoil the other nine.
    """

    def accepts(words: str) -> bool:
        seen.update(answers.codes_in(words))
        return seen.issuperset(wanted)

    return accepts


def reads(probe: Probe, code: str, symptom: Symptom | None = None) -> Steps[Observed]:
    """The answer must name the code; the code of another picture of the request is out of order."""
    expected = f"the code {code}"
    try:
        exchange = yield from until(probe, lambda w: answers.reads(w, code), expected, symptom)
    except Failed as failed:
        if failed.symptom is Symptom.NOT_READ and failed.about and _names_own(failed.about):
            failed.symptom = Symptom.ORDER
        elif failed.symptom in UNREAD and _is_misread(failed.about, code):
            raise Unobserved(
                f"it is misread, and so seen: {failed.actual}",
                expected=expected,
                about=failed.about,
                ability=Ability.READ,
            ) from None
        raise
    return Observed(expected=expected, actual=told(exchange), about=exchange)


def _is_misread(exchange: Exchange | None, code: str) -> bool:
    return exchange is not None and answers.nearly_reads(exchange.reply.text, code)


def picks(probe: Probe, code: str, all_codes: Collection[str]) -> Steps[Observed]:
    """Of several pictures that were sent, the one that was asked for must be named.

    One that names the others as well does not obey: Unobserved, for it may know them apart or not.
    """
    expected = f"the code {code} and no other"
    crowded: list[Exchange] = []

    def accepts(exchange: Exchange) -> bool:
        words = answered(exchange, expected)
        named = set(answers.codes_in(words)) & set(all_codes)
        if named == {code} or answers.codes_in(words)[-1:] == (code,):
            return True
        crowded.extend([exchange] if code in named else [])
        return False

    try:
        exchange = yield from until_reply(probe, accepts, expected, Symptom.ORDER)
    except Failed as failed:
        if crowded:
            words = f"it names several, this one among them: {told(crowded[-1])}"
            raise Unobserved(words, expected=expected, ability=Ability.CHOOSE) from None
        about = failed.about
        named = set(answers.codes_in(about.reply.text)) if about else set()
        if about and failed.symptom is Symptom.ORDER and not named & set(all_codes):
            failed.symptom = unread(about)
        raise
    return Observed(expected=f"the code {code}", actual=told(exchange), about=exchange)
