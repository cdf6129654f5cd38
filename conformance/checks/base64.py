"""Pictures written into the request as data URLs: formats, sizes, syntax, what is no picture."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.controls import abilities
from conformance.drawing import codes, variants
from conformance.judging import aftermath, answers, reading, refusals, replies, ways
from conformance.model import (
    Ability,
    Claim,
    Dialogue,
    Failed,
    Hosted,
    ImagePart,
    Inline,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Param,
    Payload,
    Reason,
    Steps,
    Symptom,
    Unobserved,
    Verbatim,
    canonical,
)
from conformance.registry import check

DATA = (Claim.DATA_URL,)
READ = (Claim.DATA_URL, Claim.READING)

#: Six colours in nine cells, at least four of them different: no better than 1 in 6 ** 9.
GUESS_COLOURS = 6.0**-9
#: Six rows of one to six discs.
GUESS_TALLY = 6.0**-6
#: Bytes of metadata: thumbnails, profiles and maker notes of a telephone take as much.
LATE = 200_000


def _of(claim: Claim, *picture_ids: str) -> tuple[Param, ...]:
    return tuple(Param(id=i, value=i, needs=frozenset({claim})) for i in picture_ids)


def _reads_inline(lab: Lab, picture_id: str, via: Inline | None = None) -> Steps[Observed]:
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures[picture_id]
    return (yield from reading.reads(questions.ask_code(picture, via), picture.facts.code))


def _reads_or_refuses_inline(
    lab: Lab, picture_id: str, what: str, via: Inline | None = None
) -> Steps[Observed]:
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures[picture_id]
    return (
        yield from refusals.reads_or_refuses(
            questions.ask_code(picture, via), picture.facts.code, what
        )
    )


def _refuses_inline(
    lab: Lab, picture_id: str, what: str, via: Inline | None = None
) -> Steps[Observed]:
    yield from ways.through(lab, Inline(), "base64/plain")
    return (yield from refusals.refuses(questions.ask_code(lab.pictures[picture_id], via), what))


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=DATA, guess=codes.GUESS)
def plain(lab: Lab) -> Dialogue:
    """A picture sent as a base64 data URL is read."""
    return (yield from ways.plainest(lab, Inline()))


@check(
    Level.MUST,
    spec=sources.IMAGE_REQUIREMENTS,
    over=(
        *_of(Claim.PNG, "png-rgb"),
        *_of(Claim.JPEG, "jpeg-baseline"),
        *_of(Claim.WEBP, "webp-lossy"),
        *_of(Claim.GIF, "gif-still"),
    ),
    needs=READ,
    guess=codes.GUESS,
)
def format_is_read(lab: Lab, picture_id: str) -> Dialogue:
    """A picture of each documented format is read."""
    return (yield from _reads_inline(lab, picture_id))


@check(
    Level.SHOULD,
    spec=sources.PNG,
    over=[
        Param(id=i, value=i, needs=frozenset({claim})) for i, claim in abilities.ENCODINGS.items()
    ],
    needs=READ,
    guess=codes.GUESS,
)
def encoding_is_read(lab: Lab, picture_id: str) -> Dialogue:
    """Less common encodings of the documented formats stay legible."""
    try:
        return (yield from _reads_inline(lab, picture_id))
    except Failed as failed:
        is_able = Ability.ENCODINGS in lab.target.vouched or failed.symptom not in reading.UNREAD
        if is_able or (yield from _is_read_by_url(lab, picture_id)):
            raise
        words = f"it is read in no way that works here: {failed.actual}"
        raise Unobserved(words, ability=Ability.ENCODINGS, about=failed.about) from None


def _is_read_by_url(lab: Lab, picture_id: str) -> Steps[bool]:
    if Claim.URL in lab.target.unclaimed or not (yield from ways.working(lab, Hosted())):
        return False
    picture = lab.pictures[picture_id]
    try:
        yield from reading.reads(questions.ask_code(picture, Hosted()), picture.facts.code)
    except Failed:
        return False
    return True


@check(Level.MAY, spec=sources.IMAGE_REQUIREMENTS, needs=(*READ, Claim.GIF), guess=codes.GUESS)
def animated_gif(lab: Lab) -> Dialogue:
    """An animated GIF is read from its first frame or refused, not ignored."""
    return (yield from _reads_or_refuses_inline(lab, "gif-animated", "an animated GIF"))


@check(
    Level.MAY,
    spec=sources.IMAGE_INPUT,
    over=("jpeg-exif-1", "jpeg-exif-3", "jpeg-exif-6", "jpeg-exif-8"),
    needs=(*READ, Claim.JPEG),
    guess=4 * codes.GUESS,
)
def exif_orientation(lab: Lab, picture_id: str) -> Dialogue:
    """A JPEG with an EXIF orientation is read or refused; which corner comes first is reported."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures[picture_id]
    corners = picture.facts.corners
    probe = questions.ask(questions.image(picture), prompts.CORNER.format("top left"))

    def accepts(words: str) -> bool:
        return bool(set(answers.codes_in(words)) & set(corners))

    seen = "a code of one of the corners"
    try:
        observed = yield from refusals.refuses_or(
            probe, accepts, "a JPEG with EXIF orientation", seen
        )
    except Failed as failed:
        if failed.symptom in (Symptom.NOT_READ, Symptom.MADE_UP) and picture_id != "jpeg-exif-1":
            words = f"what lies on its side is not read: {failed.actual}"
            raise Unobserved(words, ability=Ability.PLACE) from None
        raise
    applied = answers.reads(observed.actual, corners[0])
    note = "the orientation is applied" if applied else "the orientation is not applied"
    return Observed(expected=observed.expected, actual=f"{observed.actual}; {note}")


