"""What a model cannot do is nobody's fault: nothing is held against a correct endpoint for it.

One seed of each kind is played here, and of single manners the cases that ask for what they lack;
``simulate`` plays all of them, whole, and with a hundred seeds.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from functools import partial

import modest
import pytest
from modest import ASKS, Modest, Variant, asks_for, say
from modest_all import READS_ONLY, SINGLE, SLIPS
from modest_slips import RATES, Slips, slipped
from modest_words import SHORT_COUNT
from playing import played, told

from conformance.asking import prompts
from conformance.drawing import codes
from conformance.model import Ability, Case, Finding, Level, Pictures, Probe, TextPart, Verdict
from conformance.reference import mind
from conformance.reference.conversation import Conversation, Look, Said
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.looking import SeenCode, Sight
from conformance.reference.mind import Thought
from conformance.reference.reply import tokens_of

SEED = 20261128
#: Abilities that pictures ask for and no words, and the areas whose pictures do.
EYES = {
    Ability.SMALL_PRINT: ("acuity", "base64", "detail"),
    Ability.FAINT_PRINT: ("acuity",),
    Ability.EDGES: ("acuity",),
    Ability.ENCODINGS: ("base64",),
}
#: Played whole. Of the models that slip each rate in another style.
WHOLE = [*READS_ONLY, *SLIPS[:: len(SLIPS) // len(RATES) + 1]]
#: Each meets one case in so many, others each; the slow tests ask more.
SHARE = 40
#: Part of the cases that may stay open where one ability is missing, and where all are.
MOST_OPEN, MOST_OPEN_OF_ALL = 0.1, 0.2


@pytest.fixture(scope="module")
def quick_cases(every_case: list[Case], quick: set[str]) -> list[Case]:
    return [case for case in every_case if case.check.id in quick]


@pytest.fixture(scope="module")
def faultless(quick_cases: list[Case], pictures: Pictures) -> list[Finding]:
    """What is asked of an endpoint whose model can do everything."""
    return played(Modest, quick_cases, pictures)


def verify_innocent(variant: Variant, findings: list[Finding]) -> None:
    failed = [f for f in findings if f.verdict is Verdict.FAILED]
    accused = [f for f in failed if f.case.check.id not in variant.noted]
    assert not accused, told(accused, Verdict.FAILED)
    assert all(f.case.check.level is Level.MAY for f in failed), told(failed, Verdict.FAILED)


@pytest.mark.parametrize("share", [SHARE, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("variant", WHOLE, ids=lambda v: v.name)
def test_nothing_is_held_against(
    variant: Variant, share: int, quick_cases: list[Case], pictures: Pictures
) -> None:
    cases = quick_cases[WHOLE.index(variant) % share :: share]
    findings = played(partial(variant.make, seed=SEED), cases, pictures)
    verify_innocent(variant, findings)
    passed = sum(f.verdict is Verdict.PASSED for f in findings)
    most = MOST_OPEN_OF_ALL if variant in READS_ONLY else MOST_OPEN
    others = told(findings, Verdict.UNOBSERVED, Verdict.BLOCKED, Verdict.NOT_APPLICABLE)
    assert passed >= (1 - most) * len(findings), others


@pytest.mark.sampled(24)
@pytest.mark.parametrize("variant", SINGLE, ids=lambda v: v.name)
def test_a_missing_ability_is_nobodys_fault(
    variant: Variant, faultless: list[Finding], pictures: Pictures
) -> None:
    cases = [f.case for f in faultless if needs(f, variant.lacks)]
    assert cases
    findings = played(partial(variant.make, seed=SEED), cases, pictures)
    verify_innocent(variant, findings)


def needs(finding: Finding, ability: Ability | None) -> bool:
    """Whether a case needs an ability: by what it asks, or by what its area is about."""
    area = finding.case.check.area
    if ability in EYES:
        return area in EYES[ability]
    if ability is None:
        return area in ("shape", "streaming", "sdk")
    return any(asks(exchange.probe, ability) for exchange in finding.evidence)


def asks(probe: Probe, ability: Ability) -> bool:
    """Whether a request asks for an ability, in any of its words or members."""
    texts = [p.text for turn in probe.turns for p in turn.parts if isinstance(p, TextPart)]
    members = {name for name, _ in probe.params}
    if ability is Ability.TOOL:
        return "tools" in members
    if ability is Ability.FORM:
        return "response_format" in members
    if ability is Ability.SCRIPTS:
        return not "".join(texts).isascii()
    return any(asks_for(text, ability) for text in texts)


# ---------------------------------------------------------------- what the variants are


def test_every_question_that_a_model_knows_is_filed() -> None:
    assert set(ASKS) == {answer.__name__.lstrip("_") for _, answer in mind._INTENTS}


def test_every_ability_but_to_read_is_missing_in_two_manners_at_least() -> None:
    manners = Counter(v.lacks for v in SINGLE if v.lacks)
    assert set(manners) == set(Ability) - {Ability.READ}
    assert min(manners.values()) >= 2


def look(*shown: str) -> Look:
    spread = [(0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)]
    seen = (
        SeenCode(code=c, x=x, y=y, height=0.1) for c, (x, y) in zip(shown, spread, strict=False)
    )
    colours = () if shown else ("red", "blue", "green")
    sight = Sight(codes=tuple(seen), colours=colours, tally=() if shown else (4, 2, 5))
    return Look(sight=sight, width=640, height=400, size=20_000, detail="auto", source="data")


FOUR = tuple(codes.draw(random.Random(n)) for n in range(4))
QUESTIONS: dict[Ability, tuple[str | Look, ...]] = {
    Ability.COLOURS: (look(), prompts.COLOURS),
    Ability.COUNT: (look(), prompts.TALLY),
    Ability.PLACE: (look(*FOUR), prompts.CORNER.format("bottom right")),
    Ability.CHOOSE: (look(FOUR[0]), look(FOUR[1]), prompts.NTH.format("second")),
    Ability.WORDS: (look(FOUR[0]), prompts.REFERENCE.format(FOUR[1]), prompts.ASK_REFERENCE),
    Ability.SCRIPTS: (look(FOUR[0]), prompts.REFERENCE.format("山水火"), prompts.ASK_REFERENCE),
    Ability.LENGTH: (look(FOUR[0]), prompts.LONG),
}


def thought_by(endpoint: Endpoint, seed: int, *items: str | Look) -> Thought:
    conversation: Conversation = (Said(role="user", items=items),)
    modest._chance.set(random.Random(seed))
    return endpoint.think(conversation)


@pytest.mark.parametrize(
    "variant", [v for v in SINGLE if v.lacks in QUESTIONS], ids=lambda v: v.name
)
def test_a_manner_answers_its_question_otherwise_and_no_other(variant: Variant) -> None:
    endpoint = variant.make()
    for ability, items in QUESTIONS.items():
        # Who repeats no words repeats none in another script.
        if {ability, variant.lacks} == {Ability.SCRIPTS, Ability.WORDS}:
            continue
        right = mind.think((Said(role="user", items=items),))
        is_other = any(thought_by(endpoint, seed, *items) != right for seed in range(8))
        assert is_other is (ability is variant.lacks), ability
    assert thought_by(endpoint, SEED, look(FOUR[0]), prompts.CODE).codes == FOUR[:1]


def test_a_short_count_is_a_whole_answer_below_the_limit_that_is_tried() -> None:
    assert tokens_of(SHORT_COUNT) == 13


@pytest.mark.parametrize("right", RATES)
def test_a_model_is_right_in_the_part_of_its_answers_that_it_is_said_to_be(right: float) -> None:
    endpoint = Slips(right=right, seed=SEED)
    conversation = (Said(role="user", items=(look(FOUR[0]), prompts.CODE)),)

    async def answered() -> bytes:
        return bytes((await endpoint.answer({"model": endpoint.model}, conversation)).body)

    async def many() -> list[bytes]:
        return [await answered() for _ in range(800)]

    texts = asyncio.run(many())
    as_it_is = sum(FOUR[0].encode() in text.upper().replace(b" ", b"") for text in texts)
    assert abs(as_it_is / len(texts) - right) < 0.05


@pytest.mark.parametrize(
    "answer", [Thought(codes=FOUR), say("red, blue, green"), say("3: red, 9: blue"), say("4, 2, 5")]
)
def test_a_slip_is_never_a_code_of_another_picture(answer: Thought) -> None:
    rng = random.Random(SEED)
    slips = [slipped(answer, rng) for _ in range(500)]
    assert len({(s.codes, s.sentence) for s in slips}) > 10
    assert answer not in slips
    assert all(set(s.codes) <= set(FOUR) or len(set(s.codes) - set(FOUR)) == 1 for s in slips)


def test_one_seed_is_one_run(every_case: list[Case], pictures: Pictures) -> None:
    cases = [c for c in every_case if c.check.id in ("url/redirect", "multi-image/order-is-kept")]
    make = partial(Slips, right=0.5, seed=SEED)
    first, again = (
        [(f.case.id, f.verdict, f.actual) for f in played(make, cases, pictures)] for _ in range(2)
    )
    assert first == again
