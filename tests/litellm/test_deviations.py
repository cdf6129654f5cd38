"""What we say about LiteLLM is what its cassettes show, case by case."""

from __future__ import annotations

import asyncio
import json
import re
from functools import cache
from pathlib import Path

from conformance import corpus, data, recording
from conformance.diagnosis.attribution import attributed
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
    bugs = [outcome for outcome in found if isinstance(outcome, Bug)]
    return (*bugs, *attributed([o for o in found if isinstance(o, Finding)]))


def with_verdict(name: str, *verdicts: Verdict) -> list[Finding]:
    return [o for o in replayed(name) if isinstance(o, Finding) and o.verdict in verdicts]


def notes() -> str:
    return (data.folder("cassettes") / "litellm" / "DEVIATIONS.md").read_text(encoding="utf-8")


def test_every_deviation_is_told_and_no_other() -> None:
    told = {row["case"]: Level(row["level"]) for row in ROW.finditer(notes())}
    failed = with_verdict("litellm", Verdict.FAILED)
    assert told == {f.case.id: f.case.check.level for f in failed}


def test_what_is_blocked_names_a_deviation() -> None:
    failed = {f.case.check.id for f in with_verdict("litellm", Verdict.FAILED)}
    blocked = with_verdict("litellm", Verdict.BLOCKED)
    assert {f.blocked_by.partition("[")[0] for f in blocked} <= failed


def test_nothing_is_unobserved_and_nothing_but_security_left_out() -> None:
    assert not with_verdict("litellm", Verdict.UNOBSERVED)
    left_out = with_verdict("litellm", Verdict.NOT_APPLICABLE)
    assert {f.case.check.area for f in left_out} == {"security"}


def test_the_figures_are_those_of_the_cassettes() -> None:
    total = len(replayed("litellm"))
    passed, failed, blocked = (
        len(with_verdict("litellm", v)) for v in (Verdict.PASSED, Verdict.FAILED, Verdict.BLOCKED)
    )
    counted = f"{total} cases: {passed} passed, {failed} failed, {blocked} are blocked by these"
    assert counted in " ".join(notes().split())


def test_without_litellm_in_between_everything_passes() -> None:
    others = [o for o in replayed("reference") if isinstance(o, Bug) or o.verdict != "passed"]
    assert [o.case.id for o in others] == ["security/inner-address-is-not-tried"]


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
    assert sum(sizes.values()) < 12_000_000
    assert max(sizes.values()) < 250_000


def test_every_cassette_has_its_case() -> None:
    known = {case.id for case in cases_of(all_checks())}
    for target in ("litellm", "reference"):
        folder = data.folder("cassettes") / target
        owned = {str(f.relative_to(folder).with_suffix("")) for f in folder.rglob("*.yaml")}
        asked = known - {o.case.id for o in replayed(target) if not _is_asked(o)}
        assert owned == asked, json.dumps(sorted(owned ^ asked), indent=1)


def _is_asked(outcome: Finding | Bug) -> bool:
    return isinstance(outcome, Bug) or bool(outcome.evidence)


def test_this_file_stands_beside_the_configuration_it_is_about() -> None:
    here = Path(__file__).parent
    assert "master_key: os.environ/" in (here / "config.yaml").read_text(encoding="utf-8")
