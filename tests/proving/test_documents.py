"""The documents that `make prove` writes: complete, as good as promised, and true of a sample."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.proving import composing, prooftable, zoo
from conformance.proving.proof import prove_one
from conformance.reference.fault import all_faults, composed, fault_named

HERE = Path(__file__).parent
#: One fault in so many is proved again, from the first on: slow tests.
SAMPLE = 120
SAMPLED = [pytest.param(name, marks=pytest.mark.slow) for name in list(all_faults())[::SAMPLE]]


def rows(name: str) -> Iterator[list[str]]:
    """The cells of every row that begins with a name in backticks."""
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def figure(name: str, label: str) -> float:
    text = (HERE / name).read_text("utf-8")
    found = re.search(rf"^\| {re.escape(label)} \| ([\d.]+)", text, re.M)
    assert found, f"{name} says nothing of {label!r}"
    return float(found[1])


def test_every_fault_has_a_row_and_is_caught() -> None:
    faults = list(all_faults())
    assert [cells[0].strip("`") for cells in rows("PROVE.md")] == faults
    assert figure("PROVE.md", "caught by every check they name") == len(faults)
    assert not [cells for cells in rows("PROVE.md") if "not red" in cells[-1]]


@pytest.mark.parametrize(
    ("label", "least"),
    [
        ("symptom named by some statement", 0.98),
        ("symptom named by the first statement", 0.95),
        ("symptom, and what parts the requests, named by the first", 0.85),
    ],
)
def test_what_is_said_first_is_right(label: str, least: float) -> None:
    assert figure("PROVE.md", label) >= least


@pytest.mark.parametrize("name", SAMPLED)
def test_a_row_is_true_of_today(name: str) -> None:
    fault = fault_named(name)
    proof = prove_one(fault, zoo.findings_of(fault))
    told = next(cells for cells in rows("PROVE.md") if cells[0] == f"`{name}`")
    assert proof.is_caught
    assert ("its symptom is not named" in prooftable.off(proof)) == ("is not named" in told[-1])


def test_weather_and_modest_models_are_held_against_nobody() -> None:
    """The six kinds of weather with a hundred seeds each, and forty faults and more in one."""
    weather = [row for row in table("SIMULATED.md") if row[0].startswith("weather")]
    assert len(weather) == 6
    assert {row[1] for row in weather} == {"100"}
    assert figure("SIMULATED.md", "innocent cases FAILED") == 0
    assert figure("SIMULATED.md", "faults in weather") >= 40
    asked = figure("SIMULATED.md", "checks that were to fail, over all seeds")
    assert figure("SIMULATED.md", "checks that did not") <= asked / 100


def table(name: str) -> Iterator[list[str]]:
    """The cells of every row."""
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line[1:-1].split("|")]


def test_of_two_faults_the_second_is_told() -> None:
    assert figure("PAIRS.md", "ordered pairs") >= 1000
    assert figure("PAIRS.md", "faults") >= 60
    assert figure("PAIRS.md", "in which the symptom of the second is named") >= 0.95
    label = "named, of all pairs in which anything of it could be observed"
    assert figure("PAIRS.md", label) >= 0.99


def test_what_is_joined_can_be_joined() -> None:
    """Faults of different symptoms that stand in one endpoint, and no two composites alike."""
    chosen = composing.chosen()
    assert len(set(chosen)) == len(chosen)
    for names in chosen:
        symptoms = {fault_named(name).symptom for name in names}
        assert len(symptoms) == len(names) > 1
        assert composed(names)


def test_faults_that_are_there_together_are_told() -> None:
    names = [re.findall(r"`([a-z0-9-]+)`", cells[0]) for cells in rows("COMPOSED.md")]
    assert [tuple(each) for each in names] == composing.chosen()
    assert sum(len(each) == 2 for each in names) >= 40
    assert sum(len(each) == 3 for each in names) >= 10
    told = figure("COMPOSED.md", "whose symptom is told")
    spoiled = figure("COMPOSED.md", "which no check could show, for another spoils all pictures")
    faults = figure("COMPOSED.md", "faults in them")
    assert told >= 0.9 * faults
    assert told >= 0.98 * (faults - spoiled)
