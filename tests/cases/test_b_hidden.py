"""Section B, real defects that another finding hid: whoever else failed, what failed stays told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from between import PAGE, after, before, error, reply
from models import LeavesOptionalMembersOut, ReadsPicturesOnly
from rehearsed import (
    PLAIN,
    Run,
    in_areas,
    run,
    verify_blocked_by_something,
)

from conformance.model import Json, Level, Symptom, Verdict
from conformance.proving.rehearsal import TARGET
from conformance.reference.conversation import Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault_named
from conformance.wire.jsontext import items_at


def both(*kinds: type[Endpoint]) -> type[Endpoint]:
    return type("Both", kinds, {})


def named(name: str) -> type[Endpoint]:
    return fault_named(name).make


def verify_told(seen: Run, *names: str) -> None:
    """Of each fault every named check is FAILED, and its symptom is in the statements."""
    for name in names:
        fault = fault_named(name)
        assert set(fault.caught_by) <= seen.failed, f"{name}: {seen.told()}"
        assert fault.symptom in seen.symptoms, f"{name}: {seen.symptoms}"
    told = [case for statement in seen.statements for case in statement.cases]
    assert sorted(told) == sorted(f.case.id for f in seen.with_verdict(Verdict.FAILED))


# ---------------------------------------------------------------- B1 to B4

PAIRS = {
    "b1": ("errors-are-200", "reverses-pictures"),
    "b2, the first only": ("errors-are-200", "sees-the-first-only"),
    "b2, base64 as text": ("errors-are-200", "counts-base64-as-text"),
    "b3": ("answers-with-the-error", "asks-for-no-key"),
    "b4, the margin": ("cuts-the-margin", "drops-emoji"),
    "b4, the first text": ("keeps-the-first-text", "drops-emoji"),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_two_defects_are_both_told(pair: str) -> None:
    names = PAIRS[pair]
    checks = {check for name in names for check in fault_named(name).caught_by}
    # What they have in common with other requests is seen from those.
    others = {"multi-image/earlier-turn-is-seen", "base64/format-is-read", "base64/size-is-read"}
    seen = run(both(*map(named, names)), {*checks, *others, *PLAIN}, target=TARGET)
    verify_told(seen, *names)


# ---------------------------------------------------------------- B5

SAME = "Hello! How can I help you today?"
CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1764000000,
    "model": "gpt-4o",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": SAME, "refusal": None},
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 10, "completion_tokens": 9, "total_tokens": 19},
}


def test_b5_an_endpoint_that_says_the_same_to_everything() -> None:
    seen = run(target=TARGET, around=before(lambda _, __: reply(200, CHAT)))
    assert seen.failed >= PLAIN
    for check in PLAIN:
        assert seen.one(check).symptom is Symptom.NOT_READ
    # The plainest pictures are lost: that comes first, and it is of all requests with a picture.
    first = seen.statements[0]
    assert (first.level, first.symptom) == (Level.MUST, Symptom.NOT_READ)
    assert set(first.cases) >= PLAIN
    assert Symptom.OVERLOOKED in seen.symptoms
    assert Symptom.LET_IN in seen.symptoms
    verify_blocked_by_something(seen)
    # Hardly anything is blocked by an error, and nothing that is about pictures.
    blocked = [f for f in seen.with_verdict(Verdict.BLOCKED) if f.blocked_by.startswith("errors/")]
    assert {found.case.check.area for found in blocked} <= {"errors", "leaks", "sdk"}


# ---------------------------------------------------------------- B6, B7, B8

BILLED = in_areas("detail", "usage", "acuity")


def test_b6_a_relay_that_forces_low() -> None:
    seen = run(named("forces-low"), {*BILLED, *PLAIN})
    verify_told(seen, "forces-low")
    (coarse,) = [s for s in seen.about(Symptom.DEGRADED) if s.traits]
    assert set(coarse.dimensions) & {"detail", "size"}
    assert any(symptom.value.startswith("bill-") for symptom in seen.symptoms)


def test_b7_a_relay_that_swaps_low_and_high() -> None:
    seen = run(named("swaps-low-and-high"), {*BILLED, *PLAIN})
    verify_told(seen, "swaps-low-and-high")


class BillsTwice(Endpoint):
    """Bills every picture at twice its price."""

    def price(self, look: Look) -> int:
        return 2 * super().price(look)


RATE = "usage/rate-is-that-of-the-guide"


def test_b8_a_relay_that_bills_twice() -> None:
    seen = run(BillsTwice, {*in_areas("usage"), *PLAIN})
    assert RATE in seen.failed, seen.told()
    first = seen.statements[0]
    assert (first.level, first.symptom) == (Level.MUST, Symptom.BILL_HIGH)
    assert re.search("200 ?%", first.words)


def test_b8_a_relay_that_enlarges_before_it_bills_twice() -> None:
    seen = run(both(BillsTwice, named("enlarges-before-counting")), {*in_areas("usage"), *PLAIN})
    assert seen.verdicts(RATE) == {Verdict.FAILED}, seen.told()
    assert "usage/costs-follow-the-rule" in seen.failed
    first = seen.statements[0]
    assert (first.level, first.symptom) == (Level.MUST, Symptom.BILL_HIGH)
    assert RATE in first.cases
    assert "%" in first.words


# ---------------------------------------------------------------- B9


class LeavesTheIdOut(Endpoint):
    """Replies without an id."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        return {k: v for k, v in super().finish(made, body).items() if k != "id"}

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        chunks = super().chunks(made | {"id": ""}, body)
        return [{k: v for k, v in chunk.items() if k != "id"} for chunk in chunks]


