"""What the page shows, worked out beforehand, so that the templates only place it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from conformance.model import Level, Picture
from conformance.report import diagnosed, labels, summary
from conformance.report.selection import partial
from conformance.report.standing import standing
from conformance.report.text import bounded, fitted, marked
from conformance.report.thumbnails import thumbnail

#: Characters of all texts on one page; escapes may double them, and the page be below 3 MB.
_PAGE = 900_000
#: Candidates for the longest text, in characters; the first that keeps the page small is taken.
_LIMITS = (4000, 3000, 2000, 1500, 1000, 700, 500, 350, 240, 160)
#: Characters of what was expected and what was seen.
_HALF = 1500
#: Rows of all tables of fetches together, and of one.
_ROWS, _TABLE = 1200, 20
#: Characters of what earlier tries ended in.
_TRIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A picture's place on the page: its CSS class, and a data URL or "" where none decodes."""

    css: str
    id: str
    caption: str
    data_url: str = ""
    width: int = 0
    height: int = 0


def tiles(doc: dict[str, Any], pictures: Mapping[str, Picture]) -> dict[str, Tile]:
    """A tile for every picture that some exchange shows, by picture id."""
    ids = list(dict.fromkeys(i for e in _exchanges(doc) for i in e["pictures"]))
    shown = {name: pictures.get(name) for name in ids}
    # The largest last: memory that it takes is given back, where nothing is put behind it.
    by_size = sorted(enumerate(ids), key=lambda place: _pixels(shown[place[1]]))
    made = {name: _tile(number, name, shown[name]) for number, name in by_size}
    return {name: made[name] for name in ids}


def _pixels(picture: Picture | None) -> int:
    return picture.width * picture.height if picture else 0


def anchors(doc: dict[str, Any]) -> dict[int, str]:
    """The anchor of each finding, by its identity: areas in order, failed ones first."""
    return {id(f): f"f{n}" for n, f in enumerate(_ordered(doc))}


def links(doc: dict[str, Any]) -> dict[str, str]:
    """Anchors by case id and by check id; of a check's cases, the first: failed ones lead."""
    places = anchors(doc)
    found = {f["case"]: places[id(f)] for f in _ordered(doc)}
    for finding in _ordered(doc):
        found.setdefault(finding["check"], places[id(finding)])
    return found


def sections(doc: dict[str, Any], shelf: Mapping[str, Tile]) -> list[dict[str, Any]]:
    """One section per area: its title, standing, matrix cells and findings, failed first."""
    findings, places = doc["findings"], anchors(doc)
    page = _Page(doc, shelf)
    return [
        {
            "area": area,
            "title": summary.title(area),
            "standing": standing(rows := summary.of_area(findings, area), whole=not partial(doc)),
            "cells": [summary.counts([f for f in rows if f["level"] == v]) for v in Level],
            "findings": [page.finding(f, places[id(f)]) for f in rows],
        }
        for area in summary.areas(findings)
    ]


def _ordered(doc: dict[str, Any]) -> list[dict[str, Any]]:
    findings = doc["findings"]
    return [f for area in summary.areas(findings) for f in summary.of_area(findings, area)]


