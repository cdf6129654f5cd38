"""What we say about LiteLLM is what its cassettes show, case by case."""

from __future__ import annotations

import asyncio
import json
import re
from functools import cache
from pathlib import Path

from conformance import corpus, data, recording
from conformance.engine import Bug, judge_all
from conformance.model import Finding, Lab, Level, Verdict, cases_of
from conformance.registry import all_checks
from conformance.senders import RecordMode, Replay

#: A key, or a credential that is longer than the "Bearer YOUR_KEY" of an error message.
KEY = re.compile(r"\bsk-\w|Bearer\s+[\w.+/=-]{12,}")
ROW = re.compile(r"^\| `(?P<case>[^`]+)` \| (?P<level>\w+) \|", re.MULTILINE)


@cache
def replayed(name: str) -> tuple[Finding | Bug, ...]:
    """The outcome of every case, judged from the cassettes of one target."""
    folder = data.folder("cassettes") / name
    recorded = recording.read(folder)
    assert recorded.seed == "committed"
    lab = Lab(target=recorded.target, pictures=corpus.load(data.folder("fixtures")))
    replay = Replay(folder, recorded.target, RecordMode.NONE)
    found: list[Finding | Bug] = []
    asyncio.run(judge_all(cases_of(all_checks()), lab, replay, done=found.append))
    return tuple(found)


def not_passed(name: str) -> dict[str, Level]:
    return {
        outcome.case.id: outcome.case.check.level
        for outcome in replayed(name)
        if isinstance(outcome, Bug) or outcome.verdict is not Verdict.PASSED
    }


def notes() -> str:
    return (data.folder("cassettes") / "litellm" / "DEVIATIONS.md").read_text(encoding="utf-8")


def test_every_deviation_is_told_and_no_other() -> None:
    told = {row["case"]: Level(row["level"]) for row in ROW.finditer(notes())}
    assert told == not_passed("litellm")


def test_every_deviation_is_a_failure() -> None:
    """Blocked or unobserved cases would hide what they were to show."""
    seen = {o.verdict for o in replayed("litellm") if isinstance(o, Finding)}
    assert seen == {Verdict.PASSED, Verdict.FAILED}


def test_the_figures_are_those_of_the_cassettes() -> None:
    total, failed = len(replayed("litellm")), len(not_passed("litellm"))
    counted = f"{total} cases: {total - failed} passed, {failed} failed"
    assert counted in " ".join(notes().split())


def test_without_litellm_in_between_everything_passes() -> None:
    assert not_passed("reference") == {}


def test_the_version_told_is_the_version_recorded() -> None:
    folder = data.folder("cassettes") / "litellm"
    text = (folder / "base64" / "plain.yaml").read_text(encoding="utf-8")
    recorded = re.search(r"x-litellm-version:\s*- ([\d.]+)", text)
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
    assert sum(sizes.values()) < 6_000_000
    assert max(sizes.values()) < 100_000


def test_every_cassette_has_its_case() -> None:
    known = {case.id for case in cases_of(all_checks())}
    for target in ("litellm", "reference"):
        folder = data.folder("cassettes") / target
        owned = {str(f.relative_to(folder).with_suffix("")) for f in folder.rglob("*.yaml")}
        assert owned == known, json.dumps(sorted(owned ^ known), indent=1)


def test_this_file_stands_beside_the_configuration_it_is_about() -> None:
    here = Path(__file__).parent
    assert "master_key: os.environ/" in (here / "config.yaml").read_text(encoding="utf-8")
