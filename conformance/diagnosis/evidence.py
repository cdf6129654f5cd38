"""The witnesses for a statement, as sentences of numbers: answers, fetches, tokens, statuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from conformance.diagnosis import witness
from conformance.diagnosis.context import Run
from conformance.model import Exchange, Finding

#: Checks that are named one by one.
_NAMED = 4


def of(run: Run, findings: Sequence[Finding]) -> tuple[str, ...]:
    """At least one sentence: which checks failed, and what each witness says."""
    exchanges = tuple({e.probe: e for f in findings for e in _deciding(f)}.values())
    witnesses = (_checks(findings), _read(exchanges), _fetched(exchanges))
    more = (_tokens(run, exchanges), _mixed(run, findings), _statuses(findings))
    return tuple(sentence for told in (*witnesses, *more) for sentence in told)


def _deciding(finding: Finding) -> list[Exchange]:
    """The exchanges that asked about the same pictures as the one that decided.

    What was asked before, to see whether any picture gets through, is no evidence here.
    """
    asked = [witness.pictures_of(e) for e in finding.evidence]
    pairs = zip(finding.evidence, asked, strict=True)
    return [exchange for exchange, pictures in pairs if pictures == asked[-1]]


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def _checks(findings: Sequence[Finding]) -> Iterator[str]:
    checks = list(dict.fromkeys(f.case.check.id for f in findings))
    more = f" and {len(checks) - _NAMED} more" if len(checks) > _NAMED else ""
    yield f"{', '.join(checks[:_NAMED])}{more} failed in {_counted(len(findings), 'case')}"


def _read(exchanges: Sequence[Exchange]) -> Iterator[str]:
    """Of the codes in the pictures that were asked about, how many the answers name."""
    good = [e for e in exchanges if witness.is_answer(e)]
    pairs = [(p.facts.code, e) for e in good for p in witness.pictures_of(e) if p.facts.code]
    read = sum(code in witness.named(e) for code, e in pairs)
    if pairs:
        yield f"{read} of {_counted(len(pairs), 'code')} read"
    blind = sum(map(witness.sees_none, good))
    if blind:
        yield f"{_counted(blind, 'answer')} said that there was no picture"


def _fetched(exchanges: Sequence[Exchange]) -> Iterator[str]:
    """What the picture host saw, where pictures were sent as URLs."""
    hosted = [e for e in exchanges if witness.by_url(e) and e.status]
    if not hosted:
        return
    fetches = sum(len(e.fetches) for e in hosted)
    told = _counted(fetches, "fetch").replace("fetchs", "fetches") if fetches else "no fetch"
    yield f"the picture host saw {told} in {_counted(len(hosted), 'request')}"


def _tokens(run: Run, exchanges: Sequence[Exchange]) -> Iterator[str]:
    """Prompt tokens with pictures, beside those of questions without any."""
    with_ = [e.reply.usage.prompt for e in exchanges if witness.pictures_of(e) and e.reply.usage]
    bare = [e for e in run.exchanges if witness.is_answer(e) and not any(witness.parts_of(e))]
    without = [e.reply.usage.prompt for e in bare if e.reply.usage]
    dear, cheap = [n for n in with_ if n is not None], [n for n in without if n is not None]
    if dear and cheap:
        yield (
            f"prompt tokens: {_range(dear)} with pictures, {_range(cheap)} in requests without any"
        )


def _range(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return _number(low) if low == high else f"{_number(low)} to {_number(high)}"


def _number(value: int) -> str:
    """A count; one that no tokenizer counts is said to be so, however many digits it has."""
    return f"{value:,}" if value < 10**12 else "more than 10^12"


def _mixed(run: Run, findings: Sequence[Finding]) -> Iterator[str]:
    mixed = sum(map(run.mixed_up, findings))
    if mixed:
        yield f"{_counted(mixed, 'answer')} belonged, by its code or its bytes, to another request"


def _statuses(findings: Sequence[Finding]) -> Iterator[str]:
    tally = Counter(witness.status(f) for f in findings)
    told = [
        f"{s or 'no reply'} ({n} times)" if n > 1 else f"{s or 'no reply'}"
        for s, n in sorted(tally.items())
    ]
    yield f"status of the deciding replies: {', '.join(told[:6])}"
