"""A run with ``--security``: judged again from its cassettes, and never beyond loopback."""

from __future__ import annotations

import ipaddress
import sys
import tempfile
from pathlib import Path

import pytest

from conformance.asgi.serving import serve_in_thread
from conformance.model import Case, Finding, Target, Verdict, cases_of
from conformance.recording.replay import RecordMode
from conformance.reference.account import KEY, MODEL
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault_named
from conformance.registry import all_checks
from conformance.session.session import Session
from conformance.session.settings import LiveSettings, ReplaySettings, Settings
from conformance.target import Loaded

CASES = [case for case in cases_of(all_checks()) if case.check.opt_in]


def run(
    url: str, folder: Path, mode: RecordMode, *, security: bool, inner: str = ""
) -> dict[str, Finding]:
    target = Target(
        name="t",
        base_url=f"{url}/v1",
        model=MODEL,
        rule=MODEL,
        security=security,
        inner_address=inner,
    )
    settings: Settings = ReplaySettings(cassettes=folder)
    if mode is not RecordMode.NONE:
        loaded = Loaded(target=target, secrets=(KEY,))
        settings = LiveSettings(
            loaded=loaded, key=KEY, record_mode=mode, cassettes=folder, seed="committed"
        )
    session = Session(settings, CASES)
    session.prepare()
    session.begin()
    try:
        return {case.id: finding(session, case) for case in CASES}
    finally:
        session.finish(interrupted=False)


def finding(session: Session, case: Case) -> Finding:
    outcome = session.outcome(case)
    assert isinstance(outcome, Finding)
    return outcome


def red(findings: dict[str, Finding]) -> set[str]:
    return {f.case.check.id for f in findings.values() if f.verdict is Verdict.FAILED}


@pytest.mark.parametrize(
    ("fault", "caught"),
    [
        (
            "fetches-from-anywhere",
            {
                "security/loopback-is-not-fetched",
                "security/redirect-into-loopback-is-not-followed",
            },
        ),
        ("opens-files", {"security/file-is-not-opened", "security/file-errors-tell-nothing"}),
    ],
)
def test_a_hit_is_a_hit_again(tmp_path: Path, fault: str, caught: set[str]) -> None:
    folder = tmp_path / "cassettes"
    with serve_in_thread(make_app(fault_named(fault).make())) as url:
        lived = run(url, folder, RecordMode.REWRITE, security=True)
        judged = run(url, folder, RecordMode.NONE, security=True)
    assert caught <= red(lived)
    assert {i: f.verdict for i, f in judged.items()} == {i: f.verdict for i, f in lived.items()}
    assert {i: f.actual for i, f in judged.items()} == {i: f.actual for i, f in lived.items()}
    texts = [path.read_text() for path in folder.rglob("*.yaml")]
    assert texts
    assert not [text for text in texts if tempfile.gettempdir() in text]


def test_nothing_of_it_is_sent_unasked(tmp_path: Path) -> None:
    knocks = []

    async def counted(scope, receive, send):
        knocks.append(scope["path"])
        await make_app(Endpoint())(scope, receive, send)

    with serve_in_thread(counted) as url:
        found = run(url, tmp_path / "cassettes", RecordMode.REWRITE, security=False)
    assert {f.verdict for f in found.values()} == {Verdict.NOT_APPLICABLE}
    assert all("--security" in f.actual for f in found.values())
    assert knocks == []


class Watch:
    """Every address that this process connects to, and every name it looks up, while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.hosts: set[str] = set()
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple) -> None:
        if not self.on:
            return
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            self.hosts.add(str(arguments[1][0]))
        elif event == "socket.getaddrinfo" and arguments[0] is not None:
            host = arguments[0]
            self.hosts.add(host.decode() if isinstance(host, bytes) else host)


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest.mark.parametrize("fault", ["fetches-from-anywhere", "judges-after-the-fetch"])
def test_nothing_but_loopback_is_ever_connected_to(
    tmp_path: Path, watch: Watch, fault: str
) -> None:
    """Not even where an inner address is named and the endpoint would fetch anything."""
    watch.hosts, watch.on = set(), True
    try:
        with serve_in_thread(make_app(fault_named(fault).make())) as url:
            inner = "http://192.0.2.1/picture.png"
            found = run(url, tmp_path, RecordMode.REWRITE, security=True, inner=inner)
    finally:
        watch.on = False
    assert found["security/inner-address-is-not-tried"].evidence
    assert "127.0.0.1" in watch.hosts
    assert {h for h in watch.hosts if not ipaddress.ip_address(h).is_loopback} == set()
