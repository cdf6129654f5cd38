"""The table of real defects: complete, about things that exist, and proven where it says so."""

from __future__ import annotations

import re
from pathlib import Path

from conformance.reference.coverage import NOT_VISIBLE, NOT_YET, defects, families, ids, markdown
from conformance.reference.fault import all_faults
from conformance.registry import all_checks

DOCUMENT = Path(__file__).with_name("COVERAGE.md")
DEFECTS = 212


def test_the_ids_are_those_of_the_defects() -> None:
    assert list(ids()) == sorted(set(ids()))
    assert len(ids()) == DEFECTS


def test_every_defect_is_listed_once() -> None:
    assert sorted(d.id for d in defects()) == list(ids())


def test_checks_and_faults_exist() -> None:
    assert {c for d in defects() for c in d.checks} <= {check.id for check in all_checks()}
    assert {f for d in defects() for f in d.faults} <= set(all_faults())


def test_each_is_covered_or_has_a_reason() -> None:
    for defect in defects():
        assert defect.is_covered != bool(defect.reason), defect.id
        assert not defect.reason or defect.reason.startswith((NOT_VISIBLE, NOT_YET)), defect.id


def test_what_is_covered_is_proven() -> None:
    """Every fault that stands for it must be caught by a check that is named."""
    faults = all_faults()
    for defect in filter(lambda d: d.is_covered, defects()):
        for name in defect.faults:
            assert set(faults[name].caught_by) & set(defect.checks), (defect.id, name)


def test_what_is_not_covered_names_nothing() -> None:
    for defect in filter(lambda d: d.reason, defects()):
        assert not defect.checks, defect.id
        assert not defect.faults, defect.id


def test_the_words_are_short_and_fit_a_table() -> None:
    for defect in defects():
        for words in (defect.words, defect.reason):
            assert len(words) <= 120
            assert not set("|\n`<>") & set(words)
        assert defect.words


def test_the_document_is_what_the_data_says() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == markdown(defects(), families()), "run `make prove`"
    told = re.search(r"^(\d+) of (\d+) are covered \(([\d.]+)%\)", text, re.M)
    assert told is not None
    covered = sum(d.is_covered for d in defects())
    assert (int(told[1]), int(told[2])) == (covered, DEFECTS)
    assert float(told[3]) == round(100 * covered / DEFECTS, 1)


def test_nine_in_ten_are_covered() -> None:
    assert sum(d.is_covered for d in defects()) / DEFECTS >= 0.9


def test_every_family_of_probes_is_sent_or_has_a_reason() -> None:
    assert [f.id for f in families()] == [f"P{n:02}" for n in range(1, 50)]
    assert {c for f in families() for c in f.checks} <= {check.id for check in all_checks()}
    for family in families():
        assert bool(family.checks) != bool(family.reason), family.id
