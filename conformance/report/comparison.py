"""Several reports side by side in a terminal: providers as columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.diagnosis.kinds import Kind
from conformance.model import Level, Verdict
from conformance.report import summary
from conformance.report.matrix import STYLES, encodable, short, tally_text

Docs = Sequence[Mapping[str, Any]]
#: What a statement of the diagnosis may be about, in the order of the rows.
_KINDS = tuple(kind.value for kind in Kind if kind is not Kind.NONE)
_BILLS = {
    "as-claimed": ("as claimed", "passed"),
    "recognised": ("recognised", "passed"),
    "not-as-claimed": ("not as claimed", "blocked"),
    "cannot-tell": ("cannot tell", "unobserved"),
}
_NOTHING = Text("–", "dim")


def lacks(doc: Mapping[str, Any]) -> str:
    """What keeps ``doc`` from being compared, in a few words; "" where nothing does."""
    try:
        target, footer = doc["header"]["target"], doc["footer"]
        levels, verdicts = list(Level), list(Verdict)
        sound = all(
            isinstance(f["area"], str)
            and isinstance(f["check"], str)
            and f["level"] in levels
            and f["verdict"] in verdicts
            for f in doc["findings"]
        )
        kinds = [statement["class"] for statement in footer.get("diagnosis", [])]
        named = isinstance(target["name"], str) and isinstance(target["model"], str)
        whole = isinstance(footer["exit_status"], int) and isinstance(footer["interrupted"], bool)
    except (KeyError, TypeError, AttributeError) as error:
        return f"a member is missing or of the wrong type ({short(str(error))})"
    if not named:
        return "its target has no name and model"
    if not (sound and whole and all(isinstance(kind, str) for kind in kinds)):
        return "a finding or the footer is not as the schema says"
    return ""


def print_comparison(docs: Docs, console: Console, places: Sequence[str] = ()) -> None:
    """Print the reports ``docs``, each a document that lacks nothing, beside each other.

    Their ``places`` tell providers of the same name apart.
    """
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("", no_wrap=True)
    for name in _names(docs, places):
        table.add_column(encodable(Text(name), console), overflow="fold")
    for head, cells in _rows(docs):
        table.add_row(*(encodable(cell, console) for cell in (head, *cells)))
    console.print(table)
    for remark in _remarks(docs):
        console.print(encodable(Text(f"\n{remark}", "dim"), console))


def _names(docs: Docs, places: Sequence[str]) -> list[str]:
    names = [short(doc["header"]["target"]["name"]) for doc in docs]
    if len(set(names)) == len(names) or not places:
        return names
    return [f"{name}\n{short(place)}" for name, place in zip(names, places, strict=True)]


def _rows(docs: Docs) -> Iterator[tuple[Text, list[Text]]]:
    yield Text("Model"), [Text(short(doc["header"]["target"]["model"])) for doc in docs]
    yield Text("Conclusion"), [_conclusion(doc) for doc in docs]
    yield _gap("Areas"), []
    found = [area for doc in docs for area in summary.areas(doc["findings"])]
    for area in dict.fromkeys((*(a for a in summary.HEADLINE if a in found), *found)):
        rows = [summary.of_area(doc["findings"], area) for doc in docs]
        cells = [tally_text(each) if each else _NOTHING for each in rows]
        yield Text(short(summary.title(area))), cells
    yield _gap("Diagnosis"), []
    for kind in _kinds(docs):
        yield Text(short(kind)), [_told(doc, kind) for doc in docs]
    yield Text(Kind.NONE.value), [_told(doc, Kind.NONE, _unaccused(doc)) for doc in docs]
    if any("bill" in doc["footer"] for doc in docs):
        yield _gap("Bill"), []
        yield Text("by the claimed rule"), [_bill(doc) for doc in docs]


def _gap(title: str) -> Text:
    return Text(f"\n{title}", "bold")


def _conclusion(doc: Mapping[str, Any]) -> Text:
    result = summary.overall(dict(doc))
    return Text(f"{result.glyph} {result.words}", STYLES[result.verdict])


def _kinds(docs: Docs) -> list[str]:
    """The classes of any diagnosis, those that we know first."""
    found = {s["class"] for doc in docs for s in doc["footer"].get("diagnosis", [])} - {Kind.NONE}
    return [kind for kind in _KINDS if kind in found] + sorted(found - set(_KINDS))


def _told(doc: Mapping[str, Any], kind: str, verdict: str = "failed") -> Text:
    """A mark where the diagnosis has a statement of that class, and how many it has."""
    number = sum(s["class"] == kind for s in doc["footer"].get("diagnosis", []))
    if not number:
        return _NOTHING
    count = f" {number}" if number > 1 else ""
    return Text(f"{summary.GLYPHS[verdict]}{count}", STYLES[verdict])


def _unaccused(doc: Mapping[str, Any]) -> str:
    """Nothing to say of a run that established nothing is no praise."""
    return "passed" if summary.overall(dict(doc)).verdict == "passed" else "unobserved"


def _bill(doc: Mapping[str, Any]) -> Text:
    bill = doc["footer"].get("bill")
    verdict = bill.get("verdict") if isinstance(bill, dict) else None
    if verdict not in _BILLS:
        return _NOTHING
    words, tone = _BILLS[verdict]
    return Text(words, STYLES[tone])


def _remarks(docs: Docs) -> Iterator[str]:
    versions = {str(doc["header"].get("suite_version")) for doc in docs}
    if len(versions) > 1:
        yield f"Judged by different versions of the suite: {short(', '.join(sorted(versions)))}."
    if len({frozenset(f["area"] for f in doc["findings"]) for doc in docs}) > 1:
        yield "The reports do not cover the same areas: – stands where an area was not judged."
