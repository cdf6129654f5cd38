"""The ways in which a picture gets through, and whether one is open here."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking.questions import ask_code
from conformance.judging.reading import reads
from conformance.judging.replies import answered, told
from conformance.model import (
    Blocked,
    Claim,
    Failed,
    Hosted,
    Inline,
    Lab,
    Observed,
    Steps,
    Symptom,
    Via,
    Way,
)

#: The ways a picture may get through, the plainest first, each with what it claims and its check.
WAYS: tuple[tuple[Claim, str, Way], ...] = (
    (Claim.DATA_URL, "base64/plain", Inline()),
    (Claim.URL, "url/plain", Hosted()),
)


def transport(lab: Lab) -> Steps[Via]:
    """The way pictures get through here: a data URL, or else an http URL. Raises Blocked."""
    claimed = [(by, via) for claim, by, via in WAYS if claim not in lab.target.unclaimed]
    for _, plain in claimed:
        via = yield from working(lab, plain)
        if via is not None:
            return via
    by = claimed[0][0] if claimed else "base64/plain"
    raise Blocked(by, "no picture gets through, neither as a data URL nor by http URL")


def through(lab: Lab, via: Way, by: str) -> Steps[None]:
    """Raises Blocked by the named check unless the plainest picture gets through this way.

    Where PNG does not and JPEG does, the way itself is open.
    """
    if (yield from working(lab, via)) is None:
        raise Blocked(by, "the plainest picture does not get through this way")


def working(lab: Lab, via: Way) -> Steps[Way | None]:
    """This way, with pictures as they are or else written anew as JPEG; None where it is shut."""
    for tried in (via, replace(via, recoded=True)):
        try:
            yield from plainest(lab, tried)
        except Failed as failed:
            if failed.symptom is not Symptom.REFUSED or Claim.JPEG in lab.target.unclaimed:
                return None
        else:
            return tried
    return None


def plainest(lab: Lab, via: Way) -> Steps[Observed]:
    """One clear picture, one plain question. An engine with test weights need only answer."""
    picture = lab.pictures["sheet-01"]
    probe = ask_code(picture, via)
    if Claim.READING not in lab.target.unclaimed:
        try:
            return (yield from reads(probe, picture.facts.code))
        except Failed as failed:
            if failed.symptom is Symptom.REFUSED:
                claim = "url" if isinstance(via, Hosted) else "data_url"
                failed.hint = f"if it is refused by design, say {claim} = false under [claims]"
            raise
    exchange = yield probe
    answered(exchange, "an answer")
    return Observed(expected="an answer", actual=told(exchange), about=exchange)
