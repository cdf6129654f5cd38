"""Bills that differ without being wrong are not held against anybody; a 5 % surcharge is."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

import pytest

from conformance import data
from conformance.drawing import corpus
from conformance.model import Case, Claim, Finding, Json, Target, Verdict, cases_of
from conformance.proving.rehearsal import TARGET, rehearse
from conformance.reference.conversation import Conversation, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.registry import all_checks
from conformance.tokens.rules import RULES, Rule, is_of_the_guide, rule_named

AREAS = ("usage", "detail")
GREEN = {Verdict.PASSED, Verdict.NOT_APPLICABLE}
RATE, RULE = "usage/rate-is-that-of-the-guide", "usage/costs-follow-the-rule"
#: What a program estimates from the bytes is no honest bill; pictures to be edited are no chat.
OWN = [rule for rule in RULES if not rule.estimates and not rule.name.startswith("gpt-image")]


def _of(family: str) -> list[Rule]:
    return [rule for rule in OWN if rule.family == family]


#: Two rules of every family.
MODELS = [r.name for f in dict.fromkeys(r.family for r in OWN) for r in _of(f)[:2]]


@pytest.fixture(scope="module")
def judge() -> Callable[..., list[Finding]]:
    pictures = corpus.load(data.folder("fixtures"))
    cases = [case for case in cases_of(all_checks()) if case.check.area in AREAS]

    def judge(
        make: Callable[..., Endpoint],
        target: Target = TARGET,
        wanted: Callable[[Case], bool] = lambda _: True,
    ) -> list[Finding]:
        chosen = [case for case in cases if wanted(case)]
        return asyncio.run(rehearse(chosen, pictures, make, target=target))

    return judge


def red(findings: list[Finding]) -> dict[str, str]:
    return {f.case.id: f"{f.verdict}: {f.actual}" for f in findings if f.verdict not in GREEN}


def is_about_cost(case: Case) -> bool:
    return Claim.USAGE in case.needs


@pytest.mark.sampled(5)
@pytest.mark.sampled(3)
@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", MODELS)
def test_every_model_may_bill_by_its_own_rule(name: str, judge: Any) -> None:
    target = replace(TARGET, model=name, rule=name)
    findings = judge(partial(Endpoint, model=name), target, is_about_cost)
    assert red(findings) == {}
    rule = rule_named(name)
    assert rule is not None
    judged = {f.case.check.id for f in findings if f.verdict is Verdict.PASSED}
    assert RULE in judged
    assert (RATE in judged) is is_of_the_guide(rule)


@pytest.mark.sampled(3)
@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", [rule.name for rule in OWN if "OpenAI" in rule.family])
def test_five_percent_are_seen_on_every_rule_of_the_guide(name: str, judge: Any) -> None:
    class Overbills(Endpoint):
        def price(self, look: Look) -> int:
            return round(super().price(look) * 1.05)

    rule = rule_named(name)
    assert rule is not None
    target = replace(TARGET, model=name, rule=name)
    found = judge(partial(Overbills, model=name), target, lambda c: c.check.id == RATE)[0]
    if not is_of_the_guide(rule):
        assert found.verdict is Verdict.NOT_APPLICABLE
        return
    assert found.verdict is Verdict.FAILED, found.actual
    assert re.search(r"(4\.9|5\.0|5\.1)% too much", found.hint)


class Frames(Endpoint):
    """Four tokens around every picture."""

    def price(self, look: Look) -> int:
        return super().price(look) + 4


class Introduces(Endpoint):
    """Sixty tokens that tell the model that there are pictures."""

    def text_tokens(self, conversation: Conversation) -> int:
        return super().text_tokens(conversation) + 60 * bool(looks(conversation))


class Rounds(Endpoint):
    """Rounds the tokens of a picture differently: the same for the same picture."""

    def price(self, look: Look) -> int:
        off = random.Random(f"{look.width}x{look.height} {look.detail}").choice((-1, 0, 1))
        return super().price(look) + off


class _Tells(Endpoint):
    """Other parts of the prompt tokens; None leaves them out altogether."""

    parts: ClassVar[dict[str, Json] | None] = None

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        usage = {k: v for k, v in made["usage"].items() if k != "prompt_tokens_details"}
        told = {} if self.parts is None else {"prompt_tokens_details": self.told(made["usage"])}
        return made | {"usage": usage | told}

    def told(self, usage: dict[str, Json]) -> dict[str, Json]:
        return dict(self.parts or {})


class TellsNoParts(_Tells):
    """Three counts and no more."""


class TellsNulls(_Tells):
    """Every part is null."""

    parts = dict.fromkeys(("text_tokens", "image_tokens", "audio_tokens", "cached_tokens"))


class TellsNoughts(_Tells):
    """Every part is 0, since it is not known."""

    parts = dict.fromkeys(("text_tokens", "image_tokens", "audio_tokens", "cached_tokens"), 0)


class CallsAllText(_Tells):
    """Everything is text, pictures included."""

    parts: ClassVar[dict[str, Json] | None] = {"image_tokens": 0}

    def told(self, usage: dict[str, Json]) -> dict[str, Json]:
        return {"text_tokens": usage["prompt_tokens"], "image_tokens": 0}


class Caches(_Tells):
    """Half of the prompt was cached, and what was is in no other part."""

    parts: ClassVar[dict[str, Json] | None] = {}

    def told(self, usage: dict[str, Json]) -> dict[str, Json]:
        parts, half = usage["prompt_tokens_details"], usage["prompt_tokens"] // 2
        rest = usage["prompt_tokens"] - half - parts["image_tokens"] // 2
        return {
            "cached_tokens": half,
            "image_tokens": parts["image_tokens"] // 2,
            "text_tokens": rest,
        }


class CountsWordsOnly(_Tells):
    """The template of the chat is nobody's text."""

    parts: ClassVar[dict[str, Json] | None] = {}

    def told(self, usage: dict[str, Json]) -> dict[str, Json]:
        parts = usage["prompt_tokens_details"]
        return {
            "image_tokens": parts["image_tokens"],
            "text_tokens": max(0, parts["text_tokens"] - 9),
        }


