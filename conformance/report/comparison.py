"""Several reports side by side in a terminal: providers as columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.model import GRAVITY, Level, Verdict
from conformance.report import labels, summary
from conformance.report.matrix import STYLES, encodable, tally_text
from conformance.report.selection import partial
from conformance.report.standing import overall
from conformance.report.text import line

Docs = Sequence[Mapping[str, Any]]
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
        problems = list(_problems(doc))
    except (KeyError, TypeError, AttributeError) as error:
        return f"a member is missing or of the wrong type ({line(str(error))})"
    return problems[0] if problems else ""


def _problems(doc: Mapping[str, Any]) -> Iterator[str]:
    header, footer = doc["header"], doc["footer"]
    if not all(isinstance(header["target"][name], str) for name in ("name", "model")):
        yield "its target has no name and model"
    counts = [header["selection"][name] for name in ("selected", "all")]
    if not all(isinstance(count, int) for count in (*counts, footer["exit_status"])):
        yield "its header or footer is not as the schema says"
    if not isinstance(footer["interrupted"], bool):
        yield "its footer is not as the schema says"
    if not all(isinstance(statement["symptom"], str) for statement in footer["diagnosis"]):
        yield "its diagnosis is not as the schema says"
    if not all(map(_is_finding, doc["findings"])):
        yield "a finding is not as the schema says"


def _is_finding(finding: Mapping[str, Any]) -> bool:
    named = isinstance(finding["area"], str) and isinstance(finding["check"], str)
    kinds = (finding.get("why") or "", finding.get("ability") or "")
    typed = finding["level"] in list(Level) and finding["verdict"] in list(Verdict)
    return named and typed and all(isinstance(kind, str) for kind in kinds)


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
    names = [line(doc["header"]["target"]["name"]) for doc in docs]
    if len(set(names)) == len(names) or not places:
        return names
    return [f"{name}\n{line(place)}" for name, place in zip(names, places, strict=True)]


def _rows(docs: Docs) -> Iterator[tuple[Text, list[Text]]]:
    yield Text("Model"), [Text(line(doc["header"]["target"]["model"])) for doc in docs]
    yield Text("Conclusion"), [_conclusion(doc) for doc in docs]
    if any(map(partial, docs)):
        yield Text("Cases"), [_selected(doc) for doc in docs]
    yield _gap("Areas"), []
    found = [area for doc in docs for area in summary.areas(doc["findings"])]
    for area in dict.fromkeys((*(a for a in summary.HEADLINE if a in found), *found)):
        rows = [summary.of_area(doc["findings"], area) for doc in docs]
        cells = [tally_text(each) if each else _NOTHING for each in rows]
        yield Text(line(summary.title(area))), cells
    yield _gap("Diagnosis"), []
    for symptom in _symptoms(docs):
        yield Text(line(labels.plain(symptom))), [_told(doc, symptom) for doc in docs]
    yield Text("nothing"), [_unaccused(doc) for doc in docs]
    if any("bill" in doc["footer"] for doc in docs):
        yield _gap("Bill"), []
        yield Text("by the claimed rule"), [_bill(doc) for doc in docs]


def _gap(title: str) -> Text:
    return Text(f"\n{title}", "bold")


def _conclusion(doc: Mapping[str, Any]) -> Text:
    result = overall(doc)
    return Text(f"{result.glyph} {result.words}", STYLES[result.verdict])


def _selected(doc: Mapping[str, Any]) -> Text:
    return Text(partial(doc), STYLES["blocked"]) if partial(doc) else Text("all")


def _symptoms(docs: Docs) -> list[str]:
    """The symptoms of any diagnosis, the gravest first, and then those that we do not know."""
    found = {s["symptom"] for doc in docs for s in doc["footer"]["diagnosis"]}
    known = [symptom.value for symptom in GRAVITY]
    return [symptom for symptom in known if symptom in found] + sorted(found - set(known))


def _told(doc: Mapping[str, Any], symptom: str) -> Text:
    """A mark where the diagnosis has a statement of that symptom, and how many it has."""
    number = sum(s["symptom"] == symptom for s in doc["footer"]["diagnosis"])
    if not number:
        return _NOTHING
    count = f" {number}" if number > 1 else ""
    return Text(f"{labels.GLYPHS['failed']}{count}", STYLES["failed"])


def _unaccused(doc: Mapping[str, Any]) -> Text:
    """Nothing to say of a run that established nothing is no praise."""
    if doc["footer"]["diagnosis"]:
        return _NOTHING
    verdict = "passed" if overall(doc).verdict == "passed" else "unobserved"
    return Text(labels.GLYPHS[verdict], STYLES[verdict])


def _bill(doc: Mapping[str, Any]) -> Text:
    bill = doc["footer"].get("bill")
    verdict = bill.get("verdict") if isinstance(bill, dict) else None
    if not isinstance(verdict, str) or verdict not in _BILLS:
        return _NOTHING
    words, tone = _BILLS[verdict]
    return Text(words, STYLES[tone])


def _remarks(docs: Docs) -> Iterator[str]:
    versions = {str(doc["header"].get("suite_version")) for doc in docs}
    if len(versions) > 1:
        yield f"Judged by different versions of the suite: {line(', '.join(sorted(versions)))}."
    if len({frozenset(f["area"] for f in doc["findings"]) for doc in docs}) > 1:
        yield "The reports do not cover the same areas: – stands where an area was not judged."
