"""Redirects on the way to the picture."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.url._hosted import READ, reads_or_refuses_at
from conformance.drawing import codes
from conformance.model import Dialogue, Hosted, Lab, Level
from conformance.registry import check


@check(
    Level.MAY, spec=sources.REDIRECTS, over=(301, 302, 303, 307, 308), needs=READ, guess=codes.GUESS
)
def redirect(lab: Lab, status: int) -> Dialogue:
    """A redirect to the picture is followed or refused, not ignored."""
    hosted = Hosted(redirects=(status,))
    return (yield from reads_or_refuses_at(lab, hosted, f"a redirect by {status}"))


@check(Level.MAY, spec=sources.REDIRECTS, needs=READ, guess=codes.GUESS)
def redirect_chain(lab: Lab) -> Dialogue:
    """A chain of three redirects is followed or refused, not ignored."""
    hosted = Hosted(redirects=(301, 302, 307))
    return (yield from reads_or_refuses_at(lab, hosted, "three redirects in a row"))
