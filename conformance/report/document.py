"""Findings as one JSON document: what ``report.json`` holds and every other report is made of."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from conformance.diagnosis.diagnose import diagnose
from conformance.diagnosis.kinds import Statement
from conformance.model import (
    Chunk,
    Exchange,
    Fetch,
    Finding,
    ImagePart,
    Level,
    Probe,
    Target,
    Verdict,
)
from conformance.report.curl import curl
from conformance.report.text import bounded, scrubbed

FORMAT = 1
#: Bytes of a reply's body that are kept: enough for every error object seen so far.
EXCERPT = 8 * 1024
#: Characters of a request body that are kept. Pictures are digests by now, so a request with
#: several hundred of them still fits.
REQUEST = 128 * 1024
#: Characters of the reply's text, and of what is said about it.
SAID = 8 * 1024
#: Characters of a sentence of the diagnosis.
TOLD = 500
#: Pieces of a stream that are listed one by one; beyond, neighbours are added up.
CHUNKS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a run was about. Times are ISO 8601; ``mode`` is "live", "replay" or "judge"."""

    suite_version: str
    started: str
    finished: str
    target: Target
    seed: str
    mode: str
    python: str
    platform: str


def document(
    header: Header,
    findings: Sequence[Finding],
    *,
    interrupted: bool,
    bill: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The report as JSON: ``header``, ``findings`` in the order given, ``footer``.

    An interrupted run never has exit status 0: what was not looked at is not established.
    ``bill`` is what single pictures cost, None where no reply says; it is data already.
    """
    verdicts = Counter(f.verdict.value for f in findings)
    return {
        "header": _header(header),
        "findings": [_finding(f, header.target) for f in findings],
        "footer": {
            "cases": len(findings),
            "verdicts": dict(sorted(verdicts.items())),
            "exit_status": exit_status(findings) or (3 if interrupted else 0),
            "interrupted": interrupted,
            "diagnosis": [_statement(s) for s in diagnose(findings)],
        }
        | ({"bill": _bill(bill)} if bill else {}),
    }


def _bill(bill: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: scrubbed(bounded(bill[name], TOLD)) for name in ("model", "words")}
    return {**bill, **told}


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "class": statement.kind.value,
        "words": bounded(statement.words, TOLD),
        "evidence": [bounded(sentence, TOLD) for sentence in statement.evidence],
        "checks": list(statement.checks),
    }


def exit_status(findings: Sequence[Finding]) -> int:
    """0: every MUST passed or is not applicable. 1: some MUST failed, be it as the echo of another.
    3: none failed, but some MUST is unobserved or blocked, or there is nothing to go by."""
    binding = [f for f in findings if f.case.check.level is Level.MUST]
    verdicts = {f.verdict for f in binding}
    if Verdict.FAILED in verdicts or any(f.is_echo for f in binding):
        return 1
    unsettled = bool(verdicts & {Verdict.UNOBSERVED, Verdict.BLOCKED})
    return 3 if unsettled or not findings else 0


def without_userinfo(url: str) -> str:
    """``url`` without a user name and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _header(header: Header) -> dict[str, Any]:
    target = header.target
    return {
        "format": FORMAT,
        "suite_version": header.suite_version,
        "started": header.started,
        "finished": header.finished,
        "target": {
            "name": target.name,
            "base_url": without_userinfo(target.base_url),
            "model": target.model,
        },
        "seed": header.seed,
        "mode": header.mode,
        "python": header.python,
        "platform": header.platform,
    }


def _finding(finding: Finding, target: Target) -> dict[str, Any]:
    check = finding.case.check
    return {
        "case": finding.case.id,
        "check": check.id,
        "area": check.area,
        "level": check.level.value,
        "verdict": finding.verdict.value,
        "requirement": check.requirement,
        "expected": _said(finding.expected),
        "actual": _said(finding.actual),
        "hint": _said(finding.hint),
        "spec": {"title": check.spec.title, "url": check.spec.url},
        "blocked_by": finding.blocked_by,
        "is_echo": finding.is_echo,
        "guess_probability": check.guess,
        "evidence": [_exchange(e, target) for e in finding.evidence],
    }


def _exchange(exchange: Exchange, target: Target) -> dict[str, Any]:
    sent = exchange.sent
    base = without_userinfo(target.base_url)
    command = curl(exchange, base, target.key_env, target.auth, target.query)
    return {
        "request": {
            "method": sent.method,
            "path": sent.path,
            "headers": _headers(sent.headers),
            "body": bounded(sent.body.decode("utf-8", "replace"), REQUEST),
        },
        "curl": scrubbed(command),
        "pictures": _picture_ids(exchange.probe),
        "response": {
            "status": exchange.status,
            "headers": _headers(exchange.headers),
            "body": _excerpt(exchange.body),
            "truncated": len(exchange.body) > EXCERPT,
        },
        "reply": _said(exchange.reply.text),
        "chunks": [[round(c.at, 4), c.size] for c in _coarse(exchange.chunks)],
        "fetches": [_fetch(f) for f in exchange.fetches],
        "elapsed": round(exchange.elapsed, 4),
        "attempts": exchange.attempts,
        "failure": _said(exchange.failure),
    }


def _fetch(fetch: Fetch) -> dict[str, Any]:
    return {
        "at": round(fetch.at, 4),
        "method": _said(fetch.method),
        "path": _said(fetch.path),
        "headers": _headers(fetch.headers),
        "status": fetch.status,
        "bytes_sent": fetch.bytes_sent,
    }


def _headers(headers: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [[_said(name), _said(value)] for name, value in headers]


def _said(text: str) -> str:
    return scrubbed(bounded(text, SAID))


def _excerpt(body: bytes) -> str:
    """The beginning of the body; a character that the cut would halve is left out."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return decoder.decode(body[:EXCERPT], final=len(body) <= EXCERPT)


def _picture_ids(probe: Probe) -> list[str]:
    parts = (part for turn in probe.turns for part in turn.parts)
    found = [p.picture.id for p in parts if isinstance(p, ImagePart) and p.picture]
    return list(dict.fromkeys(found))


def _coarse(chunks: Sequence[Chunk]) -> list[Chunk]:
    """At most ``CHUNKS`` chunks with the same total size, the same first and last time."""
    if len(chunks) <= CHUNKS:
        return list(chunks)
    width = -(-(len(chunks) - 1) // (CHUNKS - 1))
    groups = [chunks[i : i + width] for i in range(1, len(chunks), width)]
    return [chunks[0], *(Chunk(at=g[-1].at, size=sum(c.size for c in g)) for g in groups)]
