"""What is true of a whole run, from direct evidence: trouble on the way, mixed-up answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from statistics import NormalDist
from typing import Final

from conformance.diagnosis.contrast import request_of
from conformance.diagnosis.statement import Banner
from conformance.model import Exchange, Finding, Probe, Symptom, Verdict

#: Of the requests, the share without any answer from which on a run was not heard out.
UNHEARD: Final = 0.02
#: Different requests that were answered with another's picture: fewer may be one cache's affair.
MIXED: Final = 3
_BUSY: Final = frozenset({"429", "503", "529", "408"})


def banners(findings: Sequence[Finding]) -> Iterator[Banner]:
    """The gravest first."""
    exchanges = list(_exchanges(findings).values())
    yield from _unanswered(exchanges)
    yield from _mixed_up(findings)
    yield from _lottery(findings)
    yield from _weather(exchanges)


def unasked(ended: str) -> Iterator[Banner]:
    """That a run was ended before all was asked, and why; nothing where ``ended`` is ""."""
    if ended:
        words = f"Not all was asked: {ended}. What was not asked is not observed."
        yield Banner(kind="ended", words=words)


def _exchanges(findings: Sequence[Finding]) -> dict[Probe, Exchange]:
    return {e.probe: e for f in findings for e in f.evidence if not e.probe.is_risky}


def _unanswered(exchanges: Sequence[Exchange]) -> Iterator[Banner]:
    """Requests that stayed without an answer, whatever was done; not those that always fail."""
    lost = [e for e in exchanges if e.trouble and not e.reproduced]
    if len(lost) < max(2, UNHEARD * len(exchanges)):
        return
    kinds = Counter(e.trouble for e in lost)
    told = ", ".join(f"{_name(kind)} {n} times" for kind, n in kinds.most_common(3))
    is_busy = kinds.most_common(1)[0][0] in _BUSY
    what = "was busy" if is_busy else "stopped answering"
    words = (
        f"The endpoint {what}: {len(lost)} of {len(exchanges)} requests got no answer, however "
        f"often they were asked ({told}). What they were to show is not observed."
    )
    yield Banner(kind="busy" if is_busy else "dying", words=words)


def _mixed_up(findings: Sequence[Finding]) -> Iterator[Banner]:
    red = [f for f in findings if f.verdict is Verdict.FAILED and f.symptom is Symptom.ANOTHERS]
    probes = {request_of(exchange.probe) for f in red for exchange in f.red}
    if len(probes) >= MIXED:
        words = (
            f"Answers are mixed up between requests: {len(probes)} of them told of a picture that "
            "another request had sent. Users may see each other's pictures."
        )
        yield Banner(kind="mixed-up", words=words)


def _lottery(findings: Sequence[Finding]) -> Iterator[Banner]:
    red = [f for f in findings if f.verdict is Verdict.FAILED and f.symptom is Symptom.UNSTEADY]
    if red:
        measured = next((f.measured for f in red if f.measured), "some of them")
        words = (
            f"A lottery of back ends: of equal requests, {measured}. Whatever else is said "
            "here may hold for some of the back ends only."
        )
        yield Banner(kind="lottery", words=words)


def _weather(exchanges: Sequence[Exchange]) -> Iterator[Banner]:
    """First tries in trouble, of requests that were answered when asked again."""
    settled = [e for e in exchanges if not e.trouble]
    kinds = Counter(e.troubles[0] for e in settled if e.troubles)
    troubled = kinds.total()
    if not troubled:
        return
    low, high = interval(troubled, len(settled))
    told = ", ".join(f"{_name(kind)} {n}" for kind, n in kinds.most_common(5))
    words = (
        f"{troubled} of {len(settled)} first tries were in trouble and went well later ({told}): "
        f"{troubled / len(settled):.1%}, between {low:.1%} and {high:.1%} with 95 % confidence."
    )
    yield Banner(kind="weather", words=words)


def interval(hits: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson, J. Am. Stat. Assoc. 22, 1927)."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = hits / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _name(kind: str) -> str:
    words = {"stall": "no reply in time", "reset": "connection lost", "cut": "stream cut off"}
    return words.get(kind, kind)
