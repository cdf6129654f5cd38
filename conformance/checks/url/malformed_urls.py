"""What is no address of a picture, and one that is written without its object."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.url._hosted import READ, URL, reads_or_refuses_at
from conformance.drawing import codes
from conformance.judging import refusals, ways
from conformance.model import (
    Dialogue,
    Hosted,
    ImagePart,
    Lab,
    Level,
    Observed,
    Param,
    Steps,
    Verbatim,
    canonical,
)
from conformance.registry import check


def _address_is_refused(lab: Lab, url: object, what: str) -> Steps[Observed]:
    yield from ways.through(lab, Hosted(), "url/plain")
    part = ImagePart(picture=None, via=Verbatim(json=canonical(url)))
    return (yield from refusals.refuses(questions.ask(part, prompts.CODE), what))


@check(Level.MUST, spec=sources.IMAGE_PART, needs=URL)
def empty_url_is_refused(lab: Lab) -> Dialogue:
    """An empty url is refused with a 4xx and an error object."""
    return (yield from _address_is_refused(lab, "", "an empty url"))


@check(
    Level.MUST,
    spec=sources.IMAGE_PART,
    over=(
        Param(id="null", value=None),
        Param(id="number", value=42),
        Param(id="true", value=True),
        Param(id="list", value=["a"]),
        Param(id="object", value={"url": "x"}),
    ),
    needs=URL,
)
def url_that_is_no_string_is_refused(lab: Lab, url: object) -> Dialogue:
    """A url that is not a string is refused with a 4xx and an error object."""
    return (yield from _address_is_refused(lab, url, "a url that is not a string"))


@check(
    Level.MUST,
    spec=sources.IMAGE_PART,
    over=(
        Param(id="words", value="not a url"),
        Param(id="path", value="picture.png"),
        Param(id="no-host", value="http://"),
        Param(id="unknown-scheme", value="nothing://picture.png"),
    ),
    needs=URL,
)
def url_that_is_no_address_is_refused(lab: Lab, url: str) -> Dialogue:
    """A url that is no address of a picture is refused with a 4xx and an error object."""
    return (yield from _address_is_refused(lab, url, f"the url {url!r}"))


@check(Level.MAY, spec=sources.IMAGE_PART, needs=READ, guess=codes.GUESS)
def bare_string_as_image_url(lab: Lab) -> Dialogue:
    """A URL written as image_url itself, without the object, is read or refused, not ignored."""
    hosted = Hosted(bare=True)
    return (yield from reads_or_refuses_at(lab, hosted, "an image_url that is a bare string"))
