"""The report as one HTML page: no script, no outside resource, pictures embedded once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from conformance.model import Level, Picture
from conformance.report import billchart, diagnosed, labels, summary
from conformance.report.billview import bill_section
from conformance.report.ending import spent_words
from conformance.report.selection import narrowing, partial
from conformance.report.standing import overall, standing
from conformance.report.text import bounded, marked, visible
from conformance.report.view import Tile, links, sections, tiles

_TEMPLATES = Path(__file__).parent / "templates"


def render(doc: dict[str, Any], pictures: Mapping[str, Picture]) -> str:
    """The page for ``doc`` as one text; see ``pieces``."""
    return "".join(pieces(doc, pictures))


def pieces(doc: dict[str, Any], pictures: Mapping[str, Picture]) -> Iterator[str]:
    """The page for ``doc`` (see ``document``); ``pictures`` by id, those unknown become tiles.

    Whatever the endpoint sent is escaped, bounded, and shown with its control characters
    written out. A page of 300 findings stays below 3 MB.
    """
    shelf = tiles(doc, pictures)
    return (
        _environment(shelf)
        .get_template("page.html")
        .generate(
            header=doc["header"],
            footer=doc["footer"],
            partial=partial(doc),
            narrowing=narrowing(doc),
            banners=doc["footer"]["banners"],
            statements=diagnosed.statements(doc, links(doc)),
            abilities=diagnosed.abilities(doc),
            bill=bill_section(doc),
            bill_style=Markup(billchart.STYLE),
            overall=overall(doc),
            spent=spent_words(doc),
            kinds=labels.tallied(doc["findings"]),
            counts=summary.counts(doc["findings"]),
            headline=[_headline(doc, area) for area in summary.HEADLINE],
            sections=sections(doc, shelf),
            tiles=[tile for tile in shelf.values() if tile.data_url],
            levels=list(Level),
        )
    )


def _environment(shelf: Mapping[str, Tile]) -> Environment:
    env = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    env.filters.update(visible=visible, bounded=bounded)
    env.filters.update(counted=summary.counted, moment=_moment, duration=_duration)
    env.filters.update(upper_first=_upper_first)
    env.globals.update(glyphs=labels.GLYPHS, labels=labels.LABELS, order=labels.ORDER, shelf=shelf)
    return env


def _shown(value: object) -> object:
    """What stands between the braces of a template: each text goes through ``marked``.

    An attribute has no place for an element: there a text of strangers is made ``visible`` first.
    """
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return marked(value)


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _moment(text: str) -> str:
    """An ISO 8601 time for people: ``2026-03-01 12:30:05 UTC``."""
    return text[:64].replace("T", " ", 1).replace("+00:00", " UTC").replace("Z", " UTC")


def _duration(header: Mapping[str, Any]) -> str:
    try:
        began, ended = (datetime.fromisoformat(header[k]) for k in ("started", "finished"))
        seconds = round((ended - began).total_seconds())
    except (TypeError, ValueError):
        return "unknown"
    return f"{seconds // 60} min {seconds % 60} s" if seconds >= 60 else f"{seconds} s"


def _headline(doc: dict[str, Any], area: str) -> dict[str, Any]:
    rows = summary.of_area(doc["findings"], area)
    return {
        "area": area,
        "title": summary.title(area),
        "standing": standing(rows, whole=not partial(doc)),
        "counts": summary.counts(rows),
    }
