"""What a report concludes of an area, and of the whole run. Only what was looked at is praised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.model import Level, Reason, Verdict
from conformance.report.labels import GLYPHS, tallied
from conformance.report.selection import partial
from conformance.report.summary import Rows, counted

Doc = Mapping[str, Any]
#: Why a case does not apply where what was asked for is accepted, and nothing compared moved.
NO_EFFECT = "no-effect"
_OPEN = (Verdict.UNOBSERVED, Verdict.BLOCKED)
#: What a requirement of each level is called when it is not met.
_BROKEN = {
    Level.MUST: ("requirement", "violated"),
    Level.SHOULD: ("recommendation", "not followed"),
    Level.MAY: ("option", "not taken"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A conclusion: the verdict it comes to, in words, and what supports it."""

    verdict: str
    words: str
    note: str = ""

    @property
    def glyph(self) -> str:
        return GLYPHS[self.verdict]


# ---------------------------------------------------------------- of one area


def standing(findings: Rows, *, whole: bool = True) -> Standing:
    """The standing of one area. MUST decides; SHOULD and MAY only where there is no MUST.

    "Handles correctly" is said only of a whole run in which every MUST case of the area passed.
    """
    if not findings:
        return Standing(verdict="not-applicable", words="not run", note="no check of it was run")
    verdict, words = _concluded(findings, whole=whole)
    return Standing(verdict=verdict, words=words, note=_note(findings))


def _concluded(findings: Rows, *, whole: bool) -> tuple[str, str]:
    """The verdict that gives the colour, and the words."""
    binding = [f for f in findings if f["level"] == Level.MUST] or findings
    verdicts = {f["verdict"] for f in binding}
    if Verdict.FAILED in verdicts:
        return "failed", _broken(binding)
    if any(f.get("why") == NO_EFFECT for f in findings):
        return "not-applicable", "accepted, no effect seen"
    for open_ in _OPEN:
        if open_ in verdicts:
            return open_.value, _tally(binding)
    if Verdict.PASSED not in verdicts:
        return "not-applicable", _tally(binding)
    if words := _unmeasured(binding):
        return "not-applicable", words
    praised = whole and verdicts == {Verdict.PASSED}
    return "passed", "handles correctly" if praised else _tally(binding)


def _broken(binding: Rows) -> str:
    failed = [f for f in binding if f["verdict"] == Verdict.FAILED]
    noun, verb = _BROKEN[min((Level(f["level"]) for f in failed), key=list(Level).index)]
    return f"{counted(len({f['check'] for f in failed}), noun)} {verb}"


def _unmeasured(binding: Rows) -> str:
    """What is said where nothing published tells whether the endpoint does right; else ""."""
    without = {f["check"] for f in binding if f.get("why") == Reason.NO_RULE}
    if not without:
        return ""
    every = counted(len({f["check"] for f in binding}), "requirement")
    return f"accepted; {len(without)} of {every} could not be judged: no published rule"


def _tally(binding: Rows) -> str:
    """``30 of 32 MUST cases passed, 2 blocked``; of one kind alone, its label."""
    kinds = tallied(binding)
    if len(kinds) == 1 and kinds[0][0] != Verdict.PASSED:
        return kinds[0][1]
    passed = sum(f["verdict"] == Verdict.PASSED for f in binding)
    noun = "MUST case" if binding[0]["level"] == Level.MUST else "case"
    others = "".join(f", {n} {w}" for verdict, w, n in kinds if verdict != "passed")
    return f"{passed} of {counted(len(binding), noun)} passed{others}"


def _note(findings: Rows) -> str:
    passed = sum(f["verdict"] == Verdict.PASSED for f in findings)
    told = f"{passed} of {counted(len(findings), 'case')} passed"
    advice = {f["check"] for f in findings if f["level"] == "SHOULD" and f["verdict"] == "failed"}
    if not advice or not any(f["level"] == Level.MUST for f in findings):
        return told
    return f"{told}; {counted(len(advice), 'recommendation')} not followed"


# ---------------------------------------------------------------- of the whole


def overall(doc: Doc) -> Standing:
    """The conclusion of the whole report, one sentence."""
    musts = [f for f in doc["findings"] if f["level"] == Level.MUST]
    failed = [f for f in musts if f["verdict"] == Verdict.FAILED]
    status = doc["footer"]["exit_status"]
    if status == 1 and failed:
        broken = counted(len({f["check"] for f in failed}), "MUST requirement")
        verb = "is" if broken.startswith("1 ") else "are"
        note = f"{broken} {verb} violated, in {counted(len(failed), 'case')}."
        return Standing(verdict="failed", words="Does not conform", note=note)
    if status == 0:
        return _sound(doc, sum(f["verdict"] == Verdict.PASSED for f in musts))
    return Standing(verdict="unobserved", words="Not established", note=_doubt(doc, musts))


def _sound(doc: Doc, passed: int) -> Standing:
    told = f"{counted(passed, 'MUST case')} passed"
    if partial(doc):
        words = "No MUST requirement is violated in this part"
        return Standing(verdict="passed", words=words, note=f"{told}; the rest was not looked at.")
    note = f"No MUST requirement is violated; {told}."
    return Standing(verdict="passed", words="Conforms", note=note)


def _doubt(doc: Doc, musts: Rows) -> str:
    open_ = [f for f in musts if f["verdict"] in _OPEN]
    if open_:
        verb = "was" if len(open_) == 1 else "were"
        kinds = ", ".join(f"{number} {words}" for _, words, number in tallied(open_))
        return f"{counted(len(open_), 'MUST case')} {verb} not judged ({kinds}); none failed."
    if doc["footer"]["interrupted"]:
        return "The run was interrupted; nothing failed up to then."
    return "No MUST requirement was judged." if doc["findings"] else "There are no findings."
