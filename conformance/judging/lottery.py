"""The lottery of back ends: when answers to equal requests show that one of them is blind."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from typing import Final, TypeAlias

from conformance.drawing import codes
from conformance.judging import answers
from conformance.judging.replies import QUOTED, answered
from conformance.model import Exchange, Hosted, ImagePart

#: Equal requests that are sent. They reach a back end that serves one in twenty with 95 %.
REPEATS: Final = 60
#: Answers without a trace of the picture from which on nothing is concluded: it is told, for a
#: model that misreads one in ten gives as many, and so does a back end in ten that is blind.
MANY_MISSES: Final = 8
#: Answers that say there is no picture, or refuse it, before they convict. One that sees says so in
#: at most 1 of 2,000 answers, and is then accused with a probability of 4 in 10,000.
DENIALS: Final = 2
#: One proof convicts: the words of the answer and its bill agree that there was no picture, or
#: another equal request is told that pictures are not supported.
#:
#: So a back end that serves one request in twenty and does not get pictures is convicted with 95 %
#: where its bill or its refusal shows it, with 81 % where it says so but is billed like the others,
#: and with 10 % where it invents codes and is billed like the others; one that serves one request
#: in five, with at least 96 %. All this is held by tests/proving/test_lottery.py.
PROOFS: Final = 1

#: Tokens: how near to the bill of the bare words that of a blind answer lies, and how much more a
#: picture must cost before that tells anything. Back ends may differ by a few in their templates.
NEAR, FAR = 16, 48
_UNSUPPORTED = re.compile(
    r"(?=.*(?:image|vision|picture|multi-?modal))(?=.*(?:support|capab|only|invalid content type))",
    re.I | re.S,
)
_DENIED = re.compile(
    r"(?:can(?:no|')t|(?:can|could|do|did)(?:n't| not)|unable to|not able to)"
    r"\s+(?:\w+\s+){0,2}(?:see|view|access|find|open|display)"
    r"\s+(?:(?:to|a|an|any|the|this|that|your|attached|uploaded)\s+){0,3}"
    r"(?:image|picture|photo|attachment)s?\b"
    r"|\bno (?:image|picture|photo|attachment)"
    r"|没有(?:看到|收到|提供)?图|看不到图|无法(?:查看|看到)图",
    re.I,
)


class Outcome(StrEnum):
    """What one of many equal requests came to."""

    SEEN = "seen"
    #: No trace of the picture in the answer.
    OTHER = "other"
    DENIED = "denied"
    PROVEN = "proven"


Tally: TypeAlias = Counter[Outcome]


def convicts(tally: Tally) -> bool:
    """Whether so many answers of each kind show a blind back end."""
    shown = tally[Outcome.PROVEN] >= PROOFS or _denials(tally) >= DENIALS
    return shown and tally[Outcome.SEEN] > 0


def missed(tally: Tally) -> int:
    return tally.total() - tally[Outcome.SEEN]


def _denials(tally: Tally) -> int:
    return tally[Outcome.DENIED] + tally[Outcome.PROVEN]


def glimpsed(words: str, code: str) -> bool:
    """Whether an answer shows that its picture was seen: the code, or half of it in its place."""
    runs = (codes.fold(run) for run in re.findall(r"[0-9A-Za-z]+", words[: answers.LIMIT]))
    near = (run for run in runs if len(run) == codes.LENGTH)
    return answers.reads(words, code) or any(codes.distance(run, code) <= 3 for run in near)


def counted(tally: Tally) -> str:
    return f"{missed(tally)} of {tally.total()} answers did not come from the picture"


def billed(exchange: Exchange) -> int:
    """The prompt tokens of a good answer; 0 where there are none."""
    usage = exchange.reply.usage
    return (usage.prompt or 0) if usage and exchange.status == 200 else 0


def outcome(exchange: Exchange, code: str, bare: int, paid: int) -> Outcome:
    """``bare`` are the tokens of the words alone, ``paid`` those of an answer that was seen."""
    if exchange.status != 200 or exchange.reply.is_error:
        return _refused(exchange)
    words = exchange.reply.text
    if not words.strip() and exchange.reply.finish_reason == "length":
        answered(exchange, "an answer")
    if glimpsed(words, code):
        return Outcome.SEEN
    if 0 < bare < paid - FAR and 0 < billed(exchange) <= bare + NEAR:
        return Outcome.PROVEN
    return Outcome.DENIED if _DENIED.search(words[: answers.LIMIT]) else Outcome.OTHER


def _refused(exchange: Exchange) -> Outcome:
    """A refusal of what was accepted before. A download may fail once, a data URL not."""
    if not 400 <= exchange.status < 500:
        return Outcome.OTHER
    if _UNSUPPORTED.search(exchange.reply.error_message[:QUOTED]):
        return Outcome.PROVEN
    parts = (part for turn in exchange.probe.turns for part in turn.parts)
    by_url = any(isinstance(part, ImagePart) and isinstance(part.via, Hosted) for part in parts)
    return Outcome.OTHER if by_url else Outcome.DENIED
