"""What checks that count answers promise, computed and not believed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from math import comb

import hostile
import pytest

from conformance.asking.questions import ask
from conformance.checks.acuity import second_look
from conformance.checks.cache.again_and_again import ROUNDS
from conformance.checks.multi_image._several_answers import kept
from conformance.drawing import codes
from conformance.judging.lottery import (
    DENIALS,
    MANY_MISSES,
    REPEATS,
    Outcome,
    Tally,
    convicts,
    glimpsed,
    missed,
    outcome,
)
from conformance.model import (
    Blocked,
    Exchange,
    Failed,
    Lab,
    Observed,
    Probe,
    Reply,
    Symptom,
    Unobserved,
    Usage,
    Verdict,
    pictures_of,
)
from conformance.proving.rehearsal import TARGET

#: The part of the answers of one that sees which show no trace of the code all the same.
OFF = 0.03
#: An answer of one that sees: three in a hundred are misread wholly, and one in two thousand says
#: that there is no picture.
SEES = {Outcome.SEEN: 1 - OFF - 1 / 2000, Outcome.OTHER: OFF, Outcome.DENIED: 1 / 2000}


def at_least(count: int, chance: float) -> float:
    """The chance of so many of sixty answers, each with this chance."""
    few = (comb(REPEATS, n) * chance**n * (1 - chance) ** (REPEATS - n) for n in range(count))
    return 1 - sum(few)


def ended(rng: random.Random, answer: dict[Outcome, float]) -> Verdict:
    """What sixty answers, each of these kinds with these chances, come to."""
    tally: Tally = Counter()
    kinds, weights = tuple(answer), tuple(answer.values())
    for kind in rng.choices(kinds, weights, k=REPEATS):
        tally[kind] += 1
        if kind is not Outcome.SEEN and convicts(tally):
            return Verdict.FAILED
    return Verdict.UNOBSERVED if missed(tally) >= MANY_MISSES else Verdict.PASSED


def shares(answer: dict[Outcome, float], runs: int = 4000) -> dict[Verdict, float]:
    rng = random.Random(20261121)
    ends = Counter(ended(rng, answer) for _ in range(runs))
    return {verdict: ends[verdict] / runs for verdict in Verdict}


def blind(part: float, shows: Outcome) -> dict[Outcome, float]:
    """One that sees, but for this part of its requests, which end in this way."""
    mixed = {kind: chance * (1 - part) for kind, chance in SEES.items()}
    return mixed | {shows: mixed.get(shows, 0.0) + part}


def test_every_case_begins_at_its_own_third() -> None:
    assert REPEATS % len(ROUNDS) == 0


def test_who_sees_is_not_accused() -> None:
    denies = SEES[Outcome.DENIED]
    assert at_least(DENIALS, denies) < 5e-4
    assert at_least(MANY_MISSES, OFF + denies) < 5e-4
    found = shares(SEES)
    assert found[Verdict.FAILED] < 2e-3
    assert found[Verdict.UNOBSERVED] < 2e-3


@pytest.mark.parametrize(("misread", "least", "most"), [(0.05, 0, 0.02), (0.1, 0.2, 0.3)])
def test_who_often_misreads_is_not_accused_either(misread: float, least, most) -> None:
    """It leaves the case open, the more often the more it misreads."""
    found = shares({Outcome.SEEN: 1 - misread, Outcome.OTHER: misread})
    assert found[Verdict.FAILED] == 0
    assert least <= found[Verdict.UNOBSERVED] <= most


@pytest.mark.parametrize(
    ("shows", "least", "most"),
    [(Outcome.PROVEN, 0.945, 0.965), (Outcome.DENIED, 0.79, 0.83), (Outcome.OTHER, 0, 2e-3)],
)
def test_one_blind_in_twenty(shows: Outcome, least: float, most: float) -> None:
    assert at_least(1, 1 / 20) == pytest.approx(0.954, abs=0.001)
    assert least <= shares(blind(1 / 20, shows))[Verdict.FAILED] <= most


@pytest.mark.parametrize("shows", [Outcome.PROVEN, Outcome.DENIED])
def test_one_blind_in_five_is_convicted(shows: Outcome) -> None:
    assert shares(blind(1 / 5, shows))[Verdict.FAILED] >= 0.999


@pytest.mark.parametrize(("part", "least", "most"), [(1 / 20, 0.08, 0.12), (1 / 5, 0.965, 0.985)])
def test_one_that_invents_convicts_nobody_and_leaves_the_case_open(part, least, most) -> None:
    """Its answers and its bills are those of a model that often misreads."""
    found = shares(blind(part, Outcome.OTHER))
    assert found[Verdict.FAILED] < 2e-3
    assert least <= found[Verdict.UNOBSERVED] <= most


# ---------------------------------------------------------------- the whole dialogue

RIGHT = "The code is {}."
MISREAD = "The code is XK47PM."
DENIED = "There is no picture."


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        ([], Observed),
        ([MISREAD] * (MANY_MISSES - 1), Observed),
        ([MISREAD] * MANY_MISSES, Unobserved),
        ([MISREAD] * REPEATS, Unobserved),
        ([DENIED] * (DENIALS - 1), Observed),
        ([DENIED] * DENIALS, Failed),
        ([MISREAD] * (MANY_MISSES - 1) + [DENIED] * DENIALS, Failed),
        # Where none is seen, the plainest case has it: here nothing can be compared.
        ([DENIED] * REPEATS, Unobserved),
    ],
)
def test_how_sixty_answers_end(answers: list[str], end: type, every_case, pictures) -> None:
    case = next(c for c in every_case if c.check.id == "cache/equal-requests-are-answered-alike")
    lab = Lab(target=TARGET, pictures=pictures)
    # As many right ones as there are left go first.
    left = [RIGHT] * (REPEATS - len(answers)) + answers

    def answer(_: int, probe: Probe) -> Exchange:
        pictures_sent = pictures_of(probe)
        if not pictures_sent:
            return replied("ready", prompt=20)
        is_asked = pictures_sent[0].id == "sheet-15"
        words = left.pop(0) if is_asked else RIGHT
        return replied(words.format(pictures_sent[0].facts.code))

    found = hostile.play(case, lab, answer)
    assert type(found) is end, found.actual
    if isinstance(found, Failed):
        assert found.symptom is Symptom.UNSTEADY
        assert (
            found.measured == f"{len(answers)} of {REPEATS} answers did not come from the picture"
        )


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("KX74MP", True),
        ("The code is **kx74mp**.", True),
        ("K X 7 4 M P", False),
        ("It says KX7HHH, I think.", True),
        ("XK47PM", False),
        ("none", False),
        ("I cannot see a picture here.", False),
        ("", False),
    ],
)
def test_half_a_code_is_a_trace_of_the_picture(words: str, seen: bool) -> None:
    code = "KX74MP"
    assert glimpsed(words, code) is seen


def replied(words: str, status: int = 200, prompt: int = 300) -> Exchange:
    error = words if status != 200 else ""
    reply = Reply(
        text="" if error else words,
        is_error=bool(error),
        error_message=error,
        usage=Usage(prompt=prompt),
    )
    return Exchange(probe=ask("?"), sent=hostile.SENT, status=status, reply=reply)


@pytest.mark.parametrize(
    ("exchange", "found"),
    [
        (replied("KX74MP"), Outcome.SEEN),
        (replied("The code is KX74MP; no picture is clearer.", prompt=20), Outcome.SEEN),
        (replied("XK47PM"), Outcome.OTHER),
        (replied("XK47PM", prompt=22), Outcome.PROVEN),
        (replied("XK47PM", prompt=0), Outcome.OTHER),
        (replied("I'm sorry, I can't see any image in your message."), Outcome.DENIED),
        (replied("I don't currently have access to images."), Outcome.DENIED),
        (replied("There is no picture."), Outcome.DENIED),
        (replied("我没有看到图片。"), Outcome.DENIED),
        (replied("No endpoints found that support image input.", 404), Outcome.PROVEN),
        (replied("Invalid content type. image_url is only supported by", 400), Outcome.PROVEN),
        (replied("Bad request.", 400), Outcome.DENIED),
        (replied("Internal error.", 500), Outcome.OTHER),
    ],
)
def test_what_an_answer_comes_to(exchange: Exchange, found: Outcome) -> None:
    assert outcome(exchange, "KX74MP", bare=20, paid=300) is found
    if found is Outcome.PROVEN and exchange.status == 200:
        assert outcome(exchange, "KX74MP", bare=20, paid=0) is not found


# ---------------------------------------------------------------- the order of several pictures

LAB = Lab(target=TARGET, pictures={})
WANTED = tuple(codes.draw(random.Random(n)) for n in range(20))


def played(wanted: tuple[str, ...], answer: Callable[[], Iterator[str]]) -> type:
    """How the judgement of an order ends where each answer lists these codes."""
    dialogue = kept(ask("?"), wanted, "multi-image/every-picture-is-seen")
    try:
        next(dialogue)
        while True:
            dialogue.send(replied("\n".join(answer())))
    except StopIteration:
        return Observed
    except (Failed, Blocked) as signal:
        return type(signal)


def reader(rng: random.Random, shown: tuple[str, ...], reads: float) -> Callable[[], Iterator[str]]:
    def answer() -> Iterator[str]:
        return (code if rng.random() < reads else codes.draw(rng) for code in shown)

    return answer


@pytest.mark.parametrize("count", [2, 3, 5, 10, 20])
@pytest.mark.parametrize("reads", [0.9, 0.97])
def test_misreading_is_not_taken_for_another_order(count: int, reads: float) -> None:
    rng = random.Random(count)
    ends = Counter(played(WANTED[:count], reader(rng, WANTED[:count], reads)) for _ in range(400))
    assert ends[Failed] == 0
    assert ends[Observed] >= 390


@pytest.mark.parametrize("count", [2, 3, 5, 10, 20])
def test_another_order_is_found_whatever_is_misread(count: int) -> None:
    rng = random.Random(count)
    turned = WANTED[1:count] + WANTED[:1]
    ends = Counter(played(WANTED[:count], reader(rng, turned, 0.9)) for _ in range(200))
    assert ends[Observed] <= 2
    assert ends[Failed] >= 190


@pytest.mark.parametrize("count", [3, 10, 20])
def test_who_lists_one_answer_in_five_out_of_order_is_hardly_ever_accused(count: int) -> None:
    rng, shown = random.Random(count), list(WANTED[:count])

    def sloppy() -> Iterator[str]:
        listed = rng.sample(shown, count) if rng.random() < 0.2 else shown
        return reader(rng, tuple(listed), 0.9)()

    ends = Counter(played(WANTED[:count], sloppy) for _ in range(400))
    assert ends[Failed] <= 4
    assert ends[Observed] >= 390


# ---------------------------------------------------------------- the board of squares


def squares(rng: random.Random, right: float) -> int:
    return sum(rng.random() < right for _ in range(second_look.ASKED))


def test_a_weak_eye_is_not_taken_for_a_caption() -> None:
    rng = random.Random(7)
    accused = 0
    for _ in range(4000):
        right = [squares(rng, 0.6) for _ in range(3)]
        enough = max(right) >= second_look.ENOUGH
        accused += not enough and sum(right) < second_look.UNSEEN * second_look.ASKED * len(right)
    assert accused < 4
    assert second_look.BOARD_GUESS < 1e-4
    assert sorted(second_look.NUMBERS) == list(range(1, 65))
