"""Endpoints that guard themselves otherwise than the reference are not accused for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import httpx
import pytest
from starlette.responses import Response

from conformance.model import Finding, Json, Reason, Verdict
from conformance.proving.rehearsal import TARGET
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.conversation import Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import PictureError, PictureTooLarge
from conformance.reference.eyes.looking import Sight
from conformance.reference.failure import ApiError
from conformance.reference.faults._parts import is_picture, url_in


class AnswersBombs(Endpoint):
    """Shrinks a picture of any size while it decodes, so that it costs nothing."""

    def unreadable(self, error: PictureError) -> ApiError:
        if isinstance(error, PictureTooLarge):
            raise _Blank
        return super().unreadable(error)

    async def look(self, loaded: Loaded, detail: str) -> Look:
        try:
            return await super().look(loaded, detail)
        except _Blank:
            return Look(
                sight=Sight(), width=1, height=1, size=1, detail=detail, source=loaded.source
            )


class _Blank(Exception):
    pass


class TakesNoUrls(Endpoint):
    """Has never heard of URLs, and says so with 422."""

    async def load(self, url: str, path: str) -> Loaded:
        if url[:5] != "data:":
            raise ApiError("only data URLs are supported", status=422)
        return await super().load(url, path)


class TalksPastThem(Endpoint):
    """Answers politely where an address is none of http."""

    async def take(self, part: Json, path: str) -> Item | None:
        url = url_in(part)
        if is_picture(part) and not str(url).startswith(("http", "data:")):
            return "The user has given the path of a file that cannot be opened."
        return await super().take(part, path)


class _StopsAtEightMegabytes(Downloader):
    async def _body(self, response: httpx.Response) -> bytes:
        body = b""
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > 8_000_000:
                raise ApiError("file too large", status=413, code="too_large")
        return body


class StopsSooner(Endpoint):
    """Another limit, another status, and no idea of codings."""

    downloader_kind = _StopsAtEightMegabytes


#: Each try names a picture by an address of its own.
ADDRESS = re.compile(rb'https?://[^"]*')


class BusyOnce(Endpoint):
    """429 for the first request of each kind."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.seen: set[bytes] = set()

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        kind = ADDRESS.sub(b"", raw)
        if kind not in self.seen:
            self.seen.add(kind)
            response = self.refuse(ApiError("slow down", status=429))
            response.headers["retry-after"] = "0"
            return response
        return await super().chat(headers, raw)


KINDS = [AnswersBombs, TakesNoUrls, TalksPastThem, StopsSooner, BusyOnce]


@pytest.fixture
def security(every_case) -> set[str]:
    return {case.check.id for case in every_case if case.check.opt_in}


def told(findings: list[Finding]) -> str:
    return "\n".join(f"{f.case.id} {f.verdict}: {f.actual}" for f in findings)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_nothing_is_held_against(kind: type[Endpoint], run, security: set[str]) -> None:
    findings = [f for f in run(kind, security | {"url/plain"}) if f.case.check.opt_in]
    # Who takes no URLs is blocked where a picture must come by one.
    blocked = {f.blocked_by for f in findings if f.verdict is Verdict.BLOCKED}
    assert {f.verdict for f in findings} <= {Verdict.PASSED, Verdict.BLOCKED}, told(findings)
    assert blocked == ({"url/plain"} if kind is TakesNoUrls else set()), told(findings)


def test_nothing_is_asked_of_who_did_not_ask(run, security: set[str]) -> None:
    findings = run(Endpoint, security, replace(TARGET, security=False))
    assert {(f.verdict, f.why) for f in findings} == {(Verdict.NOT_APPLICABLE, Reason.NOT_ASKED)}
    assert all(not f.evidence for f in findings)


def test_an_endpoint_elsewhere_is_not_sent_to_its_own_loopback(run, security: set[str]) -> None:
    """Its loopback is not ours: nothing there could be a witness, and it may be anybody's."""
    findings = run(Endpoint, security, replace(TARGET, base_url="https://relay.example/v1"))
    local = ("loopback", "file-")
    for finding in findings:
        is_local = any(word in finding.case.check.id for word in local)
        assert (finding.verdict is Verdict.NOT_APPLICABLE) == is_local, finding.case.id
