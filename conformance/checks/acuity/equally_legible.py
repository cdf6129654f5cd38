"""The same print in another encoding, by another way, at another detail or size."""

from __future__ import annotations

from typing import Final

from conformance.asking import sources
from conformance.checks.acuity._charts import (
    ANY_LINE,
    NONE,
    READ,
    Point,
    finest_line,
    high_detail,
    judged,
    measure,
    px,
)
from conformance.judging import ways
from conformance.model import (
    Blocked,
    Claim,
    Dialogue,
    Failed,
    Hosted,
    Inline,
    Lab,
    Level,
    Picture,
    Steps,
    Via,
)
from conformance.registry import check

#: How many times as high the finest legible line may be as on the chart that it is compared with.
#: Two steps of the ladder, each of 1.3: a line more or less is chance.
SLACK: Final = 1.75
ENCODINGS = (("jpeg", Claim.JPEG), ("webp", Claim.WEBP), ("gif", Claim.GIF))


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=(*READ, Claim.PNG), guess=ANY_LINE, steps=4)
def encodings_are_equally_legible(lab: Lab) -> Dialogue:
    """The same chart of print is about as legible in every encoding."""
    via = yield from ways.transport(lab)
    finest = yield from measure(lab, "acuity-png", via, high_detail(lab))
    points = [("png", finest)]
    for name, claim in ENCODINGS:
        if claim not in lab.target.unclaimed:
            points += yield from _unless_refused(lab, name, via, SLACK * finest.height)
    expected = "print about as fine in every encoding as in PNG"
    trace = "{} is decoded coarsely, or shrunk, before the model sees it"
    return judged(points, SLACK, expected, trace)


def _unless_refused(lab: Lab, name: str, via: Via, bound: float) -> Steps[list[Point]]:
    """The finest line in an encoding; nothing where it is refused or lost, as other checks say."""
    try:
        finest = yield from finest_line(lab, f"acuity-{name}", via, high_detail(lab), bound)
    except Failed:
        return []
    return [] if finest.height == NONE else [(name, finest)]


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    needs=(*READ, Claim.URL, Claim.DATA_URL),
    guess=ANY_LINE,
)
def url_is_as_legible_as_data_url(lab: Lab) -> Dialogue:
    """The same chart of print is about as legible by URL as by data URL, and the other way."""
    yield from ways.through(lab, Inline(), "base64/plain")
    yield from ways.through(lab, Hosted(), "url/plain")
    inline = yield from measure(lab, "acuity-png", Inline(), high_detail(lab))
    hosted = yield from finest_line(
        lab, "acuity-png", Hosted(), high_detail(lab), SLACK * inline.height
    )
    if hosted.height < NONE:
        inline = yield from finest_line(
            lab, "acuity-png", Inline(), high_detail(lab), SLACK * hosted.height
        )
    points = [("data URL", inline), ("URL", hosted)]
    expected = "print about as fine by URL as by data URL"
    trace = "the trace of shrinking on the way of the {}"
    return judged(sorted(points, key=lambda point: point[1].height), SLACK, expected, trace)


@check(Level.SHOULD, spec=sources.IMAGE_DETAIL, needs=(*READ, Claim.DETAIL), guess=ANY_LINE)
def high_is_no_coarser_than_low(lab: Lab) -> Dialogue:
    """Print that is legible at low is about as legible at high."""
    via = yield from ways.transport(lab)
    low = yield from measure(lab, "acuity-png", via, "low")
    high = yield from finest_line(lab, "acuity-png", via, "high", SLACK * low.height)
    expected = "print at high about as fine as at low, or finer"
    trace = "pictures are shrunk at {} and not at low"
    return judged([("low", low), ("high", high)], SLACK, expected, trace)


@check(Level.SHOULD, spec=sources.IMAGE_DETAIL, needs=READ, guess=ANY_LINE)
def small_picture_is_no_coarser(lab: Lab) -> Dialogue:
    """Print of the same height in pixels is about as legible in a small picture as in a large."""
    via = yield from ways.transport(lab)
    large = yield from measure(lab, "acuity-png", via, high_detail(lab))
    small = yield from finest_line(lab, "acuity-small", via, high_detail(lab), SLACK * large.height)
    if large.height > max(p.height for p in lab.pictures["acuity-small"].facts.prints):
        raise Blocked("detail/fine-print-is-legible-at-high", f"large {px(large.height)}")
    sizes = [_size(lab.pictures[name]) for name in ("acuity-png", "acuity-small")]
    points = list(zip(sizes, (large, small), strict=True))
    expected = f"print at {sizes[1]} about as fine as at {sizes[0]}, or finer"
    return judged(points, SLACK, expected, "the trace of shrinking at {}")


def _size(picture: Picture) -> str:
    return f"{picture.width}x{picture.height}"
