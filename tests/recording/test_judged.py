"""A run that is judged again from its cassettes comes to the same verdicts."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conformance.model import Case, Exchange, Finding, Verdict
from conformance.recording.replay import RecordMode
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault_named
from conformance.wire.jsontext import NotJson, parse


def told(finding: Finding) -> tuple[object, ...]:
    """All that is said of a case, the evidence included; VCR keeps no order of headers."""
    said = (finding.verdict, finding.expected, finding.actual, finding.hint, finding.blocked_by)
    return (*said, [shown(exchange) for exchange in finding.evidence])


def shown(exchange: Exchange) -> tuple[object, ...]:
    e = exchange
    headers = sorted(e.headers)
    return (e.probe, e.sent, e.status, headers, e.body, e.chunks, e.fetches, e.reply, e.attempts)


def verdicts(findings: dict[str, Finding]) -> dict[str, Verdict]:
    return {id: finding.verdict for id, finding in findings.items()}


def both(serve, cases: list[Case], *given: object) -> tuple[dict[str, Finding], ...]:
    with serve(*given) as live:
        return live.run(RecordMode.REWRITE, cases), live.run(RecordMode.NONE, cases)


@pytest.mark.slow
def test_every_case_of_the_reference(serve, all_cases: list[Case]) -> None:
    lived, judged = both(serve, all_cases)
    assert verdicts(judged) == verdicts(lived)
    assert set(verdicts(lived).values()) == {Verdict.PASSED}
    for id, finding in lived.items():
        assert told(judged[id]) == told(finding)


@pytest.mark.parametrize(
    ("fault", "areas"),
    [("drops-url-pictures", {"url"})],
)
def test_every_case_of_a_fault(serve, all_cases: list[Case], fault: str, areas: set[str]) -> None:
    cases = [case for case in all_cases if case.check.area in areas]
    lived, judged = both(serve, cases, fault_named(fault).make)
    assert verdicts(judged) == verdicts(lived)
    assert {Verdict.FAILED, Verdict.BLOCKED} <= set(verdicts(lived).values())
    for id, finding in lived.items():
        assert told(judged[id]) == told(finding)


def choking(app: ASGIApp) -> ASGIApp:
    """Answers 502 to what is not JSON, as a gateway does whose backend died of it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        if isinstance(parse(body or b"{}"), NotJson):
            headers = [(b"retry-after", b"0")]
            await send({"type": "http.response.start", "status": 502, "headers": headers})
            return await send({"type": "http.response.body", "body": b"bad gateway"})

        async def again() -> Message:
            return {"type": "http.request", "body": body}

        return await app(scope, again, send)

    return answer


def test_a_gateway_that_chokes_on_a_request(serve, all_cases: list[Case]) -> None:
    """A 502 that is held against the endpoint is evidence, and must be kept as such."""
    cases = [c for c in all_cases if c.check.id == "errors/malformed-json-is-refused"]
    lived, judged = both(serve, cases, Endpoint, choking)
    assert Verdict.FAILED in verdicts(lived).values()
    assert verdicts(judged) == verdicts(lived)


def test_a_folder_of_cassettes_needs_no_endpoint_and_writes_nothing(
    serve, cases: list[Case], tmp_path: Path
) -> None:
    with serve() as live:
        live.run(RecordMode.REWRITE, cases)
    before = sorted(str(p) for p in tmp_path.rglob("*"))
    judged = live.run(RecordMode.NONE, cases)
    assert set(verdicts(judged).values()) == {Verdict.PASSED}
    assert sorted(str(p) for p in tmp_path.rglob("*")) == before
