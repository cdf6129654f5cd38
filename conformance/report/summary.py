"""What a report says in words: the standing of each area, and of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conformance.model import Level, Verdict

#: The four areas that users ask about first.
HEADLINE = ("url", "base64", "multi-image", "detail")
_TITLES = {
    "url": "Pictures by URL",
    "base64": "Base64 data URLs",
    "multi-image": "Several pictures",
    "detail": "Detail levels",
    "usage": "Token usage",
    "shape": "Reply shape",
    "history": "Conversation history",
    "cache": "Caching",
    "placeholders": "Placeholders in text",
    "limits": "Limits",
    "tools": "Tools and JSON",
    "acuity": "Acuity",
    "models": "Models",
    "dialects": "Other dialects",
    "leaks": "Leaks",
    "sdk": "Official SDK",
    "security": "Security",
}
GLYPHS = {"passed": "✓", "failed": "✗", "blocked": "⊘", "unobserved": "?", "not-applicable": "–"}
LABELS = {
    "passed": "passed",
    "failed": "failed",
    "blocked": "blocked",
    "unobserved": "not observed",
    "not-applicable": "not claimed",
}
#: Failed first, passed last: the order in which a reader wants to see them.
ORDER = ("failed", "unobserved", "blocked", "not-applicable", "passed")

Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A conclusion: the verdict it comes to, in words, and what supports it."""

    verdict: str
    words: str
    note: str = ""

    @property
    def glyph(self) -> str:
        return GLYPHS[self.verdict]


def title(area: str) -> str:
    """The name of an area for people."""
    return _TITLES.get(area, area.replace("_", " ").capitalize())


def areas(findings: Rows) -> list[str]:
    """Areas with findings, the headline areas first and the others as they come."""
    found = dict.fromkeys(f["area"] for f in findings)
    return [a for a in HEADLINE if a in found] + [a for a in found if a not in HEADLINE]


def of_area(findings: Rows, area: str) -> list[dict[str, Any]]:
    """Findings of one area, failed first, otherwise as they come."""
    return sorted((f for f in findings if f["area"] == area), key=rank)


def rank(finding: dict[str, Any]) -> int:
    """Where a finding's verdict stands in ORDER."""
    return ORDER.index(finding["verdict"])


def counts(findings: Rows) -> dict[str, int]:
    """How many findings have each verdict, in ORDER; verdicts without any are left out."""
    tally = Counter(f["verdict"] for f in findings)
    return {v: tally[v] for v in ORDER if tally[v]}


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 case``, ``2 cases``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def standing(findings: Rows) -> Standing:
    """The standing of one area. MUST decides; SHOULD and MAY only where there is no MUST."""
    binding = [f for f in findings if f["level"] == Level.MUST] or findings
    failed = [f for f in binding if f["verdict"] == Verdict.FAILED]
    verdicts = {f["verdict"] for f in binding}
    if failed:
        broken = len({f["check"] for f in failed})
        words = f"{counted(broken, 'requirement')} violated"
        return Standing(verdict="failed", words=words, note=_note(findings))
    if not verdicts or Verdict.UNOBSERVED in verdicts:
        return Standing(verdict="unobserved", words="not observed", note=_note(findings))
    if Verdict.BLOCKED in verdicts:
        return Standing(verdict="blocked", words="blocked", note=_note(findings))
    if verdicts == {Verdict.NOT_APPLICABLE}:
        return Standing(verdict="not-applicable", words="not claimed", note=_note(findings))
    return Standing(verdict="passed", words="handles correctly", note=_note(findings))


def overall(doc: dict[str, Any]) -> Standing:
    """The conclusion of the whole report, one sentence."""
    footer, musts = doc["footer"], [f for f in doc["findings"] if f["level"] == Level.MUST]
    failed = [f for f in musts if f["verdict"] == Verdict.FAILED]
    failed = failed or [f for f in musts if f.get("is_echo")]
    if footer["exit_status"] == 1 and failed:
        broken = counted(len({f["check"] for f in failed}), "MUST requirement")
        verb = "is" if broken.startswith("1 ") else "are"
        note = f"{broken} {verb} violated, in {counted(len(failed), 'case')}."
        return Standing(verdict="failed", words="Does not conform", note=note)
    if footer["exit_status"] == 0:
        passed = sum(f["verdict"] == Verdict.PASSED for f in musts)
        note = f"No MUST requirement is violated; {counted(passed, 'MUST case')} passed."
        return Standing(verdict="passed", words="Conforms", note=note)
    return Standing(verdict="unobserved", words="Not established", note=_doubt(doc, musts))


def guessing(probability: float) -> str:
    """The chance to pass without seeing anything, in words."""
    if probability <= 0:
        return "cannot be passed by guessing"
    if probability > 0.1:
        return f"an endpoint that saw nothing passes by luck {probability:.0%} of the time"
    tries = float(f"{1 / probability:.2g}")
    return f"an endpoint that saw nothing passes by luck about once in {tries:,.0f} tries"


def _note(findings: Rows) -> str:
    if not findings:
        return "no check of this area ran"
    tally = counts(findings)
    passed = f"{tally.get('passed', 0)} of {counted(len(findings), 'case')} passed"
    advice = {f["check"] for f in findings if f["level"] == "SHOULD" and f["verdict"] == "failed"}
    if not advice or not any(f["level"] == Level.MUST for f in findings):
        return passed
    return f"{passed}; {counted(len(advice), 'recommendation')} not followed"


def _doubt(doc: dict[str, Any], musts: Rows) -> str:
    open_ = [f for f in musts if f["verdict"] in (Verdict.UNOBSERVED, Verdict.BLOCKED)]
    if open_:
        verb = "was" if len(open_) == 1 else "were"
        return f"{counted(len(open_), 'MUST case')} {verb} not observed or blocked; none failed."
    if doc["footer"]["interrupted"]:
        return "The run was interrupted; nothing failed up to then."
    return "There are no findings to go by."
