"""Hosts that name types poorly, are slow, send in chunks, or refuse HEAD."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.url._hosted import READ, reads_at
from conformance.drawing import codes
from conformance.model import Dialogue, Hosted, Lab, Level, Param
from conformance.registry import check


@check(
    Level.SHOULD,
    spec=sources.CONTENT_TYPE,
    over=(
        Param(id="missing", value=""),
        Param(id="octet-stream", value="application/octet-stream"),
        Param(id="binary", value="binary/octet-stream"),
        Param(id="other-format", value="image/jpeg"),
    ),
    needs=READ,
    guess=codes.GUESS,
)
def content_type_does_not_matter(lab: Lab, content_type: str) -> Dialogue:
    """A picture is read from its bytes when the host names its type poorly."""
    return (yield from reads_at(lab, Hosted(content_type=content_type)))


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=(
        Param(id="first-byte-after-2-s", value=Hosted(first_byte=2.0)),
        Param(id="dripped-over-2-s", value=Hosted(drip=2.0)),
    ),
    needs=READ,
    guess=codes.GUESS,
    steps=10,
)
def slow_host_is_waited_for(lab: Lab, hosted: Hosted) -> Dialogue:
    """A picture from a slow host is read."""
    return (yield from reads_at(lab, hosted))


@check(Level.SHOULD, spec=sources.HTTP_CHUNKED, needs=READ, guess=codes.GUESS)
def chunked_body_is_read(lab: Lab) -> Dialogue:
    """A picture sent in chunks, without a Content-Length, is read."""
    return (yield from reads_at(lab, Hosted(chunked=True)))


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=READ, guess=codes.GUESS)
def head_is_not_needed(lab: Lab) -> Dialogue:
    """A picture is read from a host that refuses HEAD."""
    return (yield from reads_at(lab, Hosted(head_refused=True)))
