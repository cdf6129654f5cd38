"""Paths, queries and extensions: a URL is asked for as it was written."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.url._hosted import READ, reads_at, reads_or_refuses_at
from conformance.drawing import codes
from conformance.model import Dialogue, Hosted, Lab, Level, Param
from conformance.registry import check


@check(Level.MUST, spec=sources.URI, needs=READ, guess=codes.GUESS)
def query_string_is_kept(lab: Lab) -> Dialogue:
    """The query string of a URL reaches the host unchanged."""
    query = "size=large&sig=a%2Fb%3D%3D&expires=1893456000"
    return (yield from reads_at(lab, Hosted(query=query)))


@check(
    Level.SHOULD,
    spec=sources.CONTENT_TYPE,
    over=(
        Param(id="none", value="picture"),
        Param(id="wrong", value="picture.txt"),
        Param(id="other-format", value="picture.gif"),
        Param(id="upper-case", value="PICTURE.PNG"),
        Param(id="base64-in-name", value="base64,data.png"),
    ),
    needs=READ,
    guess=codes.GUESS,
)
def extension_does_not_matter(lab: Lab, path: str) -> Dialogue:
    """A picture is read whatever the extension in its URL."""
    return (yield from reads_at(lab, Hosted(path=path)))


@check(Level.MUST, spec=sources.URI, needs=READ, guess=codes.GUESS)
def percent_encoded_path_is_kept(lab: Lab) -> Dialogue:
    """A picture whose path is percent-encoded is read."""
    return (yield from reads_at(lab, Hosted(path="my%20picture%20%281%29%2B.png")))


@check(Level.MAY, spec=sources.IRI, needs=READ, guess=codes.GUESS)
def non_ascii_path(lab: Lab) -> Dialogue:
    """A path in Chinese characters is read or refused, not ignored."""
    hosted = Hosted(path="图片-编号.png")
    return (yield from reads_or_refuses_at(lab, hosted, "a path that is not ASCII"))
