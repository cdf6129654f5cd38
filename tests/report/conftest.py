"""A run that never happened: about sixty findings with all that a report must bear."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from PIL import Image, ImageDraw

from conformance.diagnosis import Banner, Diagnosis, Statement
from conformance.model import (
    Ability,
    Able,
    Case,
    Check,
    Chunk,
    Exchange,
    Fetch,
    Finding,
    Hosted,
    ImagePart,
    Inline,
    Level,
    Param,
    Picture,
    Probe,
    Reason,
    Reply,
    Sent,
    Source,
    Symptom,
    Target,
    TextPart,
    Turn,
    Verdict,
)
from conformance.report.document import Header, document
from conformance.wire import address, chat

HOSTILE = (
    "</pre></details></style></script><script>document.title='owned'</script>"
    "<img src=x onerror=\"document.title='owned'\"><svg onload=\"document.title='owned'\">"
    "<style>body{display:none}</style><iframe srcdoc='<script>top.document.title=1</script>'>"
    "{{ 7*7 }}{% raw %} \x1b[31mred\x1b[2J \u202egnp.exe\u202c \u2066x\u2069 [bold]markup[/bold] "
    "\x00\x07\ud800 zero\u200bwidth 图像中的代码 "
)
LONG = "x" * 200_000
IMAGES = Source(title="OpenAI API guide, Images and vision", url="https://example.org/images")
HTTP = Source(title="RFC 9110, section 15.4", url="https://example.org/rfc9110#section-15.4")
ODD = Source(title="A rumour", url="javascript:document.title='owned'")
TARGET = Target(name="Example cloud", base_url="https://api.example.org/v1", model="sight-2-mini")


def picture(name: str, size: tuple[int, int] = (400, 240), form: str = "PNG") -> Picture:
    image = Image.new("RGB", size, "#fdf3dc")
    ImageDraw.Draw(image).text((size[0] // 5, size[1] // 3), name, fill="#101430", font_size=48)
    image.save(out := io.BytesIO(), form)
    return _picture(name, out.getvalue(), f"image/{form.lower()}", size)


def _picture(name: str, data: bytes, media_type: str, size: tuple[int, int] = (0, 0)) -> Picture:
    return Picture(
        id=name,
        file_bytes=data,
        sha256=hashlib.sha256(data).hexdigest(),
        file=f"{name}.{media_type.rpartition('/')[2]}",
        media_type=media_type,
        width=size[0],
        height=size[1],
    )


def _pictures() -> dict[str, Picture]:
    made = [picture(f"sheet-{n:02}", (300 + 60 * n, 240)) for n in range(6)]
    made += [picture("tall", (80, 900), "JPEG"), picture("wide", (2400, 300), "WEBP")]
    made.append(_picture("broken", b"\x89PNG\r\n\x1a\n not really", "image/png"))
    return {p.id: p for p in made}


def exchange(probe: Probe, reply: str = "", **changes: object) -> Exchange:
    """An exchange as the client records one, with the reply text in a proper completion."""
    choice = {"index": 0, "message": {"role": "assistant", "content": reply}}
    body = json.dumps({"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice]})
    plain = Exchange(
        probe=probe,
        sent=Sent(
            method=chat.METHODS[probe.service],
            path=chat.PATHS[probe.service],
            headers=(
                ("accept", "*/*"),
                ("user-agent", "vision-conformance"),
                ("content-type", "application/json"),
                ("authorization", "[redacted]"),
            ),
            body=chat.write_body(probe, TARGET, address.symbolic),
        ),
        status=200,
        headers=(("content-type", "application/json"), ("x-request-id", "req_81c2")),
        body=body.encode(),
        reply=Reply(text=reply),
        elapsed=1.284,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def ask(*parts: ImagePart, text: str = "Read the code in the picture.", **more: object) -> Probe:
    turn = Turn(parts=(TextPart(text=text), *parts))
    return Probe(turns=(turn,), **more)  # type: ignore[arg-type]


_SENTENCES = {
    "url": "A picture given by an http URL is fetched once and read",
    "base64": "A picture sent as a base64 data URL is read",
    "multi-image": "Several pictures in one message are told apart by their order",
    "detail": "A picture with detail set to low costs no more than one with detail set to high",
    "usage": "The prompt tokens of a reply count every picture of the request",
    "streaming": "A streamed answer says the same as one that is not streamed",
    "errors": "A picture that does not decode is refused with a client error",
    "security": "A URL that points into a private network is not fetched",
}
_VERDICTS = (
    [Verdict.PASSED] * 4
    + [Verdict.FAILED, Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.BLOCKED]
    + [Verdict.PASSED, Verdict.UNOBSERVED]
)

_SYMPTOMS = (Symptom.NOT_READ, Symptom.BILL_HIGH)
_WHY = (*Reason, Reason.UNCLAIMED)


def _stories(pictures: dict[str, Picture]) -> Iterator[Exchange]:
    """Exchanges of every kind, over and over."""
    sheets = [p for n, p in pictures.items() if n.startswith("sheet")]
    fetch = Fetch(
        at=0.212,
        method="GET",
        path="/sheet-00.1a2b3c4d/picture.png",
        headers=(("user-agent", f"fetcher/1.0 {HOSTILE[:80]}"), ("accept", "image/*")),
        status=302,
        bytes_sent=0,
    )
    for n in count():
        sheet = sheets[n % len(sheets)]
        inline, hosted = Inline(), Hosted(redirects=(302,), first_byte=1.5)
        yield exchange(ask(ImagePart(picture=sheet, via=inline)), "The code is 7KQ4M.")
        yield exchange(
            ask(ImagePart(picture=sheet, via=hosted, detail='"high"')),
            f"I can not see any picture. {HOSTILE}",
            fetches=(fetch, replace(fetch, at=0.4, status=200, bytes_sent=18_412)),
        )
        yield exchange(
            ask(*(ImagePart(picture=p, via=inline) for p in sheets), stream=True),
            "First 7KQ4M, then 2HPXW.",
            chunks=tuple(Chunk(at=0.3 + i / 40, size=212) for i in range(42)),
            body=b"data: {}\r\n\r\n" * 42,
        )
        yield exchange(
            ask(ImagePart(picture=pictures["broken"], via=inline)),
            body=b'{"error":{"message":"cannot decode image","type":"invalid_request_error"}}',
            status=400,
        )
        yield exchange(ask(ImagePart(picture=pictures["wide"], via=inline)), LONG)
        yield exchange(
            ask(ImagePart(picture=pictures["tall"], via=inline), text=f"No {n}."),
            status=0,
            body=b"",
            headers=(),
            troubles=("500", "stall"),
            trouble="stall",
            failure="no reply within 120 s, three times",
        )


def _finding(number: int, area: str, verdict: Verdict, evidence: tuple[Exchange, ...]) -> Finding:
    level = (Level.MUST, Level.MUST, Level.SHOULD, Level.MAY)[number % 4]
    check = Check(
        id=f"{area}/rule-{number % 10}",
        area=area,
        level=level,
        requirement=f"{_SENTENCES[area]}.",
        spec=(IMAGES, HTTP, ODD)[number % 3],
        dialogue=lambda: iter(()),  # type: ignore[arg-type, return-value]
        guess=(0.0, 1e-6, 0.25)[number % 3],
    )
    texts = {
        Verdict.FAILED: ("the code 7KQ4M in the answer", f"“I can not see a picture.” {HOSTILE}"),
        Verdict.PASSED: ("the code 7KQ4M in the answer", "the answer names 7KQ4M"),
        Verdict.BLOCKED: ("", "no way to show this endpoint a picture is known"),
        Verdict.UNOBSERVED: ("an answer", "status 503 after three attempts"),
        Verdict.NOT_APPLICABLE: ("", "the target file does not claim gif"),
    }
    expected, actual = texts[verdict]
    param = Param(id=f"case-{number}")
    return Finding(
        case=Case(id=f"{check.id}[{param.id}]", check=check, param=param),
        verdict=verdict,
        expected=expected,
        actual=actual if number != 14 else actual + LONG,
        hint="The endpoint may drop picture parts silently." if verdict is Verdict.FAILED else "",
        symptom=_SYMPTOMS[number % len(_SYMPTOMS)] if verdict is Verdict.FAILED else None,
        why=_WHY[number // 10 % len(_WHY)] if verdict is Verdict.NOT_APPLICABLE else None,
        ability=Ability.COUNT if verdict is Verdict.UNOBSERVED and number % 20 == 9 else None,
        blocked_by="url/rule-4[case-4]" if verdict is Verdict.BLOCKED else "",
        evidence=() if verdict is Verdict.NOT_APPLICABLE else evidence,
        about=None if verdict is Verdict.NOT_APPLICABLE else evidence[-1] if evidence else None,
    )


def many_findings(number: int = 60) -> list[Finding]:
    stories = _stories(_pictures())
    areas = list(_SENTENCES)
    return [
        _finding(
            n,
            areas[n * len(areas) // number],
            _VERDICTS[n % len(_VERDICTS)],
            tuple(next(stories) for _ in range(1 + n % 3)),
        )
        for n in range(number)
    ]


def header(**changes: object) -> Header:
    plain = Header(
        suite_version="0.1.0",
        started="2026-03-01T12:30:05+00:00",
        finished="2026-03-01T12:34:41+00:00",
        target=TARGET,
        seed="20260301",
        mode="live",
        python="3.11.9",
        platform="Linux x86_64",
        options={"area": None, "level": "MAY", "concurrency": 16, "base_url": TARGET.base_url},
        all_cases=0,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def bill_point(width: int, detail: str, tokens: int, **changes: Any) -> dict[str, Any]:
    plain = {
        "width": width,
        "height": 512,
        "detail": detail,
        "bytes": 5000,
        "tokens": tokens,
        "requests": 2,
        "claimed": 255,
        "best": 306.0,
    }
    return plain | changes


def some_bill(**changes: Any) -> dict[str, Any]:
    """A bill 20 % above the claimed rule."""
    points = [bill_point(w, "high", 306) for w in (200, 512, 700)] + [bill_point(512, "low", 102)]
    plain = {
        "model": "gpt-4o",
        "verdict": "not-as-claimed",
        "words": "claims gpt-4o; bills like gpt-4o times 1.2 (p > 0.999)",
        "sent_as": "data URL",
        "text": 21,
        "without_control": 3,
        "impossible": 1,
        "left_out": 2,
        "claimed": {"rule": "gpt-4o", "holds": False, "ratio": 1.2, "error": 0.001, "off": 51.0},
        "best": {
            "rules": ["gpt-4o", "one-api"],
            "factor": 1.2,
            "each": 0.0,
            "likelihood": 1.0,
            "estimator": False,
        },
        "unexplained": 0,
        "points": points,
    }
    return plain | changes


def told(findings: Sequence[Finding]) -> Diagnosis:
    """Two statements for the failed cases, the first with a trait, and one banner."""
    failed = [f.case.id for f in findings if f.verdict is Verdict.FAILED]
    first = Statement(
        symptom=Symptom.NOT_READ,
        level=Level.MUST,
        words="Pictures are not read: 9 of 10 requests with detail low; 1 of 210 without.",
        traits=("detail low",),
        red=9,
        judged=10,
        red_without=1,
        judged_without=210,
        cases=tuple(failed[1:]),
    )
    second = replace(
        first,
        symptom=Symptom.BILL_HIGH,
        level=Level.SHOULD,
        words=f"Billed 200 % of the price, 1 of 1. {HOSTILE}",
        traits=(),
        red=1,
        judged=1,
        red_without=0,
        judged_without=0,
        cases=tuple(failed[:1]),
    )
    busy = Banner(kind="busy", words=f"12 of 620 first tries answered 500. {HOSTILE}")
    return Diagnosis(banners=(busy,), statements=(first, second) if failed else ())


def able() -> list[Able]:
    return [
        Able(ability=Ability.READ, able=True, words="it reads 7KQ4M"),
        Able(ability=Ability.COUNT, able=False, words=f"2, 3 expected; it says “many”. {HOSTILE}"),
        Able(ability=Ability.TOOL, able=None, words="nothing needed it"),
    ]


@pytest.fixture(scope="session")
def make_bill() -> Callable[..., dict[str, Any]]:
    return some_bill


@pytest.fixture(scope="session")
def findings() -> list[Finding]:
    return many_findings()


@pytest.fixture(scope="session")
def pictures() -> dict[str, Picture]:
    return _pictures()


@pytest.fixture(scope="session")
def doc(findings: list[Finding]) -> dict[str, object]:
    return document(
        header(), findings, interrupted=False, diagnosis=told(findings), abilities=able()
    )


@pytest.fixture(scope="session")
def diagnosis() -> Callable[[Sequence[Finding]], Diagnosis]:
    return told


@pytest.fixture(scope="session")
def make_header() -> Callable[..., Header]:
    return header


@pytest.fixture(scope="session")
def make_findings() -> Callable[[int], list[Finding]]:
    return many_findings


@pytest.fixture(scope="session")
def make_exchange() -> Callable[..., Exchange]:
    return exchange


@pytest.fixture(scope="session")
def make_probe() -> Callable[..., Probe]:
    return ask


@pytest.fixture(scope="session")
def target() -> Target:
    return TARGET


@pytest.fixture(scope="session")
def hostile() -> str:
    return HOSTILE


@pytest.fixture
def verdicts() -> Callable[..., list[Finding]]:
    """Findings of bare verdicts: ``verdicts(MUST="passed failed", SHOULD="failed")``.

    After a colon, why a case does not apply, or what the model cannot do.
    """

    def make(**by_level: str) -> list[Finding]:
        pairs = [(lvl, v) for lvl, words in by_level.items() for v in words.split()]
        return [_bare(n, Level(lvl), *v.split(":")) for n, (lvl, v) in enumerate(pairs)]

    return make


def _bare(number: int, level: Level, verdict: str, more: str = "") -> Finding:
    finding = _finding(number, "url", Verdict(verdict), ())
    check = replace(finding.case.check, level=level, id=f"url/{number}")
    applies = verdict != Verdict.NOT_APPLICABLE
    return replace(
        finding,
        case=replace(finding.case, check=check, id=check.id),
        why=None if applies else Reason(more or "unclaimed"),
        ability=Ability(more) if applies and more else None,
    )
