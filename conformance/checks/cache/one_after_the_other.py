"""The same words with other pictures, one request after the other."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.checks.cache._own_answers import APART, names_none, reads_own, without
from conformance.drawing import codes
from conformance.judging import ways
from conformance.model import Claim, Dialogue, Hosted, Lab, Level, Part
from conformance.registry import check

ONE = (Claim.READING,)


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=("picture-first", "text-first"),
    needs=ONE,
    guess=codes.GUESS,
    steps=9,
)
def same_words_other_pictures(lab: Lab, order: str) -> Dialogue:
    """One question about eight pictures in a row, then the first again: each its own answer."""
    via = yield from ways.transport(lab)
    pictures = [lab.pictures[f"sheet-{n:02}"] for n in range(2, 10)]
    for n, picture in enumerate([*pictures, pictures[0]]):
        parts: list[Part | str] = [questions.image(picture, via), prompts.SAME]
        probe = questions.ask(*(parts if order == "picture-first" else parts[::-1]))
        first = APART + (10 if n == len(pictures) else 0)
        observed = yield from reads_own(probe, picture, without(pictures, picture), first)
    return observed


@check(Level.MUST, spec=sources.REQUEST, needs=ONE, guess=codes.GUESS)
def same_words_with_and_without_pictures(lab: Lab) -> Dialogue:
    """Asked without, with, without, with and without a picture, a question is answered afresh."""
    via = yield from ways.transport(lab)
    pictures = [lab.pictures["sheet-10"], lab.pictures["sheet-11"]]
    bare = questions.ask(prompts.NO_PICTURE)
    for n, picture in enumerate(pictures):
        yield from names_none(replace(bare, sample=APART + n), pictures)
        probe = questions.ask(questions.image(picture, via), prompts.NO_PICTURE)
        yield from reads_own(probe, picture, without(pictures, picture))
    return (yield from names_none(replace(bare, sample=APART + len(pictures)), pictures))


@check(Level.MUST, spec=sources.REQUEST, needs=(*ONE, Claim.URL), guess=codes.GUESS)
def urls_of_one_name(lab: Lab) -> Dialogue:
    """Pictures at different URLs that end in the same file name are told apart."""
    yield from ways.through(lab, Hosted(), "url/plain")
    pictures = [lab.pictures[f"sheet-{n}"] for n in (12, 13, 14)]
    for picture in pictures:
        probe = questions.ask(questions.image(picture, Hosted(path="scan.png")), prompts.SAME)
        observed = yield from reads_own(probe, picture, without(pictures, picture))
    return observed
