"""What is concluded from figures that are bent in known ways."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from conformance.fingerprint.shots import Measured
from conformance.fingerprint.verdict import Conclusion, conclude
from conformance.fingerprint.words import sentence
from conformance.tokens.rules import claimed


def concluded(model: str, measured: list[Measured]) -> Conclusion:
    return conclude(model, measured, claimed(model))


def test_claim_that_holds(play) -> None:
    found = concluded("gpt-4o", play("gpt-4o"))
    assert found.claims[0].holds
    assert found.claims[0].off == 0
    assert sentence(found) == "claims gpt-4o; bills like gpt-4o = one-api (p > 0.999)"


def test_other_model_behind_a_claim(play) -> None:
    found = concluded("gpt-4o", play("qwen2.5-vl"))
    assert not found.claims[0].holds
    told = sentence(found)
    assert told.startswith("claims gpt-4o; bills like qwen2.5-vl (p > 0.999); gpt-4o's rule is off")
    assert found.claims[0].off > 300


def test_estimator_is_called_one(play) -> None:
    told = sentence(concluded("gpt-4o", play("new-api")))
    assert "bills like new-api = camel (an estimator, no model) (p > 0.999)" in told


@pytest.mark.parametrize("factor", [0.5, 0.95, 1.05, 1.5, 2.0, 3.0])
def test_factor_is_found_and_the_claimed_rule_kept(play, factor: float) -> None:
    found = concluded("gpt-4o", play("gpt-4o", lambda tokens: math.ceil(tokens * factor)))
    assert found.found is not None
    assert "gpt-4o" in found.found.names
    assert found.found.fit.way.name == "scaled"
    assert found.found.fit.factor == pytest.approx(factor, rel=0.003)
    assert found.claims[0].ratio == pytest.approx(factor, rel=0.01)
    assert f"bills like gpt-4o = one-api times {factor:g}" in sentence(found)


def test_five_per_cent_more_is_told_with_its_confidence(play) -> None:
    measured = play("gpt-4o", lambda tokens: round(tokens * 1.05))
    claim = concluded("gpt-4o", measured).claims[0]
    assert claim.ratio - 1 > 5 * claim.error
    assert "5.0 % more (within 0." in sentence(concluded("gpt-4o", measured))


def test_hidden_prompt_is_no_part_of_the_rule(play) -> None:
    found = concluded("gpt-4o", play("gpt-4o", text=3057))
    assert found.claims[0].holds
    assert found.text == 3057


def test_tokens_around_each_picture(play) -> None:
    rule = "qwen2.5-vl"
    measured = [replace(m, tokens=m.tokens + 12 * len(m.shots)) for m in play(rule)]
    found = concluded("x", measured)
    assert "bills like qwen2.5-vl plus 12 tokens a picture" in sentence(found)


@pytest.mark.parametrize("step", [10, 64])
def test_rounded_figures(play, step: int) -> None:
    found = concluded("gpt-4o", play("gpt-4o", lambda t: step * math.ceil(t / step)))
    assert found.found is not None
    assert "gpt-4o" in found.found.names
    assert f"its figures are multiples of {step}" in sentence(found)


@pytest.mark.parametrize("wild", range(13))
def test_any_single_answer_may_be_wrong(play, wild: int) -> None:
    measured = play("claude-high")
    measured[wild] = replace(measured[wild], tokens=4321)
    found = concluded("claude-opus-4-7", measured).found
    assert found is not None
    assert found.names == ("claude-high",)
    assert found.fit.unexplained == {wild}


def test_answers_that_are_missing(play) -> None:
    measured = play("gemini-2")
    for left in range(len(measured) - 4):
        found = concluded("gemini-2.5-pro", measured[:left] + measured[left + 4 :]).found
        assert found is not None
        assert found.names == ("gemini-2",)


@pytest.mark.parametrize(
    ("price", "shape"),
    [
        (lambda s: 40 + 90 * math.ceil(s.width / 640) * math.ceil(s.height / 640), "tile"),
        (lambda s: 3 + 9 * math.ceil(s.width / 40) * math.ceil(s.height / 40), "patch"),
        (lambda s: 500 + s.width * s.height / 3000, "area"),
        (lambda s: 800 + s.size / 50, "bytes"),
    ],
)
def test_shape_of_an_unknown_rule(play, price, shape: str) -> None:
    found = concluded("gpt-4o", play(price))
    assert found.found is None
    assert found.torn == ()
    assert found.shape is not None
    assert found.shape.kind == shape, found.shape.sentence
    assert "cannot tell: bills by no known rule" in sentence(found)


def test_sizes_of_an_unknown_rule(play) -> None:
    tiles = concluded(
        "x", play(lambda s: 90 * math.ceil(s.width / 640) * math.ceil(s.height / 640))
    )
    assert tiles.shape is not None
    assert (tiles.shape.side, round(tiles.shape.slope)) == (640, 90)


def test_flat_price_of_no_known_rule_is_never_called_a_model_for_sure(play) -> None:
    found = concluded("gpt-4o", play(lambda _: 777))
    assert found.found is None or found.alike
    assert "p > 0.999" not in sentence(found) or "with other numbers" in sentence(found)


def test_too_few_figures(play) -> None:
    with pytest.raises(ValueError, match="at least three pictures"):
        concluded("gpt-4o", play("gpt-4o")[:3])


def test_figures_without_the_text_alone(play) -> None:
    found = concluded("gpt-4o", [m for m in play("gpt-4o") if m.shots])
    assert found.claims[0].holds
    assert found.text == pytest.approx(57, abs=1)


def test_answers_unexplained_are_counted(play) -> None:
    measured = play("gpt-4o")
    measured[3] = replace(measured[3], tokens=9)
    assert sentence(concluded("gpt-4o", measured)).endswith("; 1 of 15 answers are unexplained")


def test_figures_at_random(wanted) -> None:
    rng = random.Random(5)
    measured = [Measured(shots=shots, tokens=rng.randrange(30, 6000)) for shots in wanted]
    found = concluded("gpt-4o", measured)
    assert found.found is None
    assert sentence(found).startswith(
        "claims gpt-4o; cannot tell: bills by no known rule; the figures follow neither size"
    )


def test_constant_figures(play) -> None:
    found = concluded("gpt-4o", play(lambda _: 0.0))
    assert "bills nothing for pictures" in sentence(found)


def test_detail_that_is_ignored_is_told(play) -> None:
    rule = claimed("gpt-4o")[0]
    found = concluded("gpt-4o", play(lambda s: rule.cost(s.width, s.height, "high")))
    assert not found.claims[0].holds
    assert "bills like gpt-4o = one-api, low as high (p > 0.999)" in sentence(found)


def test_unknown_model_is_said_to_be(play) -> None:
    assert "no rule is known for a-model" in sentence(concluded("a-model", play("grok")))
