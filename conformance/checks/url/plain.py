"""The plainest picture by URL."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.url._hosted import URL
from conformance.drawing import codes
from conformance.judging import ways
from conformance.model import Dialogue, Hosted, Lab, Level
from conformance.registry import check


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=URL, guess=codes.GUESS)
def plain(lab: Lab) -> Dialogue:
    """A picture at an http URL is read."""
    return (yield from ways.plainest(lab, Hosted()))
