"""The flag that asks for probes which could do harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

AREA = ("--area", "security", "-k", "loopback or file-is or inner or cut")


def verdicts(folder: Path) -> dict[str, str]:
    report = json.loads((folder / "out" / "report.json").read_text())
    return {f["case"]: f["verdict"] for f in report["findings"]}


@pytest.mark.slow
def test_the_reference_is_asked_by_itself_and_passes(command, tmp_path: Path) -> None:
    ended = command("run", "--reference", *AREA)
    # None of them is a MUST, so that nothing of weight was judged.
    assert (ended.status, ended.stderr) == (3, "")
    found = verdicts(tmp_path)
    assert found.pop("security/inner-address-is-not-tried") == "not-applicable"
    assert set(found.values()) == {"passed"}
    judged = command("judge", "out", "--area", "security", "--out", "out")
    assert judged.status in (0, 3)
    again = verdicts(tmp_path)
    assert {case: again[case] for case in found} == found


@pytest.mark.slow
def test_an_endpoint_is_asked_on_demand_only(command, tmp_path: Path, reference: str) -> None:
    at = ("--base-url", reference, "--model", "gpt-4o", "--seed", "committed")
    command("run", *at, *AREA)
    assert set(verdicts(tmp_path).values()) == {"not-applicable"}
    ended = command("run", *at, *AREA, "--security")
    assert ended.stderr == ""
    found = verdicts(tmp_path)
    # That endpoint was not told where pictures may come from, so it takes any port of loopback.
    assert found["security/loopback-is-not-fetched[dotted]"] == "failed"
    assert found["security/loopback-is-not-fetched[decimal]"] == "passed"
    assert found["security/file-is-not-opened[url]"] == "passed"
    assert found["security/inner-address-is-not-tried"] == "not-applicable"


def test_the_help_says_what_it_does(command) -> None:
    told = " ".join(command("run", "--help").stdout.split())
    for words in ("--security", "could do harm", "another port", "files", "bomb"):
        assert words in told


def test_a_plan_counts_them_on_demand_only(command) -> None:
    assert "0 apply" in command("plan", "--area", "security").stdout
    asked = command("plan", "--area", "security", "--security")
    assert (asked.status, asked.stderr) == (0, "")
    assert "0 apply" not in asked.stdout


def test_a_witness_is_of_use_on_this_machine_only(command, tmp_path: Path) -> None:
    file = 'base_url = "https://relay.example/v1"\nmodel = "gpt-4o"\n'
    (tmp_path / "t.toml").write_text(file)
    here = command("plan", "--area", "security", "--security").stdout
    there = command("plan", "--area", "security", "--security", "--target", "t.toml").stdout
    assert "requests" in there
    assert there.splitlines()[1] != here.splitlines()[1]


def test_an_origin_that_is_none_is_one_sentence(command) -> None:
    ended = command("serve", "--bind", "127.0.0.1:0", "--pictures-from", "pictures")
    assert ended.status == 2
    assert "is no origin: write one such as http://127.0.0.1:8398" in ended.stderr
