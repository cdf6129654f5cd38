"""Brings every generated file up to date after a new check or fault; ``make accept`` runs it.

Tables are written anew. Recorded and proved is only what is new: cassettes of cases that have none
or ask otherwise now, and faults that have no row or name a check that their row does not.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from readme import generated

from conformance.commands.proving import prove_all
from conformance.model import Verdict, cases_of
from conformance.proving import prooftable
from conformance.proving.recorded import Judged, recorded
from conformance.proving.requests import FILE, document_of, text_of
from conformance.recording.cassette import Cassette
from conformance.reference import coverage
from conformance.reference.fault import Fault, all_faults
from conformance.registry import all_checks

ROOT = Path(__file__).resolve().parents[1]
CASSETTES = ROOT / "cassettes" / "reference"
PROVING = ROOT / "tests" / "proving"


def main() -> int:
    """Exit status 0 where all is up to date now, 1 where something is not as it must be."""
    cases = cases_of(all_checks())
    wrong = [*_cassettes(), *_requests(), *_proofs(), *_pages()]
    for sentence in wrong:
        print(f"wrong: {sentence}")
    print(f"{len(cases)} cases of {len(all_checks())} checks, {len(all_faults())} faults")
    return 1 if wrong else 0


def write(file: Path, text: str) -> None:
    """Writes a file where it is another one now, and says so."""
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    if before == text:
        return
    file.write_text(text, encoding="utf-8")
    old, new = set(before.splitlines()), set(text.splitlines())
    print(f"{file.relative_to(ROOT)}: {len(new - old)} new lines, {len(old - new)} gone")


def _pages() -> Iterator[str]:
    """Last of all, because figures are copied into pages."""
    for page, text in generated():
        write(page, text)
    yield from ()


def _cassettes() -> Iterator[str]:
    """Records what is new, and deletes what no case asks any more."""
    found = _replayed()
    Cassette(CASSETTES).compact(found.asked)
    missing = [f.case.id for f in found.findings if f.verdict is Verdict.UNOBSERVED]
    if not missing:
        return
    print(f"recording {len(missing)} cases: {', '.join(missing[:6])}{' …' * (len(missing) > 6)}")
    command = [sys.executable, "-m", "conformance.cli", "run", "--reference", "--seed=committed"]
    command += [f"--cassettes={CASSETTES}", "--record-mode=new_episodes", "--out=out/reference"]
    # Says when and at which ports, which is not what has changed.
    target = CASSETTES / "target.json"
    before = target.read_bytes()
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    target.write_bytes(before)
    if ended.returncode != 0:
        yield f"the reference endpoint does not pass: exit status {ended.returncode}"
    for finding in _replayed().findings:
        if finding.verdict not in (Verdict.PASSED, Verdict.NOT_APPLICABLE):
            yield f"{finding.case.id} is {finding.verdict} of the reference: {finding.actual}"


def _requests() -> Iterator[str]:
    write(FILE, text_of(document_of(_replayed().cases)))
    yield from ()


def _replayed() -> Judged:
    """Every case, from the cassette as it is now."""
    recorded.cache_clear()
    return recorded()


def _proofs() -> Iterator[str]:
    """Proves the faults that are new, and writes the tables."""
    file = PROVING / "PROVE.md"
    text = file.read_text(encoding="utf-8")
    rows = prooftable.rows_of(text)
    new = [name for name, fault in all_faults().items() if not _is_proved(fault, rows)]
    proofs = []
    for proof in prove_all(new):
        print(prooftable.line(proof).rstrip())
        proofs.append(proof)
        if not proof.is_caught:
            yield f"{proof.fault} is not caught by {', '.join(proof.missed)}"
    write(file, prooftable.updated(text, proofs, all_faults()))
    write(PROVING / "COVERAGE.md", coverage.markdown(coverage.defects(), coverage.families()))


def _is_proved(fault: Fault, rows: dict[str, str]) -> bool:
    row = rows.get(fault.name, "")
    return bool(row) and all(f"`{check}`" in row for check in fault.caught_by)


if __name__ == "__main__":
    sys.exit(main())
