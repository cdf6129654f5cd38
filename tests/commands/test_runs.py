"""Runs that work: exit statuses, spellings of the address, and what is printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance import data
from conformance.commands import embedded
from conformance.model import cases_of
from conformance.reference.account import KEY, MODEL, TEXT_MODEL
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.registry import all_checks
from conformance.target import api_key, load


def report(folder: Path) -> dict:
    return json.loads((folder / "out" / "report.json").read_text())


def verdicts(folder: Path) -> dict[str, str]:
    return {f["case"]: f["verdict"] for f in report(folder)["findings"]}


def test_the_reference_passes(command, tmp_path: Path) -> None:
    ended = command("run", "--reference", "--area", "shape")
    assert (ended.status, ended.stderr) == (0, "")
    assert set(verdicts(tmp_path).values()) == {"passed"}
    assert "\r" not in ended.stdout
    assert "\x1b" not in ended.stdout
    assert "No MUST requirement is violated in this part" in ended.stdout
    for name in ("report.html", "junit.xml", "cassettes/target.json", "fixtures/manifest.json"):
        assert (tmp_path / "out" / name).is_file()

    judged = command("judge", "out", "--area", "shape", "--out", "again")
    assert judged.status == 0
    again = json.loads((tmp_path / "again" / "report.json").read_text())
    assert {f["case"]: f["verdict"] for f in again["findings"]} == verdicts(tmp_path)
    assert again["header"]["mode"] == "replay"

    none = command("judge", "out", "--area", "errors", "--out", "none")
    assert none.status == 3
    assert "Traceback" not in (tmp_path / "none" / "pytest.log").read_text()


@pytest.mark.slow
def test_a_fault_is_caught(command, tmp_path: Path) -> None:
    ended = command(
        "run", "--reference", "--fault", "drops-url-pictures", "--area", "url", "-k", "plain"
    )
    assert (ended.status, ended.stderr) == (1, "")
    assert verdicts(tmp_path)["url/plain"] == "failed"
    assert "url/plain" in ended.stdout


@pytest.mark.sampled(4)
@pytest.mark.parametrize("end", ["", "/", "/chat/completions", "/chat/completions/"])
def test_the_address_may_be_written_in_several_ways(
    command, tmp_path: Path, reference: str, end: str
) -> None:
    at = ("--base-url", reference + end, "--model", "gpt-4o")
    ended = command("run", *at, "--area", "base64", "-k", "plain", "--seed", "committed")
    assert (ended.status, ended.stderr) == (0, "")
    assert report(tmp_path)["header"]["target"]["base_url"] == reference


@pytest.mark.slow
def test_the_address_may_stand_in_the_environment(command, tmp_path: Path, reference: str) -> None:
    arguments = ("--model", "gpt-4o", "--area", "base64", "-k", "plain", "--seed", "committed")
    ended = command("run", *arguments, OPENAI_BASE_URL=reference)
    assert (ended.status, ended.stderr) == (0, "")


async def busy(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers 503 to every question."""
    headers = [(b"retry-after", b"0"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b"later"})


def busy_at_once() -> ASGIApp:
    """Answers the first question, and 503 from there on."""
    endpoint = make_app(Endpoint())
    asked = count()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_first = scope["type"] != "http" or next(asked) == 0
        await (endpoint if is_first else busy)(scope, receive, send)

    return app


@pytest.mark.slow
def test_what_is_busy_from_the_start_is_told_at_once(command, tmp_path: Path, serve) -> None:
    at = ("--base-url", f"{serve(busy)}/v1", "--model", "m", "--seed", "committed")
    ended = command("run", *at, "--area", "base64")
    assert ended.status == 2
    assert "answers 503 (“later”)" in ended.stderr


@pytest.mark.slow
def test_what_is_never_answered_is_not_observed(command, tmp_path: Path, serve) -> None:
    at = ("--base-url", f"{serve(busy_at_once())}/v1", "--model", MODEL, "--seed", "committed")
    ended = command("run", *at, "--area", "base64")
    assert (ended.status, ended.stderr) == (3, "")
    assert set(verdicts(tmp_path).values()) == {"unobserved"}
    judged = command("judge", "out", "--area", "base64")
    assert (judged.status, judged.stderr) == (3, "")


def test_the_options_of_a_users_own_pytest_do_no_harm(command, tmp_path: Path) -> None:
    ini = "[pytest]\naddopts = --no-such-option -x --cov=src\npython_files = nothing_*.py\n"
    (tmp_path / "pytest.ini").write_text(ini)
    (tmp_path / "conftest.py").write_text("raise SystemExit('a conftest of somebody else')")
    ended = command(
        "run", "--reference", "--area", "base64", "-k", "plain", "--seed", "committed",
        PYTEST_ADDOPTS="--no-such-option", PYTEST_PLUGINS="",
    )  # fmt: skip
    assert (ended.status, ended.stderr) == (0, "")


def test_list(command) -> None:
    ended = command("list")
    assert (ended.status, ended.stderr) == (0, "")
    for check in all_checks():
        assert check.id in ended.stdout
    assert f"{len(all_checks())} checks, {len(cases_of(all_checks()))} cases" in ended.stdout


def test_list_of_faults(command) -> None:
    ended = command("list", "--faults")
    assert (ended.status, ended.stderr) == (0, "")
    assert "drops-url-pictures" in ended.stdout


def test_plan_sends_nothing(command, serve: Callable[..., str], tmp_path: Path) -> None:
    knocks = []

    async def counts(scope: Scope, receive: Receive, send: Send) -> None:
        knocks.append(scope["path"])
        await busy(scope, receive, send)

    file = f'base_url = "{serve(counts)}/v1"\nmodel = "gpt-4o"\n[prices]\ninput = 2.5\n'
    (tmp_path / "t.toml").write_text(file)
    ended = command("plan", "--target", "t.toml", "--area", "base64", OPENAI_API_KEY=None)
    assert (ended.status, ended.stderr) == (0, "")
    assert "Nothing was sent." in ended.stdout
    assert "requests" in ended.stdout
    assert "price" in ended.stdout
    assert knocks == []
    assert [path.name for path in tmp_path.iterdir()] == ["t.toml"]


@pytest.mark.slow
def test_committed_pictures_are_never_replaced(command, tmp_path: Path, reference: str) -> None:
    """An --out that is the checkout itself would draw over its fixtures."""
    at = ("--base-url", reference, "--model", "gpt-4o", "--area", "base64", "-k", "plain")
    before = (data.folder("fixtures") / "manifest.json").read_bytes()
    cassettes = tmp_path / "link" / "cassettes"
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "fixtures").symlink_to(data.folder("fixtures"))
    ended = command("run", *at, "--cassettes", cassettes)
    assert ended.status == 2
    assert "would replace the committed ones" in ended.stderr
    assert (data.folder("fixtures") / "manifest.json").read_bytes() == before


def test_the_reference_is_called_by_the_names_it_has() -> None:
    given, environ = {"base_url": "http://127.0.0.1:1/v1"}, {embedded.KEY_ENV: KEY}
    target = load(embedded.TARGET, overrides=given, environ=environ).target
    assert (target.model, target.text_model) == (MODEL, TEXT_MODEL)
    assert api_key(target, environ) == KEY
