"""What every check, case and picture must be like."""

from __future__ import annotations

import asyncio
import re
from collections import Counter

import pytest

from conformance import data
from conformance.controls.abilities import controls
from conformance.drawing import corpus
from conformance.model import AREAS, ImagePart, Probe, Verdict, cases_of
from conformance.proving.rehearsal import rehearse
from conformance.reference.fault import all_faults
from conformance.registry import all_checks

CHECKS = all_checks()
CASES = cases_of(CHECKS)
WORD = r"[a-z0-9]+(-[a-z0-9]+)*"


def test_a_requirement_is_one_sentence() -> None:
    whole = r"[A-Z0-9](?!.*[.!?] [A-Z]).{,118}\."
    assert [c.id for c in CHECKS if not re.fullmatch(whole, c.requirement)] == []


def test_an_id_is_its_area_and_words() -> None:
    known = {area.id for area in AREAS}
    assert [c.id for c in CHECKS if not re.fullmatch(rf"{c.area}/{WORD}", c.id)] == []
    assert {c.area for c in CHECKS} <= known


def test_a_guess_does_not_pass() -> None:
    assert [c.id for c in CHECKS if not 0 <= c.guess < 1e-4] == []


def test_what_a_question_asks_of_the_model_can_be_found_out() -> None:
    assert [c.id for c in CHECKS if not c.abilities <= set(controls())] == []


def test_a_source_can_be_looked_up() -> None:
    assert [c.id for c in CHECKS if c.spec.title.strip() != c.spec.title or not c.spec.title] == []
    assert [c.id for c in CHECKS if not re.fullmatch(r"https://[^\s]+", c.spec.url)] == []


def test_ids_are_unique() -> None:
    assert [id for id, n in Counter(case.id for case in CASES).items() if n > 1] == []
    lower = Counter(case.id.lower() for case in CASES)
    assert max(lower.values()) == 1, "cassettes would collide where case does not count"


def test_an_id_can_be_a_file_name() -> None:
    name = r"[a-z0-9/\-]+(\[[A-Za-z0-9 ._=+,\-]+\])?"
    assert [c.id for c in CASES if not re.fullmatch(name, c.id) or len(c.id) >= 120] == []


def test_every_area_has_checks_and_no_other_name() -> None:
    assert list(dict.fromkeys(check.area for check in CHECKS)) == [area.id for area in AREAS]
    assert len({area.title for area in AREAS}) == len(AREAS)


def test_faults_name_checks_that_exist() -> None:
    ids = {check.id for check in CHECKS}
    assert {id for fault in all_faults().values() for id in fault.caught_by} <= ids


@pytest.fixture(scope="module")
def rehearsed() -> tuple[dict[str, Verdict], list[Probe]]:
    """Verdicts and probes of every case against the reference, in this process."""
    probes: list[Probe] = []
    pictures = corpus.load(data.folder("fixtures"))
    findings = asyncio.run(rehearse(CASES, pictures, sent=probes.append, patience=15.0))
    return {f.case.id: f.verdict for f in findings}, probes


def test_every_picture_that_is_used_exists_and_every_one_is_used(rehearsed) -> None:
    """A picture that does not exist is a KeyError in the rehearsal."""
    verdicts, probes = rehearsed
    assert set(verdicts.values()) == {Verdict.PASSED}
    parts = [part for probe in probes for turn in probe.turns for part in turn.parts]
    used = {p.picture.id for p in parts if isinstance(p, ImagePart) and p.picture}
    assert used == set(corpus.load(data.folder("fixtures")))


def test_every_file_in_fixtures_is_a_picture() -> None:
    folder = data.folder("fixtures")
    known = {picture.file for picture in corpus.load(folder).values()} | {"manifest.json"}
    assert {path.name for path in folder.iterdir()} == known


def test_equal_questions_are_asked_once(rehearsed) -> None:
    _, probes = rehearsed
    assert len(set(probes)) == len(probes)


def test_every_committed_cassette_has_its_case() -> None:
    ids = {case.id for case in (*CASES, *controls().values())}
    folder = data.folder("cassettes")
    for target in (path.parent for path in folder.rglob("target.json")):
        found = {
            p.relative_to(target).as_posix().removesuffix(".yaml") for p in target.rglob("*.yaml")
        }
        assert found <= ids
