"""What several answers about several pictures come to: every code, and the order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

from conformance.asking import prompts, questions
from conformance.judging import answers, order, reading, replies, sampling
from conformance.model import Blocked, Exchange, Failed, ImagePart, Observed, Probe, Steps, Symptom

#: Answers in another order, and not half as many in the right one, that are no chance.
WRONG_ORDERS = 5
#: Pictures that were named in no answer, of which each is asked for alone.
MOST_LOST = 2
#: Answers that are looked at until every code was named in some. A code that is read 9 times in 10
#: is missing from all of them with a probability of 1 in 10^10; one that is read 8 times in 10,
#: of 1 in 10^7.
MOST_ANSWERS = 10


def all_read(probe: Probe, wanted: Sequence[str]) -> Steps[Exchange]:
    """Every code must be named in some answer."""
    expected = f"every one of {', '.join(wanted)}"
    accepts = reading.gathers(wanted, set())
    for sample in range(MOST_ANSWERS):
        exchange = yield from reading.until(replace(probe, sample=sample), lambda _: True, expected)
        if accepts(exchange.reply.text):
            return exchange
    actual = f"{replies.told(exchange)}, and no better in {MOST_ANSWERS} attempts"
    raise Failed(actual, symptom=reading.unread(exchange), expected=expected)


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


@dataclass(slots=True, kw_only=True)
class _Answers:
    """What the answers so far have shown of the order of the wanted codes."""

    wanted: Sequence[str]
    #: Every code that was named in some answer.
    named: set[str] = field(default_factory=set)
    #: Pairs of codes that were named one before the other, in answers that are in order.
    followed: set[tuple[str, str]] = field(default_factory=set)
    #: Answers that are in order and nearly whole.
    right: int = 0
    #: What was told in answers of another order.
    wrong: list[str] = field(default_factory=list)

    def add(self, words: str, told: str) -> None:
        found = _mentions(words, self.wanted)
        self.named.update(found)
        if _is_sorted(found, self.wanted):
            self.followed |= set(combinations(found, 2))
            self.right += len(found) >= max(2, 0.9 * len(self.wanted))
        else:
            self.wrong.append(f"{order.describe_order(self.wanted, found)}: {told}")

    def is_settled(self, left_out: int = 0) -> bool:
        """Whether each code was seen before the next, at most so many left out."""
        kept = [code for code in self.wanted if any(code in pair for pair in self.followed)]
        is_whole = len(self.wanted) - len(kept) <= left_out
        return is_whole and self.followed.issuperset(pairwise(kept))

    @property
    def is_another(self) -> bool:
        """Whether another order is no chance any more."""
        count = len(self.wrong)
        is_always = count >= WRONG_ORDERS and 2 * self.right < count
        return is_always or sampling.settled(0, count) is False


def kept(probe: Probe, wanted: Sequence[str], by: str = "") -> Steps[Observed]:
    """The codes must be named in this order; several answers may show it together.

    What counts against it is a code of these pictures in the place of another: a misread code is
    no such thing, it only leaves less to go by. Raises Blocked by ``by``, or else Failed, where
    too few codes are named to tell.
    """
    expected = f"the order {', '.join(wanted)}"
    so_far = _Answers(wanted=wanted)
    for sample in range(MOST_ANSWERS):
        exchange = yield replace(probe, sample=sample)
        so_far.add(_words(exchange, expected, by), replies.told(exchange))
        if so_far.is_settled():
            return Observed(expected=expected, actual=replies.told(exchange))
        if so_far.is_another:
            actual = f"{so_far.wrong[-1]}, and so in {len(so_far.wrong)} attempts"
            raise Failed(actual, symptom=Symptom.ORDER, expected=expected)
    yield from _verify_none_is_lost(exchange, so_far.named, expected)
    # One code may be hard to read; of four or more, one in four may be left out.
    if 2 * len(so_far.wrong) < MOST_ANSWERS and so_far.is_settled(len(wanted) // 4):
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
