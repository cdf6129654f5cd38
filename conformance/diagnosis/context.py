"""A run seen as a whole: what is red in it, and what was shown and answered where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from conformance.diagnosis import witness
from conformance.model import Exchange, Finding, Probe, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The findings of a run, and what several rules ask of all of them."""

    findings: tuple[Finding, ...]
    #: Failed findings by id of check, in order.
    red: Mapping[str, tuple[Finding, ...]]
    #: Codes in all pictures that were sent.
    shown: frozenset[str]
    #: Exchanges of the run, each probe once.
    exchanges: tuple[Exchange, ...]
    #: Bodies that came as the answer to more than one question.
    repeated: frozenset[bytes]

    def is_red(self, check: str) -> bool:
        return check in self.red

    def mixed_up(self, finding: Finding) -> bool:
        """True where the answer belongs, by its codes or its bytes, to another request."""
        exchange = witness.last(finding)
        if exchange is None or not witness.is_answer(exchange):
            return False
        return bool(witness.foreign(exchange, set(self.shown))) or exchange.body in self.repeated


def look_over(findings: Sequence[Finding]) -> Run:
    red: dict[str, list[Finding]] = defaultdict(list)
    for finding in filter(witness.is_red, findings):
        red[finding.case.check.id].append(finding)
    exchanges = {e.probe: e for f in findings for e in f.evidence}
    return Run(
        findings=tuple(findings),
        red={check: tuple(members) for check, members in red.items()},
        shown=frozenset(witness.shown_codes(findings)),
        exchanges=tuple(exchanges.values()),
        repeated=_repeated(exchanges),
    )


def _repeated(exchanges: Mapping[Probe, Exchange]) -> frozenset[bytes]:
    """Bodies of good answers that came to more than one question, id and all.

    Where every answer has the same id, or none, equal bodies prove nothing.
    """
    probes: dict[bytes, set[Probe]] = defaultdict(set)
    ids: set[str] = set()
    for exchange in exchanges.values():
        name = witness.id_of(exchange)
        if name and exchange.probe.turns and exchange.probe.service is Service.CHAT:
            ids.add(name)
            probes[exchange.body].add(replace(exchange.probe, sample=0))
    found = frozenset(body for body, asked in probes.items() if len(asked) > 1)
    return found if len(ids) > 1 else frozenset()
