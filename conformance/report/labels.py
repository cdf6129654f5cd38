"""The right word for each outcome: of a verdict, and of the reason or the ability behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

GLYPHS = {"passed": "✓", "failed": "✗", "blocked": "⊘", "unobserved": "?", "not-applicable": "–"}
LABELS = {
    "passed": "passed",
    "failed": "failed",
    "blocked": "blocked",
    "unobserved": "not observed",
    "not-applicable": "not applicable",
}
#: Failed first, passed last: the order in which a reader wants to see them.
ORDER = ("failed", "unobserved", "blocked", "not-applicable", "passed")
#: Why a case does not apply. Only what the target file declines is "not claimed".
WHY = {
    "unclaimed": "not claimed",
    "missing": "library missing",
    "not-asked": "not asked for",
    "not-offered": "not offered",
    "limit": "a limit, refused openly",
    "no-rule": "no published rule",
    "no-effect": "accepted, no effect seen",
}
#: Labels that read badly after a number, and what stands there.
COUNTED = {WHY["limit"]: "above a limit told openly"}
#: What is not observed because the model cannot do it is no doing of the endpoint.
BEYOND = "beyond the model"
#: What a model can do, so that "can" and "cannot" may stand before it.
ABILITIES = {
    "read": "read a code of large print",
    "colours": "name colours",
    "count": "count discs",
    "place": "find what is in a named place",
    "choose": "pick one of several pictures",
    "small-print": "read small print",
    "faint-print": "read faint print",
    "edges": "read what stands at the very edge",
    "encodings": "see less common encodings",
    "words": "repeat words of the request",
    "scripts": "repeat words in another script",
    "length": "write a long answer",
    "form": "keep to a form",
    "tool": "call a tool",
}

Row = Mapping[str, Any]


def label(finding: Row) -> str:
    """What became of a case, in two or three words."""
    if finding["verdict"] == "not-applicable" and (why := finding.get("why")):
        return WHY.get(why, plain(why))
    if finding["verdict"] == "unobserved" and finding.get("ability"):
        return BEYOND
    return LABELS[finding["verdict"]]


def ability(name: str) -> str:
    """What stands after "the model can"."""
    return ABILITIES.get(name, plain(name))


def plain(name: str) -> str:
    """A machine's name in words: ``not-read`` is "not read"."""
    return name.replace("-", " ")


def tallied(findings: Sequence[Row]) -> list[tuple[str, str, int]]:
    """Verdict, label and number of each kind of outcome, in ORDER, the most frequent first."""
    found = ((f["verdict"], label(f)) for f in findings)
    tally = Counter((verdict, COUNTED.get(words, words)) for verdict, words in found)
    ordered = sorted(tally.items(), key=lambda item: (ORDER.index(item[0][0]), -item[1]))
    return [(verdict, words, number) for (verdict, words), number in ordered]
