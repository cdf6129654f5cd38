"""What we say about LiteLLM is what its cassettes show, case by case."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from conformance import data
from conformance.controls.abilities import controls
from conformance.drawing import corpus
from conformance.model import Ability, Case, Finding, Lab, Level, Reason, Verdict, cases_of
from conformance.recording import origin
from conformance.recording.cassettes import path_of
from conformance.recording.replay import RecordMode, Replay
from conformance.registry import all_checks
from conformance.running.engine import Bug, Judging

#: A key, or a credential that is longer than the "Bearer YOUR_KEY" of an error message.
KEY = re.compile(r"\bsk-\w|Bearer\s+[\w.+/=-]{12,}")
ROW = re.compile(r"^\| `(?P<case>[^`]+)` \| (?P<level>\w+) \|", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The outcome of every case, and what was found of the model."""

    outcomes: tuple[Finding | Bug, ...]
    abilities: dict[Ability, Finding]

    def of(self, *verdicts: Verdict) -> list[Finding]:
        return [o for o in self.outcomes if isinstance(o, Finding) and o.verdict in verdicts]


@cache
def replayed(name: str) -> Judged:
    """A whole run, judged from the cassettes of one target.

    Without the cases that are younger than its recording: `make litellm` records them.
    """
    folder = data.folder("cassettes") / name
    recorded = origin.read(folder)
    assert recorded.seed == "committed"
    lab = Lab(target=recorded.target, pictures=corpus.load(data.folder("fixtures")))
    replay = Replay(folder, recorded.target, RecordMode.NONE)
    found: list[Finding | Bug] = []
    cases = [case for case in cases_of(all_checks()) if is_known(case, folder)]
    judging = Judging(cases, lab, replay, controls=controls(), done=found.append)
    abilities = asyncio.run(judging.run(tuple(Ability)))
    return Judged(outcomes=tuple(found), abilities=abilities)


def is_known(case: Case, folder: Path) -> bool:
    """Whether there is a cassette of the case, or none because nothing was to be sent."""
    sent = data.folder("cassettes") / "reference"
    asked = not case.check.opt_in and path_of(sent, case).is_file()
    return path_of(folder, case).is_file() or not asked


def notes() -> str:
    return (data.folder("cassettes") / "litellm" / "DEVIATIONS.md").read_text(encoding="utf-8")


def test_every_deviation_is_told_and_no_other() -> None:
    told = {row["case"]: Level(row["level"]) for row in ROW.finditer(notes())}
    failed = replayed("litellm").of(Verdict.FAILED)
    assert told == {f.case.id: f.case.check.level for f in failed}


def test_what_is_blocked_names_a_deviation() -> None:
    judged = replayed("litellm")
    failed = {f.case.id for f in judged.of(Verdict.FAILED)}
    assert {f.blocked_by for f in judged.of(Verdict.BLOCKED)} <= failed


def test_nothing_is_unobserved_and_nothing_but_security_was_not_asked_for() -> None:
    judged = replayed("litellm")
    assert not judged.of(Verdict.UNOBSERVED)
    left_out = {(f.case.check.area, f.why) for f in judged.of(Verdict.NOT_APPLICABLE)}
    assert ("security", Reason.NOT_ASKED) in left_out
    others = {why for area, why in left_out if area != "security"}
    assert not others & {Reason.NOT_ASKED, Reason.UNCLAIMED, Reason.MISSING}


def test_the_figures_are_those_of_the_cassettes() -> None:
    judged = replayed("litellm")
    passed, failed, blocked = (
        len(judged.of(v)) for v in (Verdict.PASSED, Verdict.FAILED, Verdict.BLOCKED)
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
    text = (folder / "base64" / "plain.yaml").read_text(encoding="utf-8")
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
    assert sum(sizes.values()) < 12_000_000
    assert max(sizes.values()) < 250_000


def test_every_cassette_has_its_case() -> None:
    for target in ("litellm", "reference"):
        folder = data.folder("cassettes") / target
        owned = {str(f.relative_to(folder).with_suffix("")) for f in folder.rglob("*.yaml")}
        judged = replayed(target)
        every = (*judged.outcomes, *judged.abilities.values())
        asked = {o.case.id for o in every if _is_asked(o)}
        assert owned == asked, json.dumps(sorted(owned ^ asked), indent=1)


def _is_asked(outcome: Finding | Bug) -> bool:
    return isinstance(outcome, Bug) or bool(outcome.evidence)


def test_this_file_stands_beside_the_configuration_it_is_about() -> None:
    here = Path(__file__).parent
    assert "master_key: os.environ/" in (here / "config.yaml").read_text(encoding="utf-8")
