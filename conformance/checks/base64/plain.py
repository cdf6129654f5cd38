"""The plainest picture in a data URL."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.base64._inline import DATA
from conformance.drawing import codes
from conformance.judging import ways
from conformance.model import Dialogue, Inline, Lab, Level
from conformance.registry import check


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=DATA, guess=codes.GUESS)
def plain(lab: Lab) -> Dialogue:
    """A picture sent as a base64 data URL is read."""
    return (yield from ways.plainest(lab, Inline()))
