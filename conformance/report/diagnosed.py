"""The diagnosis as the page shows it: banners, statements with links, what the model can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.report import labels

#: Findings that a statement names at once; the others are unfolded.
NAMED = 6
#: The colour of a statement at each level, as the verdict that has it.
TONES = {"MUST": "failed", "SHOULD": "blocked", "MAY": "not-applicable"}
#: Whether the model can do something: the verdict that gives the colour, a glyph, and a word.
ABLE = {
    True: ("passed", "✓", "can"),
    False: ("blocked", "✗", "cannot"),
    None: ("unobserved", "?", "not known"),
}


def statements(doc: Mapping[str, Any], links: Mapping[str, str]) -> list[dict[str, Any]]:
    """One dictionary for each statement; ``links`` are the anchors of findings, by case."""
    return [
        statement
        | {
            "anchor": anchor(number),
            "tone": TONES[statement["level"]],
            "symptom": labels.plain(statement["symptom"]),
            "shares": _shares(statement),
            "named": _linked(statement["cases"][:NAMED], links),
            "more": _linked(statement["cases"][NAMED:], links),
        }
        for number, statement in enumerate(doc["footer"]["diagnosis"])
    ]


def homes(doc: Mapping[str, Any]) -> dict[str, str]:
    """The anchor of the statement that a failed case is told in, by case."""
    told = enumerate(doc["footer"]["diagnosis"])
    return {case: anchor(number) for number, each in told for case in each["cases"]}


def anchor(number: int) -> str:
    return f"s{number}"


def abilities(doc: Mapping[str, Any]) -> list[dict[str, str]]:
    """Rows of the table "What this model can do", what it cannot do first."""
    order: Sequence[bool | None] = (False, None, True)
    rows = sorted(doc["footer"]["abilities"], key=lambda row: order.index(row["able"]))
    return [_able(row) for row in rows]


def _able(row: Mapping[str, Any]) -> dict[str, str]:
    tone, glyph, word = ABLE[row["able"]]
    what = labels.ability(row["ability"])
    return {"what": what, "tone": tone, "glyph": glyph, "word": word, "words": row["words"]}


def _shares(statement: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How much is red with the traits and without, where there are traits to part them."""
    if not statement["traits"]:
        return []
    with_ = ("with", statement["red"], statement["judged"])
    without = ("without", statement["red_without"], statement["judged_without"])
    return [_share(*counts) for counts in (with_, without)]


def _share(name: str, red: int, judged: int) -> dict[str, Any]:
    return {"name": name, "red": red, "green": judged - red, "judged": judged}


def _linked(cases: Sequence[str], links: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(case, links.get(case, "")) for case in cases]