@pytest.mark.parametrize(
    ("gateway", "check", "symptom"),
    [
        (LeavesOptionalMembersOut, "shape/reply-is-complete", Symptom.MALFORMED),
        (LeavesTheIdOut, "shape/reply-follows-the-schema", Symptom.MALFORMED),
        (
            named("drops-pictures-of-other-roles"),
            "errors/picture-in-another-role",
            Symptom.NOT_READ,
        ),
        (named("never-says-done"), "streaming/done-ends-the-stream", Symptom.CUT),
    ],
)
def test_b9_behind_a_gateway_with_a_model_that_repeats_no_words(
    gateway: type[Endpoint], check: str, symptom: Symptom
) -> None:
    areas = {check.partition("/")[0], "history"}
    seen = run(both(gateway, ReadsPicturesOnly), {*in_areas(*areas), *PLAIN})
    assert check in seen.failed, seen.told()
    assert symptom in seen.symptoms
    verify_blocked_by_something(seen)
    # The model is held against nobody.
    assert seen.verdicts("history/every-text-part-is-kept") == {Verdict.UNOBSERVED}
    assert Symptom.WORDS_LOST not in seen.symptoms


# ---------------------------------------------------------------- B10


class WantsParameters(Endpoint):
    """Refuses a tool without parameters, which may be left out."""

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        for tool in items_at(body, "tools"):
            if "parameters" not in tool["function"]:
                raise ApiError("Field required: tools.0.function.parameters", status=422)


class WantsAnObject(Endpoint):
    """Refuses a tool_choice that is a string."""

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        if isinstance(body.get("tool_choice"), str):
            raise ApiError("tool_choice: input should be a valid dictionary", status=422)


class KnowsNoUser(Endpoint):
    """Refuses the member user with 404."""

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        if "user" in body:
            raise ApiError("Not Found", status=404)


ASKED = {*in_areas("errors", "history", "parameters", "tools"), *PLAIN}


def behind_a_framework(kind: type[Endpoint]) -> Run:
    """The router, whose errors are no error objects besides."""
    seen = run(both(named("says-detail"), kind), ASKED)
    assert set(fault_named("says-detail").caught_by) <= seen.failed
    assert Symptom.NO_ERROR_OBJECT in seen.symptoms
    verify_blocked_by_something(seen)
    return seen


def test_b10_a_router_that_refuses_tools_without_parameters() -> None:
    seen = behind_a_framework(WantsParameters)
    call = "history/call-of-a-tool-after-the-picture"
    assert seen.verdicts(call) == {Verdict.FAILED}, seen.told()


@pytest.mark.parametrize("is_sound", [True, False], ids=["error objects", "none"])
def test_b10_a_router_that_refuses_a_string_as_tool_choice(is_sound: bool) -> None:
    """It knows tools, for it calls the one that is named: an answer is due."""
    seen = run(WantsAnObject, ASKED) if is_sound else behind_a_framework(WantsAnObject)
    assert seen.verdicts("tools/forced-tool-reads[named]") == {Verdict.PASSED}
    assert seen.verdicts("tools/forced-tool-reads[required]") == {Verdict.FAILED}, seen.told()
    assert Symptom.REFUSED in seen.symptoms


@pytest.mark.parametrize("is_sound", [True, False], ids=["error objects", "none"])
def test_b10_a_router_that_refuses_user_with_404(is_sound: bool) -> None:
    seen = run(KnowsNoUser, ASKED) if is_sound else behind_a_framework(KnowsNoUser)
    found = seen.one("parameters/accepted-beside-a-picture[user]")
    assert (found.verdict, found.symptom) == (Verdict.FAILED, Symptom.REFUSED)
    (told,) = seen.about(Symptom.REFUSED)
    assert told.cases == (found.case.id,)


# ---------------------------------------------------------------- B11


@pytest.mark.parametrize("status", [502, 500])
def test_b11_a_gateway_that_turns_every_4xx_into_its_own(status: int) -> None:
    def turned(_: dict[str, Any], response: httpx.Response) -> httpx.Response | None:
        if not 400 <= response.status_code < 500:
            return None
        return reply(502, PAGE, "text/html") if status == 502 else error(500, "upstream error")

    seen = run(checks={*in_areas("errors", "base64", "models"), *PLAIN}, around=after(turned))
    due = [f for f in seen.with_verdict(Verdict.FAILED) if f.symptom is Symptom.REFUSAL_BREAKS]
    assert len(due) >= 20, seen.told()
    for check in ("errors/unknown-model-is-refused", "errors/missing-messages-are-refused"):
        assert seen.verdicts(check) == {Verdict.FAILED}
    # One pattern, named first, and no request that has nothing to do with it.
    first = seen.statements[0]
    assert (first.level, first.symptom) == (Level.MUST, Symptom.REFUSAL_BREAKS)
    assert len(seen.about(Symptom.REFUSAL_BREAKS)) == 1
    assert first.red >= 20
    assert f"{first.red} of {first.judged} requests" in first.words
    assert "status of 500 or more" in first.words
    # Where either an answer or a refusal will do, a status of 500 or more may be called either.
    assert seen.symptoms <= {Symptom.REFUSAL_BREAKS, Symptom.SERVER_ERROR}
    assert sum(len(told.cases) for told in seen.about(Symptom.SERVER_ERROR)) <= 2
    verify_blocked_by_something(seen)
