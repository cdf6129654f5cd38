"""Which requests of a run are known to be free of a symptom: what the red ones are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from conformance.judging import answers
from conformance.model import Ability, Claim, Exchange, Finding, ImagePart, Probe, Symptom, Verdict
from conformance.wire.jsontext import NotJson, parse, text_at

#: Characters of an answer that are looked at.
_MOST = 4_000


def green(symptom: Symptom, findings: Sequence[Finding]) -> set[Probe]:
    """Requests that were judged for the symptom, in effect, and do not show it."""
    spared = (e for f in findings if f.symptom is symptom for e in f.spared)
    return {exchange.probe for each in (_LOOKS[symptom](findings), spared) for exchange in each}


def _seen(findings: Sequence[Finding]) -> Iterator[Exchange]:
    """Whatever names the codes of its pictures, and what a check that only eyes pass has passed."""
    for finding in findings:
        if finding.verdict is Verdict.PASSED and finding.case.check.guess and finding.about:
            yield from [finding.about] if finding.about.status == 200 else []
    # Cases share their exchanges, and answers may be long.
    shared = {id(e): e for finding in findings for e in finding.evidence}
    yield from filter(_is_right, shared.values())


def _repeated(findings: Sequence[Finding]) -> Iterator[Exchange]:
    """What was asked for words of the request and answered with them."""
    for found in _passed(findings):
        if found.case.check.abilities & {Ability.WORDS, Ability.SCRIPTS} and found.about:
            yield found.about


def _is_right(exchange: Exchange) -> bool:
    parts = (part for turn in exchange.probe.turns for part in turn.parts)
    codes = {p.picture.facts.code for p in parts if isinstance(p, ImagePart) and p.picture} - {""}
    return bool(codes) and codes <= set(answers.codes_in(exchange.reply.text[:_MOST]))


def _answered(findings: Sequence[Finding]) -> Iterator[Exchange]:
    for finding in findings:
        for exchange in finding.evidence:
            is_error = exchange.reply.is_error or not exchange.reply.text.strip()
            if exchange.status == 200 and not is_error:
                yield exchange


def _refused(findings: Sequence[Finding]) -> Iterator[Exchange]:
    for finding in findings:
        yield from (e for e in finding.evidence if 400 <= e.status < 500 and _has_error(e))


def _has_error(exchange: Exchange) -> bool:
    body = parse(exchange.body)
    return not isinstance(body, NotJson) and bool(text_at(body, "error", "message"))


def _billed(findings: Sequence[Finding]) -> Iterator[Exchange]:
    for found in _passed(findings):
        if Claim.USAGE in found.case.needs and found.about and found.about.reply.usage:
            yield found.about


def _decided(findings: Sequence[Finding]) -> Iterator[Exchange]:
    yield from (found.about for found in _passed(findings) if found.about is not None)


def _passed(findings: Sequence[Finding]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.verdict is Verdict.PASSED)


_Looks = Callable[[Sequence[Finding]], Iterator[Exchange]]
_LOOKS: dict[Symptom, _Looks] = {
    **dict.fromkeys(Symptom, _decided),
    **dict.fromkeys((s for s in Symptom if s.value.startswith("bill-")), _billed),
    Symptom.NOT_READ: _seen,
    Symptom.MADE_UP: _seen,
    Symptom.UNSTEADY: _seen,
    Symptom.WORDS_LOST: _repeated,
    Symptom.ANOTHERS: _seen,
    Symptom.ORDER: _seen,
    Symptom.DEGRADED: _seen,
    Symptom.ERROR_AS_ANSWER: _refused,
    Symptom.SERVER_ERROR: _answered,
    Symptom.NO_REPLY: _answered,
    Symptom.REFUSED: _answered,
    Symptom.EMPTY: _answered,
    Symptom.OVERLOOKED: _refused,
    Symptom.REFUSAL_BREAKS: _refused,
    Symptom.NO_ERROR_OBJECT: _refused,
    Symptom.WRONG_ERROR: _refused,
}
