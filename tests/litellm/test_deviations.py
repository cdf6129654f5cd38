"""What we say about LiteLLM is what its cassettes show, case by case."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from conformance import data
from conformance.controls.abilities import controls
from conformance.model import Finding, Level, Reason, Verdict
from conformance.proving.recorded import Judged, judged_again
from conformance.recording import origin
from conformance.recording.cassette import FILE
from conformance.running.engine import Bug

#: A key, or a credential that is longer than the "Bearer YOUR_KEY" of an error message.
KEY = re.compile(r"\bsk-\w|Bearer\s+[\w.+/=-]{12,}")
ROW = re.compile(r"^\| `(?P<case>[^`]+)` \| (?P<level>\w+) \|", re.MULTILINE)


#: What a case says that asks what was not recorded.
YOUNGER = "holds no such request"


@cache
def replayed(name: str) -> Judged:
    """A whole run, judged from the cassette of one target.

    Without the cases that are younger than its recording: `make litellm` records them.
    """
    folder = data.folder("cassettes") / name
    assert origin.read(folder).seed == "committed"
    judged = judged_again(folder)
    known = [each for each in judged.outcomes if not _is_younger(each)]
    return replace(judged, outcomes=tuple(known))


def _is_younger(outcome: Finding | Bug) -> bool:
    is_open = isinstance(outcome, Finding) and outcome.verdict is Verdict.UNOBSERVED
    return is_open and YOUNGER in outcome.actual


def of(judged: Judged, verdict: Verdict) -> list[Finding]:
    return [each for each in judged.cases if each.verdict is verdict]


def notes() -> str:
    return (data.folder("cassettes") / "litellm" / "DEVIATIONS.md").read_text(encoding="utf-8")


def test_every_deviation_is_told_and_no_other() -> None:
    told = {row["case"]: Level(row["level"]) for row in ROW.finditer(notes())}
    failed = of(replayed("litellm"), Verdict.FAILED)
    assert told == {f.case.id: f.case.check.level for f in failed}


def test_what_is_blocked_names_a_deviation() -> None:
    judged = replayed("litellm")
    failed = {f.case.id for f in of(judged, Verdict.FAILED)}
    assert {f.blocked_by for f in of(judged, Verdict.BLOCKED)} <= failed


def test_nothing_is_unobserved_and_nothing_but_security_was_not_asked_for() -> None:
    judged = replayed("litellm")
    assert not of(judged, Verdict.UNOBSERVED)
    left_out = {(f.case.check.area, f.why) for f in of(judged, Verdict.NOT_APPLICABLE)}
    assert ("security", Reason.NOT_ASKED) in left_out
    others = {why for area, why in left_out if area != "security"}
    assert not others & {Reason.NOT_ASKED, Reason.UNCLAIMED, Reason.MISSING}


def test_the_figures_are_those_of_the_cassettes() -> None:
    judged = replayed("litellm")
    passed, failed, blocked = (
        len(of(judged, v)) for v in (Verdict.PASSED, Verdict.FAILED, Verdict.BLOCKED)
    )
    counted = f"{len(judged.outcomes)} cases: {passed} passed, {failed} failed"
    counted += f", {blocked} are blocked by these" if blocked else ""
    assert counted in " ".join(notes().split())


@pytest.mark.slow
def test_without_litellm_in_between_everything_passes() -> None:
    judged = replayed("reference")
    others = [o for o in judged.outcomes if isinstance(o, Bug) or o.verdict != "passed"]
    assert [o.case.id for o in others] == ["security/inner-address-is-not-tried"]


@pytest.mark.parametrize("name", ["litellm", "reference"])
def test_the_model_has_every_ability_with_and_without(name: str) -> None:
    """So no deviation is a weakness of the model."""
    found = {a: f.verdict for a, f in replayed(name).abilities.items()}
    assert found == dict.fromkeys(controls(), Verdict.PASSED)


def test_the_version_told_is_the_version_recorded() -> None:
    folder = data.folder("cassettes") / "litellm"
    text = (folder / FILE).read_text(encoding="utf-8")
    recorded = re.search(r'"x-litellm-version": \[\s*"([\d.]+)"', text)
    assert recorded is not None
    assert f"proxy {recorded[1]} " in notes()


def test_no_key_is_in_any_cassette() -> None:
    """Authorization is hidden, and nothing looks like a key in any other place."""
    files = [f for f in data.folder("cassettes").rglob("*") if f.suffix in (".yaml", ".json")]
    leaking = [f.name for f in files if re.search(KEY, f.read_text("utf-8"))]
    assert files
    assert leaking == []


def test_cassettes_are_small() -> None:
    sizes = {f: f.stat().st_size for f in data.folder("cassettes").rglob("*") if f.is_file()}
    assert sum(sizes.values()) < 5_000_000


def test_this_file_stands_beside_the_configuration_it_is_about() -> None:
    here = Path(__file__).parent
    assert "master_key: os.environ/" in (here / "config.yaml").read_text(encoding="utf-8")
