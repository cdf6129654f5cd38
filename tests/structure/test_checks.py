"""What every check, case and picture must be like."""

from __future__ import annotations

import re
from collections import Counter

from conformance import data
from conformance.controls.abilities import controls
from conformance.drawing import corpus
from conformance.model import AREAS, Verdict, cases_of, pictures_of
from conformance.proving.recorded import recorded
from conformance.proving.requests import FILE, document_of, text_of
from conformance.recording.cassette import Cassette
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


def test_the_reference_passes_and_sees_every_picture() -> None:
    """As recorded: `make accept` records what is new."""
    findings = recorded().cases
    # Where a probe would be sent to another machine it is not sent at all.
    others = {f.case.id: f.actual for f in findings if f.verdict is not Verdict.PASSED}
    assert set(others) <= {"security/inner-address-is-not-tried"}, others
    probes = [exchange.probe for finding in findings for exchange in finding.evidence]
    used = {picture.id for probe in probes for picture in pictures_of(probe)}
    assert used == set(corpus.load(data.folder("fixtures")))


def test_what_is_sent_is_known_beforehand() -> None:
    """A plan is made of it."""
    wanted = text_of(document_of(recorded().cases))
    assert FILE.read_text(encoding="utf-8") == wanted, "run `make accept`"


def test_every_file_in_fixtures_is_a_picture() -> None:
    folder = data.folder("fixtures")
    known = {picture.file for picture in corpus.load(folder).values()} | {"manifest.json"}
    assert {path.name for path in folder.iterdir()} == known


def test_every_committed_exchange_has_its_case() -> None:
    cassette = Cassette(data.folder("cassettes") / "reference")
    assert len(cassette) == len(recorded().asked), "run `make accept`"
