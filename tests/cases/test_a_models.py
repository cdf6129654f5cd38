"""Section A, accused although innocent: what a model cannot do is not what its endpoint did."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from models import (
    LeavesOptionalMembersOut,
    ListsAllCorners,
    ReadsLargePrintOnly,
    ReadsPicturesOnly,
    SeesLittle,
    SeesNo16Bits,
    StopsEarly,
    TellsNoColours,
)
from PIL import Image
from rehearsed import Run, in_areas, run, verify_nobody_is_accused

from conformance.model import Ability, Level, Symptom, Verdict
from conformance.proving.rehearsal import TARGET
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.looking import Sight
from conformance.reference.fault import fault_named


def verify_beyond_the_model(seen: Run, check: str, *abilities: Ability) -> None:
    """Not one case of the check is FAILED, and what is not known names the ability."""
    for found in seen.of(check):
        assert found.verdict in (Verdict.PASSED, Verdict.UNOBSERVED), found.actual
        if found.verdict is Verdict.UNOBSERVED:
            assert found.ability in abilities
            assert found.actual.strip()


# ---------------------------------------------------------------- A7


def test_a7_a_model_that_repeats_no_words() -> None:
    areas = in_areas("history", "multi-image", "placeholders", "streaming")
    seen = run(ReadsPicturesOnly, {*areas, "base64/plain"})
    verify_nobody_is_accused(seen)
    kept = "history/every-text-part-is-kept"
    verify_beyond_the_model(seen, kept, Ability.WORDS)
    assert seen.verdicts(kept) == {Verdict.UNOBSERVED}
    # What asks for no words is judged.
    unseen = seen.with_verdict(Verdict.UNOBSERVED)
    assert {found.ability for found in unseen} <= {Ability.WORDS, Ability.SCRIPTS}
    open_ = [*unseen, *seen.with_verdict(Verdict.BLOCKED)]
    assert len(open_) < len(seen.findings) / 10, seen.told(Verdict.UNOBSERVED, Verdict.BLOCKED)


# ---------------------------------------------------------------- A8


@pytest.mark.slow
def test_a8_a_model_that_lists_all_corners_when_one_is_asked_for() -> None:
    seen = run(ListsAllCorners, in_areas("base64"))
    verify_nobody_is_accused(seen)
    # The right one is among them, so it was seen.
    assert seen.verdicts("base64/corner-is-found") == {Verdict.PASSED}


def test_a8_a_corner_that_is_cut_off_is_a_defect_all_the_same() -> None:
    make = type("Both", (fault_named("cuts-the-margin").make, ListsAllCorners), {})
    checks = {"base64/corner-is-found", "acuity/edges-are-read", "base64/plain"}
    seen = run(make, checks, target=TARGET)
    assert "base64/corner-is-found" in seen.failed, seen.told()
    assert seen.symptoms == {Symptom.DEGRADED}


# ---------------------------------------------------------------- A9

LIMIT = {"parameters/output-limit-cuts", "base64/plain"}


def test_a9_a_whole_answer_that_is_shorter_than_the_limit() -> None:
    seen = run(StopsEarly, LIMIT)
    verify_nobody_is_accused(seen)
    verify_beyond_the_model(seen, "parameters/output-limit-cuts", Ability.LENGTH)


@pytest.mark.parametrize("name", ["ignores-the-output-limit", "calls-cut-answers-whole"])
def test_a9_who_has_something_to_cut_must_cut_it(name: str) -> None:
    seen = run(fault_named(name).make, LIMIT)
    assert seen.failed == {"parameters/output-limit-cuts"}, seen.told()
    assert seen.symptoms == {Symptom.CUT}


# ---------------------------------------------------------------- A10

SEEING = in_areas("base64", "detail", "acuity")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("make", "ability"),
    [
        (SeesNo16Bits, Ability.ENCODINGS),
        (TellsNoColours, Ability.COLOURS),
        (ReadsLargePrintOnly, Ability.SMALL_PRINT),
    ],
)
def test_a10_a_model_that_cannot_see_this_in_the_plainest_way(
    make: type[Endpoint], ability: Ability
) -> None:
    seen = run(make, SEEING)
    verify_nobody_is_accused(seen)
    verify_limits(seen, {ability})


def verify_limits(seen: Run, abilities: set[Ability]) -> None:
    """What is open is so because of these, is told in words, and blocks what needs the same."""
    open_ = seen.with_verdict(Verdict.UNOBSERVED)
    assert {found.ability for found in open_} - {None} == abilities
    assert all(found.actual.strip() for found in open_)
    blocked = seen.with_verdict(Verdict.BLOCKED)
    for found in blocked:
        assert found.case.check.abilities <= abilities, seen.told(Verdict.BLOCKED)


def test_a10_all_of_it_at_once_blocks_nothing_else() -> None:
    seen = run(SeesLittle, SEEING)
    verify_nobody_is_accused(seen)
    assert seen.verdicts("base64/shapes-are-counted") == {Verdict.PASSED}
    verify_limits(seen, {Ability.ENCODINGS, Ability.COLOURS, Ability.SMALL_PRINT})


class LosesInlineCmyk(SeesNo16Bits):
    """Loses pictures in CMYK besides, of data URLs alone: that is no limit of any model."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        with Image.open(io.BytesIO(loaded.data)) as opened:
            is_lost = loaded.source == "data" and opened.mode == "CMYK"
        return replace(look, sight=Sight()) if is_lost else look


def test_a10_what_is_read_in_another_way_is_no_limit_of_the_model() -> None:
    """Each encoding by itself: that one is beyond the model excuses no other."""
    seen = run(LosesInlineCmyk, in_areas("base64", "url"))
    of_encodings = {f.case.id: f.verdict for f in seen.of("base64/encoding-is-read")}
    assert of_encodings["base64/encoding-is-read[png-16bit]"] is Verdict.UNOBSERVED
    assert of_encodings["base64/encoding-is-read[jpeg-cmyk]"] is Verdict.FAILED
    del of_encodings["base64/encoding-is-read[png-16bit]"]
    del of_encodings["base64/encoding-is-read[jpeg-cmyk]"]
    assert set(of_encodings.values()) == {Verdict.PASSED}


# ---------------------------------------------------------------- A11


def test_a11_optional_members_that_are_left_out() -> None:
    seen = run(LeavesOptionalMembersOut, in_areas("shape", "streaming", "sdk", "usage"))
    red = seen.with_verdict(Verdict.FAILED)
    assert {found.case.check.level for found in red} <= {Level.MAY}, seen.told(Verdict.FAILED)
    assert {found.case.check.id for found in red} <= {"shape/reply-is-complete"}
    assert {statement.level for statement in seen.statements} <= {Level.MAY}
