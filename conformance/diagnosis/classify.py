"""Of which class one red finding is, by the evidence of its deciding exchange."""

from __future__ import annotations

from difflib import SequenceMatcher

from conformance.diagnosis import echoes, witness
from conformance.diagnosis.context import Run
from conformance.diagnosis.kinds import Kind
from conformance.model import Exchange, Finding, Picture

#: While one of these is red, pictures are missing and not only in the wrong place.
_MISSING = ("multi-image/every-picture-is-seen", "multi-image/earlier-turn-is-seen")
#: What these ask is whether pictures of several requests, or alike ones, are told apart.
_IDENTITY = (
    "multi-image/nothing-is-remembered",
    "cache/alike-pictures-are-told-apart",
    "cache/alike-pictures-in-one-message",
)
#: What these find is of one class by itself: words or pictures lost, or an error dressed up.
_SAID = {
    "history/every-text-part-is-kept": Kind.SILENT_STRIP,
    "history/earlier-text-is-kept": Kind.SILENT_STRIP,
    "history/system-text-is-kept": Kind.SILENT_STRIP,
    "history/dead-url-in-an-earlier-turn": Kind.SILENT_STRIP,
    "history/unsupported-picture-in-an-earlier-turn": Kind.SILENT_STRIP,
    "limits/many-pictures-are-read-or-refused": Kind.SILENT_STRIP,
    "base64/transparent-is-not-seen": Kind.SILENT_DEGRADATION,
    "placeholders/no-text-in-place-of-a-picture": Kind.SILENT_STRIP,
    "placeholders/answer-is-not-empty": Kind.ERROR_AS_ANSWER,
    "placeholders/error-is-not-an-answer": Kind.ERROR_AS_ANSWER,
}
#: Share of characters in common below which a code was made up and not misread.
_MADE_UP = 0.5
#: Codes of an answer that are compared; codes in one answer beyond which it lists guesses.
_COMPARED, _MANY = 20, 40


def kind_of(run: Run, finding: Finding) -> Kind:
    """The class of a red finding; total on whatever was recorded."""
    if finding.case.check.area in ("security", "leaks", "sdk"):
        return Kind.PROTOCOL  # What is done is the defect, whatever is said of it.
    exchange = witness.last(finding)
    if exchange is None or exchange.status == 0 or exchange.status >= 500:
        return Kind.PROTOCOL
    if exchange.status != 200:
        return _refused(finding, exchange)
    if exchange.reply.is_error or echoes.errors_are_200(run, finding, finding):
        return Kind.ERROR_AS_ANSWER
    if witness.is_about_cost(finding):
        return _billed(run, finding)
    return _answered(run, finding, exchange)


def _refused(finding: Finding, exchange: Exchange) -> Kind:
    """An error where an answer is due is honest; one that is due and malformed is not."""
    if not witness.has_error_object(exchange) or witness.wants_refusal(finding):
        return Kind.PROTOCOL
    if finding.case.check.area in ("errors", "shape"):
        return Kind.PROTOCOL
    return Kind.HONEST_REFUSAL


def _billed(run: Run, finding: Finding) -> Kind:
    """Another cost than the detail says is only the sign of it where large pictures blur."""
    check = finding.case.check
    if check.id == "usage/counts-are-whole":
        return Kind.PROTOCOL
    red = [f for findings in run.red.values() for f in findings]
    blurred = any(echoes.large_picture(run, finding, f) for f in red)
    return Kind.SILENT_DEGRADATION if check.area == "detail" and blurred else Kind.WRONG_BILLING


def _answered(run: Run, finding: Finding, exchange: Exchange) -> Kind:
    """The class of an answer with status 200."""
    check = finding.case.check
    if check.id in _SAID:
        return _SAID[check.id]
    if check.id in _IDENTITY or run.mixed_up(finding):
        return Kind.REORDER
    sent = any(True for _ in witness.parts_of(exchange))
    if not sent and not witness.is_reading(finding):
        return Kind.PROTOCOL
    if witness.wants_refusal(finding):
        return _passed_over(run, finding, exchange)
    return _read(run, finding, exchange) if witness.is_reading(finding) else Kind.PROTOCOL


def _passed_over(run: Run, finding: Finding, exchange: Exchange) -> Kind:
    """What holds no picture was answered about."""
    check = finding.case.check
    if witness.is_blank(exchange):
        return Kind.ERROR_AS_ANSWER
    if check.area == "errors":
        return Kind.PROTOCOL
    nothing_at_all = run.is_red("base64/bytes-that-are-no-picture-are-refused")
    if check.id == "base64/damaged-picture-is-refused" and not nothing_at_all:
        return Kind.SILENT_DEGRADATION
    return Kind.SILENT_STRIP


def _read(run: Run, finding: Finding, exchange: Exchange) -> Kind:
    """The class of an answer that does not say what is in the pictures."""
    if witness.is_blank(exchange):
        return Kind.ERROR_AS_ANSWER
    codes = {p.facts.code for p in witness.pictures_of(exchange)} - {""}
    if len(codes) > 1:
        return _of_several(run, exchange, codes)
    if codes and codes <= set(witness.named(exchange)):
        return Kind.PROTOCOL  # It was read; what is wrong is the form of the answer.
    if witness.sees_none(exchange) or _is_made_up(finding):
        return Kind.SILENT_STRIP
    if not exchange.reply.text.strip():
        return Kind.PROTOCOL  # A call of a tool that says nothing of what was asked.
    return Kind.SILENT_DEGRADATION


def _of_several(run: Run, exchange: Exchange, codes: set[str]) -> Kind:
    """Some are missing from the answer, or they are all there and in the wrong place."""
    said = codes & set(witness.named(exchange))
    shown = tuple(p.facts.code for p in witness.pictures_of(exchange))
    if witness.asks_for_all(exchange) and witness.named(exchange) == shown:
        return Kind.PROTOCOL  # All were read; what is wrong is the form of the answer.
    if witness.asks_for_all(exchange) or len(said) > 1:
        return Kind.REORDER if codes == said else Kind.SILENT_STRIP
    return Kind.SILENT_STRIP if any(map(run.is_red, _MISSING)) else Kind.REORDER


def _is_made_up(finding: Finding) -> bool:
    """The codes that were named, over all attempts, are no more like those shown than any."""
    shown = [c for e in finding.evidence for p in witness.pictures_of(e) for c in _codes(p)]
    said = [code for e in finding.evidence for code in witness.named(e)]
    if not said or not shown:
        return False
    few = said[:_COMPARED]
    likeness = [max(_likeness(code, other) for other in shown[:_COMPARED]) for code in few]
    many = len(said) > _MANY * len(finding.evidence)
    return many or sum(likeness) / len(likeness) < _MADE_UP


def _codes(picture: Picture) -> list[str]:
    return sorted(witness.codes_of(picture))


def _likeness(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