class ThinksFirst(Endpoint):
    """Its thoughts use a small output limit up: no answer, and the reason length."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        if (body.get("max_tokens") or 0) < 300:
            made["choices"][0]["message"]["content"] = ""
            made["choices"][0]["finish_reason"] = "length"
        return made


@pytest.mark.parametrize(
    "kind",
    [
        Frames, Introduces, Rounds, TellsNoParts, TellsNulls, TellsNoughts, CallsAllText, Caches,
        CountsWordsOnly, ThinksFirst,
    ],
    ids=lambda kind: kind.__name__,
)  # fmt: skip
def test_variety_is_not_held_against(kind: type[Endpoint], judge: Any) -> None:
    assert red(judge(kind, TARGET, is_about_cost)) == {}


class BringsAPrompt(Endpoint):
    """The template of an open model, with a system prompt of its own."""

    def text_tokens(self, conversation: Conversation) -> int:
        return super().text_tokens(conversation) + 380


def test_the_template_of_a_model_whose_rule_is_not_known_may_be_long(judge: Any) -> None:
    assert red(judge(BringsAPrompt, NO_CLAIM_OF_4O, is_about_cost)) == {}


#: The reference endpoint answers to this name, and nothing is claimed about its rule.
NO_CLAIM_OF_4O = replace(TARGET, rule="")


def test_without_a_rule_nothing_is_judged_by_one(judge: Any) -> None:
    findings = judge(Endpoint, NO_CLAIM_OF_4O, is_about_cost)
    idle = {f.case.check.id for f in findings if f.verdict is Verdict.NOT_APPLICABLE}
    assert {RATE, RULE, "usage/prompt-covers-its-picture"} < idle
    assert red(findings) == {}


class BillsAsIn2025(Endpoint):
    """Bills by the former text of the guide."""

    def price(self, look: Look) -> int:
        former = rule_named("gpt-4.1-mini@2025")
        assert former is not None
        return former.cost(look.width, look.height, look.detail)


@pytest.mark.parametrize("model", ["gpt-4.1-mini", "gpt-5.4"])
def test_an_older_text_of_the_guide_may_be_followed(model: str, judge: Any) -> None:
    name = {"gpt-5.4": "gpt-5.4-mini"}.get(model, model)

    class Older(BillsAsIn2025):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options | {"model": model})
            self.model = name

    target = replace(TARGET, model=name, rule=model)
    assert red(judge(Older, target, is_about_cost)) == {}


def test_pictures_of_which_detail_is_not_claimed_are_measured_without(judge: Any) -> None:
    target = replace(TARGET, unclaimed=frozenset({Claim.DETAIL}))
    findings = {f.case.check.id: f for f in judge(Endpoint, target, is_about_cost)}
    assert findings[RATE].verdict is Verdict.PASSED
    parts = [p for e in findings[RATE].evidence for t in e.probe.turns for p in t.parts]
    assert {getattr(part, "detail", None) for part in parts} == {None}


class RefusesTallShapes(Endpoint):
    """Takes no picture that is taller than wide by half."""

    def price(self, look: Look) -> int:
        if 2 * look.height > 3 * look.width:
            raise self.unreadable(ValueError("aspect ratio"))  # type: ignore[arg-type]
        return super().price(look)


def test_a_size_that_is_refused_is_left_out(judge: Any) -> None:
    findings = {f.case.check.id: f for f in judge(RefusesTallShapes, TARGET, is_about_cost)}
    assert findings[RATE].verdict is Verdict.PASSED
    assert findings[RULE].verdict is Verdict.PASSED