@check(
    Level.MUST,
    spec=sources.IMAGE_INPUT,
    over=(
        "size-200x200",
        "size-512x512",
        "size-1024x1024",
        "size-2048x2048",
        "portrait-768x1366",
        "landscape-1366x768",
        "tall-200x2000",
        "wide-2000x200",
    ),
    needs=READ,
    guess=codes.GUESS,
)
def size_is_read(lab: Lab, picture_id: str) -> Dialogue:
    """A picture of an ordinary size or shape is read."""
    return (yield from _reads_inline(lab, picture_id))


@check(
    Level.MAY,
    spec=sources.IMAGE_REQUIREMENTS,
    over=("size-4096x4096", "size-6000x6000", "tall-100x4000", "wide-4000x100"),
    needs=READ,
    guess=codes.GUESS,
)
def extreme_size(lab: Lab, picture_id: str) -> Dialogue:
    """A picture of an extreme size or shape is read or refused, not ignored."""
    try:
        return (yield from _reads_or_refuses_inline(lab, picture_id, "an extreme size"))
    except Failed as failed:
        # Shrunk to what a model takes, its print is small.
        if failed.symptom not in reading.UNREAD or Ability.SMALL_PRINT in lab.target.vouched:
            raise
        words = f"its print may be too small for this model: {failed.actual}"
        raise Unobserved(words, ability=Ability.SMALL_PRINT, about=failed.about) from None


@check(
    Level.MAY,
    spec=sources.IMAGE_INPUT,
    over=("size-1x1", "size-8x8", "size-16x16"),
    needs=DATA,
    one_by_one=True,
)
def tiny_picture(lab: Lab, picture_id: str) -> Dialogue:
    """A tiny picture is answered or refused with an error object, and breaks nothing."""
    yield from ways.through(lab, Inline(), "base64/plain")
    probe = questions.ask(questions.image(lab.pictures[picture_id]), "What colour is this picture?")
    observed = yield from refusals.refuses_or(probe, bool, "a tiny picture", "an answer")
    width = lab.pictures[picture_id].width
    return (yield from aftermath.breaks_nothing(probe, 100 + width, observed))


