"""Findings as one JSON document: what ``report.json`` holds and every other report is made of."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from conformance.diagnosis import Banner, Diagnosis, Statement, diagnose
from conformance.model import (
    Able,
    Chunk,
    Exchange,
    Fetch,
    Finding,
    ImagePart,
    Json,
    Level,
    Probe,
    Target,
    Verdict,
)
from conformance.report.curl import curl
from conformance.report.text import bounded, scrubbed
from conformance.tokens.rules import how_known

FORMAT = 2
#: Bytes of a reply's body that are kept: enough for every error object seen so far.
EXCERPT = 8 * 1024
#: Characters of a request body that are kept. Pictures are digests by now, so a request with
#: several hundred of them still fits.
REQUEST = 128 * 1024
#: Characters of the reply's text, and of what is said about it.
SAID = 8 * 1024
#: Characters of a sentence of the diagnosis, and of an option.
TOLD = 500
#: Pieces of a stream that are listed one by one; beyond, neighbours are added up.
CHUNKS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a run was about. Times are ISO 8601; ``mode`` is "live", "replay" or "judge".

    ``options`` are those of the run by name, none of them secret; ``all_cases`` is how many cases
    the suite has, whether they were selected or not, and 0 stands for those selected.
    """

    suite_version: str
    started: str
    finished: str
    #: When the replies were begun to be recorded; "" where they are not.
    recorded: str = ""
    target: Target
    seed: str
    mode: str
    python: str
    platform: str
    options: Mapping[str, Json] = field(default_factory=dict)
    all_cases: int = 0


def document(
    header: Header,
    findings: Sequence[Finding],
    *,
    interrupted: bool,
    diagnosis: Diagnosis | None = None,
    abilities: Sequence[Able] = (),
    bill: Mapping[str, Any] | None = None,
    ended: str = "",
) -> dict[str, Any]:
    """The report as JSON: ``header``, ``findings`` in the order given, ``footer``.

    ``diagnosis`` is made of the findings where it is None, and of why the run ``ended`` early.
    ``abilities`` are what the model was seen to do; ``bill``, data already, is what pictures cost.
    """
    verdicts = Counter(f.verdict.value for f in findings)
    shown = _shown(findings, header.target)
    footer = {
        "cases": len(findings),
        "verdicts": dict(sorted(verdicts.items())),
        "exit_status": exit_status(findings, interrupted=interrupted),
        "interrupted": interrupted,
        **_diagnosis(diagnosis or diagnose(findings, ended), findings),
        "abilities": [_able(a) for a in abilities],
    }
    return {
        "header": _header(header, len(findings)),
        "findings": [_finding(f, shown) for f in findings],
        "footer": footer | ({"bill": _bill(bill)} if bill else {}),
    }


def _shown(findings: Sequence[Finding], target: Target) -> dict[int, dict[str, Any]]:
    """Every exchange as it is shown, by its identity: cases share them."""
    exchanges = {id(e): e for f in findings for e in f.evidence}
    return {key: _exchange(exchange, target) for key, exchange in exchanges.items()}


def _bill(bill: Mapping[str, Any]) -> dict[str, Any]:
    return {**bill, **{name: _told(bill[name]) for name in ("model", "words")}}


def _diagnosis(diagnosis: Diagnosis, findings: Sequence[Finding]) -> dict[str, Any]:
    checks = {f.case.id: f.case.check.id for f in findings}
    return {
        "banners": [_banner(b) for b in diagnosis.banners],
        "diagnosis": [_statement(s, checks) for s in diagnosis.statements],
    }


def _banner(banner: Banner) -> dict[str, Any]:
    return {"kind": banner.kind, "words": _told(banner.words)}


def _statement(statement: Statement, checks: Mapping[str, str]) -> dict[str, Any]:
    return {
        "symptom": statement.symptom.value,
        "level": statement.level.value,
        "words": _told(statement.words),
        "traits": [_told(trait) for trait in statement.traits],
        "dimensions": list(statement.dimensions),
        "red": statement.red,
        "judged": statement.judged,
        "red_without": statement.red_without,
        "judged_without": statement.judged_without,
        "cases": list(statement.cases),
        "checks": list(dict.fromkeys(checks[c] for c in statement.cases if c in checks)),
    }


def _able(able: Able) -> dict[str, Any]:
    return {"ability": able.ability.value, "able": able.able, "words": _told(able.words)}


def exit_status(findings: Sequence[Finding], *, interrupted: bool) -> int:
    """0: MUSTs were judged, and all that apply passed. 1: some MUST failed.

    3: none failed, but some MUST is unobserved or blocked, or none was judged, or the run was
    interrupted: what was not looked at is not established.
    """
    verdicts = {f.verdict for f in findings if f.case.check.level is Level.MUST}
    if Verdict.FAILED in verdicts:
        return 1
    settled = Verdict.PASSED in verdicts and not verdicts & {Verdict.UNOBSERVED, Verdict.BLOCKED}
    return 0 if settled and not interrupted else 3


def without_userinfo(url: str) -> str:
    """``url`` without a user name and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _header(header: Header, selected: int) -> dict[str, Any]:
    target = header.target
    return {
        "format": FORMAT,
        "suite_version": header.suite_version,
        "started": header.started,
        "finished": header.finished,
        "recorded": header.recorded,
        "target": {
            "name": target.name,
            "base_url": without_userinfo(target.base_url),
            "model": target.model,
            "rule": target.rule,
            "rule_known": how_known(target.rule, target.model),
        },
        "seed": header.seed,
        "mode": header.mode,
        "python": header.python,
        "platform": header.platform,
        "selection": {
            "selected": selected,
            "all": max(selected, header.all_cases),
            "partial": selected < header.all_cases,
        },
        "options": {name: _option(value) for name, value in sorted(header.options.items())},
    }


def _option(value: Json) -> Json:
    if isinstance(value, str):
        return _told(value)
    return [_option(each) for each in value] if isinstance(value, list | tuple) else value


def _finding(finding: Finding, shown: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
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
        "symptom": _name(finding.symptom),
        "why": _name(finding.why),
        "ability": _name(finding.ability),
        "spec": {"title": check.spec.title, "url": check.spec.url},
        "blocked_by": finding.blocked_by,
        "guess_probability": check.guess,
        "about": _about(finding),
        "evidence": [shown[id(e)] for e in finding.evidence],
    }


def _name(value: StrEnum | None) -> str:
    return value.value if value else ""


def _about(finding: Finding) -> int | None:
    """Where the exchange that decided stands in the evidence."""
    places = enumerate(finding.evidence)
    return next((n for n, e in places if e is finding.about or e == finding.about), None)


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
        "troubles": [_said(t) for t in exchange.troubles],
        "trouble": _said(exchange.trouble),
        "reproduced": exchange.reproduced,
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


def _told(text: str) -> str:
    return scrubbed(bounded(text, TOLD))


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
