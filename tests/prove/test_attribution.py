"""A fault turns red what it names, and no other area is blamed for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conformance.commands import prooftable
from conformance.commands.proof import Figures, Proof, figures
from conformance.commands.proving import proof_of, prove
from conformance.diagnosis.kinds import Kind
from conformance.reference.fault import all_faults

DOCUMENT = Path(__file__).with_name("PROVE.md")
#: The digest: one fault in so many is proved in full here, all of them by ``make prove``.
EVERY = 12
DIGEST = [*list(all_faults())[::EVERY]]
ROW = re.compile(r"^\| `(?P<fault>[^`]+)` \| (?P<kind>[^|]*) \| .* \| (?P<off>[^|]*) \|$", re.M)


@pytest.mark.parametrize("name", DIGEST)
def test_a_fault_is_caught_and_rightly_blamed_and_diagnosed(name: str) -> None:
    proof = proof_of(name)
    assert proof.missed == ()
    if name not in prooftable.EXPLAINED:
        assert proof.blamed, "something is to blame"
        assert proof.wrongly_blamed == ()
        assert proof.concluded == proof.kind, proof.words


def test_every_fault_has_a_class() -> None:
    without = {name for name, fault in all_faults().items() if fault.kind not in set(Kind)}
    assert without == set()
    assert Kind.NONE not in {fault.kind for fault in all_faults().values()}


def test_every_class_has_its_faults() -> None:
    kinds = {fault.kind for fault in all_faults().values()}
    assert set(Kind) - {Kind.NONE} <= kinds


def test_the_document_has_a_row_for_every_fault() -> None:
    rows = [(m["fault"], m["kind"]) for m in ROW.finditer(DOCUMENT.read_text(encoding="utf-8"))]
    assert rows == [(f.name, f.kind) for f in all_faults().values()], "run `make prove`"


def test_every_row_that_is_off_is_explained() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    off = {m["fault"]: m["off"] for m in ROW.finditer(text) if m["off"].strip()}
    assert set(off) == set(prooftable.EXPLAINED)
    assert "not explained" not in text


def test_the_figures_of_the_document_are_what_is_aimed_at() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| ([a-z][^|]*?) \| ([\d.]+) \|$", text, re.M))
    count = len(all_faults())
    assert int(told["faults"]) == int(told["caught by every check they name"]) == count >= 130
    blame = [value for name, value in told.items() if " of the blame" in name]
    precision, recall = map(float, blame)
    assert precision >= 0.99
    assert recall == 1.0
    assert float(told["faults whose class the diagnosis names first"]) >= 0.98


def made(**changes: object) -> Proof:
    plain = {
        "fault": "some-fault",
        "kind": "protocol",
        "named": ("url/plain",),
        "red": ("url/plain", "errors/x"),
        "blamed": ("url/plain",),
        "echoes": (("errors/x", "url/plain"),),
        "orphans": (),
        "unobserved": (),
        "concluded": "protocol",
        "words": "",
    }
    return Proof(**{**plain, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("proofs", "caught", "precision", "recall", "concluded"),
    [
        ([], 0, 1.0, 1.0, 1.0),
        ([made()], 1, 1.0, 1.0, 1.0),
        ([made(named=("url/plain", "url/gone"))], 0, 1.0, 0.5, 1.0),
        ([made(blamed=("url/plain", "errors/x"))], 1, 0.5, 1.0, 1.0),
        ([made(concluded="none"), made()], 2, 1.0, 1.0, 0.5),
    ],
)
def test_figures(
    proofs: list[Proof], caught: int, precision: float, recall: float, concluded: float
) -> None:
    assert figures(proofs) == Figures(
        faults=len(proofs),
        caught=caught,
        precision=precision,
        recall=recall,
        concluded=concluded,
    )


def test_what_is_off_is_said() -> None:
    off = made(named=("url/gone",), blamed=("errors/x",), orphans=("url/z",), concluded="none")
    said = prooftable.line(off)
    for words in ("MISSED", "not red: url/gone", "other area blamed: errors/x", "url/z", "as none"):
        assert words in said
    assert "OFF" not in prooftable.line(made())


def test_a_wrong_name_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert prove(["blnd"]) == 2
    assert "did you mean 'blind'" in capsys.readouterr().err