@check(Level.SHOULD, spec=sources.IMAGE_REQUIREMENTS, needs=READ, guess=codes.GUESS)
def several_megabytes(lab: Lab) -> Dialogue:
    """A picture of several megabytes is read, if no limit that is refused openly lies below."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["bytes-heavy"]
    promised = lab.target.most_bytes
    if promised is None or len(picture.data) > promised:
        exchange = yield questions.ask_code(picture)
        if refusals.is_refusal(exchange):
            raise NotApplicable(f"refused openly: {replies.told(exchange)}", why=Reason.LIMIT)
    return (yield from reading.reads(questions.ask_code(picture), picture.facts.code))


@check(
    Level.SHOULD,
    spec=sources.IMAGE_REQUIREMENTS,
    over=(*_of(Claim.JPEG, "jpeg-baseline"), *_of(Claim.PNG, "png-rgb")),
    needs=READ,
    guess=codes.GUESS,
)
def long_metadata_before_the_picture(lab: Lab, picture_id: str) -> Dialogue:
    """A picture is read although 200 kB of metadata stand before it, as in photographs."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = variants.late(lab.pictures[picture_id], LATE)
    return (yield from reading.reads(questions.ask_code(picture), picture.facts.code))


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    needs=READ,
    abilities=(Ability.FAINT_PRINT,),
    guess=codes.GUESS,
)
def noisy_photograph(lab: Lab) -> Dialogue:
    """A code on a noisy background, heavy as a photograph, is read."""
    return (yield from _reads_inline(lab, "noise-heavy"))


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=("grid-1", "grid-2"),
    needs=READ,
    abilities=(Ability.COLOURS,),
    guess=GUESS_COLOURS,
)
def colours_are_seen(lab: Lab, picture_id: str) -> Dialogue:
    """Colours are seen where they are, not only print."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures[picture_id]
    wanted = picture.facts.colours
    expected = ", ".join(wanted)
    probe = questions.ask(questions.image(picture), prompts.COLOURS)
    exchange = yield from reading.until(
        probe, lambda w: answers.colours_in(w) == wanted, expected, Symptom.DEGRADED
    )
    return Observed(expected=expected, actual=replies.told(exchange), about=exchange)


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=("tally-1", "tally-2"),
    needs=READ,
    abilities=(Ability.COUNT,),
    guess=GUESS_TALLY,
)
def shapes_are_counted(lab: Lab, picture_id: str) -> Dialogue:
    """Shapes are seen, not only print: rows of discs are counted."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures[picture_id]
    wanted = picture.facts.tally
    expected = ", ".join(map(str, wanted))
    probe = questions.ask(questions.image(picture), prompts.TALLY)
    exchange = yield from reading.until(
        probe, lambda w: answers.numbers_in(w) == wanted, expected, Symptom.DEGRADED
    )
    return Observed(expected=expected, actual=replies.told(exchange), about=exchange)


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=tuple(Param(id=c.replace(" ", "-"), value=c) for c in abilities.CORNERS),
    needs=READ,
    abilities=(Ability.PLACE,),
    guess=4 * codes.GUESS,
)
def corner_is_found(lab: Lab, corner: str) -> Dialogue:
    """What is in a corner is seen in that corner: nothing is mirrored, turned or cut off."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["corners-1"]
    wanted = picture.facts.corners[abilities.CORNERS.index(corner)]

    probe = questions.ask(questions.image(picture), prompts.CORNER.format(corner))
    expected = f"the code {wanted} from the {corner} corner"
    # One that names other corners' codes as well does not obey, but it has seen this one.
    seen = reading.until(
        probe, lambda words: answers.reads(words, wanted), expected, Symptom.DEGRADED
    )
    exchange = yield from seen
    return Observed(expected=f"the code {wanted}", actual=replies.told(exchange), about=exchange)


SPELLINGS = {
    "upper-case-scheme": Inline(scheme="DATA:"),
    "upper-case-type": Inline(media_type="image/PNG"),
    "charset-parameter": Inline(parameters=";charset=utf-8"),
    "name-parameter": Inline(parameters=";name=picture.png"),
    "no-padding": Inline(payload=Payload.UNPADDED),
    "line-breaks": Inline(payload=Payload.WRAPPED),
    "url-safe-alphabet": Inline(payload=Payload.URL_SAFE),
    "no-base64-marker": Inline(marker=""),
    "raw-base64": Inline(scheme="", media_type="", marker="", comma=""),
}


@check(Level.MAY, spec=sources.DATA_URL, over=tuple(SPELLINGS), needs=READ, guess=codes.GUESS)
def unusual_spelling(lab: Lab, spelling: str) -> Dialogue:
    """A data URL in an unusual spelling is read or refused, not ignored."""
    via = SPELLINGS[spelling]
    return (yield from _reads_or_refuses_inline(lab, "sheet-06", spelling, via))


BROKEN = {
    "no-comma": Inline(comma=""),
    "empty-payload": Inline(payload=Payload.EMPTY),
    "not-base64": Inline(payload=Payload.GARBLED),
}


@check(Level.MUST, spec=sources.BASE64, over=tuple(BROKEN), needs=DATA)
def broken_data_url_is_refused(lab: Lab, spelling: str) -> Dialogue:
    """A data URL that holds no picture is refused with a 4xx and an error object."""
    return (yield from _refuses_inline(lab, "sheet-07", spelling, BROKEN[spelling]))


@check(Level.MUST, spec=sources.IMAGE_PART, needs=DATA)
def missing_image_url_is_refused(lab: Lab) -> Dialogue:
    """A picture part without image_url is refused with a 4xx and an error object."""
    yield from ways.through(lab, Inline(), "base64/plain")
    part = ImagePart(
        picture=None, via=Verbatim(json=canonical({"type": "image_url"}), whole_part=True)
    )
    return (
        yield from refusals.refuses(
            questions.ask(part, prompts.CODE), "a picture part without image_url"
        )
    )


DECLARED = {
    "png-as-jpeg": ("sheet-08", "image/jpeg"),
    "jpeg-as-png": ("jpeg-baseline", "image/png"),
    "webp-as-png": ("webp-lossless", "image/png"),
    "jpeg-as-image-jpg": ("jpeg-baseline", "image/jpg"),
    "octet-stream": ("sheet-08", "application/octet-stream"),
    "text-plain": ("sheet-08", "text/plain"),
    "none": ("sheet-08", ""),
}


@check(Level.MAY, spec=sources.DATA_URL, over=tuple(DECLARED), needs=READ, guess=codes.GUESS)
def declared_type_unlike_the_bytes(lab: Lab, name: str) -> Dialogue:
    """A declared media type unlike the bytes is overlooked or refused; the picture not ignored."""
    picture_id, declared = DECLARED[name]
    via = Inline(media_type=declared)
    return (yield from _reads_or_refuses_inline(lab, picture_id, f"the type {declared!r}", via))


@check(
    Level.SHOULD,
    spec=sources.IMAGE_REQUIREMENTS,
    over=("truncated-png", "truncated-jpeg", "corrupt-png", "corrupt-jpeg"),
    needs=DATA,
)
def damaged_picture_is_refused(lab: Lab, picture_id: str) -> Dialogue:
    """A truncated or corrupt picture is refused with a 4xx and an error object."""
    return (yield from _refuses_inline(lab, picture_id, "a damaged picture"))


@check(Level.MUST, spec=sources.IMAGE_REQUIREMENTS, over=("text", "html", "empty"), needs=DATA)
def bytes_that_are_no_picture_are_refused(lab: Lab, picture_id: str) -> Dialogue:
    """Bytes that are no picture, declared as one, are refused with a 4xx and an error object."""
    via = Inline(media_type="image/png")
    return (yield from _refuses_inline(lab, picture_id, "bytes that are no picture", via))


@check(
    Level.MAY,
    spec=sources.IMAGE_REQUIREMENTS,
    over=("svg", "bmp", "tiff", "ico", "pdf"),
    needs=READ,
    guess=codes.GUESS,
)
def undocumented_format(lab: Lab, picture_id: str) -> Dialogue:
    """A format that is not documented is read or refused, not ignored."""
    return (yield from _reads_or_refuses_inline(lab, picture_id, f"the format {picture_id}"))


@check(Level.SHOULD, spec=sources.DATA_URL, needs=(*READ, Claim.JPEG), guess=codes.GUESS)
def image_jpg_is_a_jpeg(lab: Lab) -> Dialogue:
    """A JPEG that is declared as image/jpg, as many programs write it, is read."""
    return (yield from _reads_inline(lab, "jpeg-baseline", Inline(media_type="image/jpg")))


@check(
    Level.SHOULD,
    spec=sources.PNG,
    needs=(*READ, Claim.PNG),
    abilities=(Ability.ENCODINGS,),
    guess=codes.GUESS,
)
def transparent_is_not_seen(lab: Lab) -> Dialogue:
    """What is wholly transparent in a picture is not seen."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture, hidden = lab.pictures["png-rgba"], lab.pictures["png-rgb"]
    code, other = picture.facts.code, hidden.facts.code
    expected = f"the code {code}, not {other}, which is transparent"
    probe = questions.ask(
        questions.image(variants.over_a_hidden_one(picture, hidden)), prompts.PAGE
    )

    def accepts(words: str) -> bool:
        named = answers.codes_in(words)
        return code in named and other not in named

    exchange = yield from reading.until(probe, accepts, expected, Symptom.DEGRADED)
    return Observed(expected=expected, actual=replies.told(exchange), about=exchange)