class _Page:
    """Findings ready for the templates; equal exchanges are shown once, in their home."""

    def __init__(self, doc: dict[str, Any], shelf: Mapping[str, Tile]) -> None:
        self._keys = _keys(doc)
        exchanges = {self._keys[id(e)]: e for e in _exchanges(doc)}
        self._texts = {key: _texts(e) for key, e in exchanges.items()}
        self._limit = _limit(
            [*_halves(doc), *(t for e in self._texts.values() for t in e.values())]
        )
        self._rows = min(_TABLE, max(2, _ROWS // max(len(exchanges), 1)))
        self._shelf = shelf
        self._links = links(doc)
        self._homes = _homes(doc, self._keys)
        self._statements = diagnosed.homes(doc)
        self._abilities = "abilities" if doc["footer"]["abilities"] else ""

    def finding(self, finding: dict[str, Any], anchor: str) -> dict[str, Any]:
        ids = dict.fromkeys(i for e in finding["evidence"] for i in e["pictures"])
        evidence = enumerate(finding["evidence"])
        half = min(self._limit, _HALF)
        return finding | {
            "anchor": anchor,
            "expected": fitted(finding["expected"], half),
            "actual": fitted(finding["actual"], half),
            "hint": fitted(finding["hint"], half),
            "guess": summary.guessing(finding["guess_probability"]),
            "label": labels.label(finding),
            "symptom": labels.plain(finding["symptom"]),
            "statement": self._statements.get(finding["case"], ""),
            "cannot": labels.ability(finding["ability"]),
            "table": self._abilities,
            "blocker": self._links.get(finding["blocked_by"], ""),
            "linked": finding["spec"]["url"].lower().startswith(("https://", "http://")),
            "tiles": [self._shelf[i] for i in ids],
            "exchanges": [
                self._exchange(e, f"{anchor}x{n}") | {"decided": n == finding["about"]}
                for n, e in evidence
            ],
        }

    def _exchange(self, exchange: dict[str, Any], anchor: str) -> dict[str, Any]:
        key = self._keys[id(exchange)]
        home, case = self._homes[key]
        if home != anchor:
            return {"same_as": home, "same_case": case, "outcome": _outcome(exchange)}
        texts = self._texts[key]
        cut = exchange["response"]["truncated"] or len(texts["raw"]) > self._limit
        return exchange | {
            "same_as": "",
            "anchor": anchor,
            "outcome": _outcome(exchange),
            "body": fitted(texts["body"], self._limit),
            "said": fitted(texts["said"], self._limit),
            "raw": fitted(texts["raw"], self._limit),
            "cut": cut,
            # Half a command is of no use.
            "command": marked(texts["curl"]) if len(texts["curl"]) <= 2 * self._limit else "",
            "failure": fitted(exchange["failure"], min(self._limit, _HALF)),
            "rows": exchange["fetches"][: self._rows],
            "pace": _pace(exchange["chunks"]),
        }


def _limit(texts: list[str]) -> int:
    """Longest text that the page can afford, given all of them."""
    sizes = [len(text) for text in texts]
    affordable = (n for n in _LIMITS if sum(min(size, n) for size in sizes) <= _PAGE)
    return next(affordable, _LIMITS[-1])


def _texts(exchange: dict[str, Any]) -> dict[str, str]:
    response = exchange["response"]
    return {
        "body": _pretty(exchange["request"]["body"]),
        "said": exchange["reply"],
        "raw": _heads(response["headers"]) + response["body"],
        "curl": exchange["curl"],
    }


def _halves(doc: dict[str, Any]) -> list[str]:
    return [f[half][:_HALF] for f in doc["findings"] for half in ("expected", "actual", "hint")]


def _keys(doc: dict[str, Any]) -> dict[int, bytes]:
    """What equal exchanges have in common, by the identity of each."""
    exchanges = {id(e): e for e in _exchanges(doc)}
    return {
        n: sha256(json.dumps(e, sort_keys=True).encode()).digest() for n, e in exchanges.items()
    }


def _tile(number: int, name: str, picture: Picture | None) -> Tile:
    css = f"p{number}"
    if picture is None:
        return Tile(css=css, id=name, caption="not in this corpus")
    if not picture.width or not picture.height:
        return Tile(css=css, id=name, caption=f"{picture.media_type}, does not decode")
    kind = picture.media_type.rpartition("/")[2].upper()
    size = f"{picture.width} × {picture.height}"
    return Tile(
        css=css,
        id=name,
        caption=f"{kind} {size}",
        data_url=thumbnail(picture),
        width=picture.width,
        height=picture.height,
    )


def _exchanges(doc: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for finding in doc["findings"]:
        yield from finding["evidence"]


def _homes(doc: dict[str, Any], keys: Mapping[int, bytes]) -> dict[bytes, tuple[str, str]]:
    """Anchor and case under which each exchange is shown: a failed finding before others."""
    homes: dict[bytes, tuple[str, str]] = {}
    places = anchors(doc)
    for finding in sorted(_ordered(doc), key=summary.rank):
        for n, exchange in enumerate(finding["evidence"]):
            homes.setdefault(keys[id(exchange)], (f"{places[id(finding)]}x{n}", finding["case"]))
    return homes


def _outcome(exchange: dict[str, Any]) -> str:
    status = exchange["response"]["status"]
    told = f"status {status}" if status else "no reply"
    before = bounded(", ".join(exchange["troubles"]), _TRIES)
    tries = f", attempt {exchange['attempts']}, after {before}" if before else ""
    return f"{told}, {exchange['elapsed']:.2f} s{tries}"


def _heads(headers: list[list[str]]) -> str:
    lines = "".join(f"{bounded(k, 80)}: {bounded(v, 200)}\n" for k, v in headers[:20])
    return f"{lines}\n" if lines else ""


def _pace(chunks: list[list[float]]) -> str:
    if len(chunks) < 2:
        return ""
    size = sum(int(c[1]) for c in chunks)
    return (
        f"{len(chunks)} pieces, {size:,} bytes; "
        f"first after {chunks[0][0]:.2f} s, last after {chunks[-1][0]:.2f} s"
    )


def _pretty(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body
