"""Pictures given by http URL, served by the suite's own picture host, which logs every fetch."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes, variants
from conformance.judging import aftermath, answers, bills, reading, refusals, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    ImagePart,
    Inline,
    Lab,
    Level,
    Observed,
    Param,
    Steps,
    Symptom,
    Unobserved,
    Verbatim,
    canonical,
)
from conformance.registry import check
from conformance.wire import trouble

URL = (Claim.URL,)
READ = (Claim.URL, Claim.READING)

FORMATS = (
    Param(id="png", value="png-rgb", needs=frozenset({Claim.PNG})),
    Param(id="jpeg", value="jpeg-baseline", needs=frozenset({Claim.JPEG})),
    Param(id="webp", value="webp-lossy", needs=frozenset({Claim.WEBP})),
    Param(id="gif", value="gif-still", needs=frozenset({Claim.GIF})),
)


def _reads_at(lab: Lab, hosted: Hosted, picture_id: str = "sheet-02") -> Steps[Observed]:
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = lab.pictures[picture_id]
    return (yield from reading.reads(questions.ask_code(picture, hosted), picture.facts.code))


def _reads_or_refuses_at(lab: Lab, hosted: Hosted, what: str) -> Steps[Observed]:
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = lab.pictures["sheet-03"]
    return (
        yield from refusals.reads_or_refuses(
            questions.ask_code(picture, hosted), picture.facts.code, what
        )
    )


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=URL, guess=codes.GUESS)
def plain(lab: Lab) -> Dialogue:
    """A picture at an http URL is read."""
    return (yield from ways.plainest(lab, Hosted()))


@check(Level.MUST, spec=sources.IMAGE_REQUIREMENTS, over=FORMATS, needs=READ, guess=codes.GUESS)
def format_is_read(lab: Lab, picture_id: str) -> Dialogue:
    """A picture of each documented format is read from its URL."""
    suffix = picture_id.split("-", maxsplit=1)[0]
    return (yield from _reads_at(lab, Hosted(path=f"picture.{suffix}"), picture_id))


@check(Level.MUST, spec=sources.URI, needs=READ, guess=codes.GUESS)
def query_string_is_kept(lab: Lab) -> Dialogue:
    """The query string of a URL reaches the host unchanged."""
    query = "size=large&sig=a%2Fb%3D%3D&expires=1893456000"
    return (yield from _reads_at(lab, Hosted(query=query)))


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
    return (yield from _reads_at(lab, Hosted(path=path)))


@check(Level.MUST, spec=sources.URI, needs=READ, guess=codes.GUESS)
def percent_encoded_path_is_kept(lab: Lab) -> Dialogue:
    """A picture whose path is percent-encoded is read."""
    return (yield from _reads_at(lab, Hosted(path="my%20picture%20%281%29%2B.png")))


@check(Level.MAY, spec=sources.IRI, needs=READ, guess=codes.GUESS)
def non_ascii_path(lab: Lab) -> Dialogue:
    """A path in Chinese characters is read or refused, not ignored."""
    hosted = Hosted(path="图片-编号.png")
    return (yield from _reads_or_refuses_at(lab, hosted, "a path that is not ASCII"))


@check(
    Level.MAY, spec=sources.REDIRECTS, over=(301, 302, 303, 307, 308), needs=READ, guess=codes.GUESS
)
def redirect(lab: Lab, status: int) -> Dialogue:
    """A redirect to the picture is followed or refused, not ignored."""
    hosted = Hosted(redirects=(status,))
    return (yield from _reads_or_refuses_at(lab, hosted, f"a redirect by {status}"))


@check(Level.MAY, spec=sources.REDIRECTS, needs=READ, guess=codes.GUESS)
def redirect_chain(lab: Lab) -> Dialogue:
    """A chain of three redirects is followed or refused, not ignored."""
    hosted = Hosted(redirects=(301, 302, 307))
    return (yield from _reads_or_refuses_at(lab, hosted, "three redirects in a row"))


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
    return (yield from _reads_at(lab, Hosted(content_type=content_type)))


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=(
        Param(id="first-byte-after-2-s", value=Hosted(first_byte=2.0)),
        Param(id="dripped-over-2-s", value=Hosted(drip=2.0)),
    ),
    needs=READ,
    guess=codes.GUESS,
)
def slow_host_is_waited_for(lab: Lab, hosted: Hosted) -> Dialogue:
    """A picture from a slow host is read."""
    return (yield from _reads_at(lab, hosted))


@check(Level.SHOULD, spec=sources.HTTP_CHUNKED, needs=READ, guess=codes.GUESS)
def chunked_body_is_read(lab: Lab) -> Dialogue:
    """A picture sent in chunks, without a Content-Length, is read."""
    return (yield from _reads_at(lab, Hosted(chunked=True)))


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=READ, guess=codes.GUESS)
def head_is_not_needed(lab: Lab) -> Dialogue:
    """A picture is read from a host that refuses HEAD."""
    return (yield from _reads_at(lab, Hosted(head_refused=True)))


#: What keeps a picture from being downloaded.
UNREACHED: dict[str, Hosted] = {
    **{str(status): Hosted(status=status) for status in (401, 403, 404, 410, 429, 500)},
    "html": Hosted(instead="html"),
    "empty": Hosted(instead="empty"),
    "reset": Hosted(reset=True),
    "refused": Hosted(refused=True),
    "redirect-loop": Hosted(loop=True),
}


@check(Level.MUST, spec=sources.IMAGE_INPUT, over=tuple(UNREACHED), needs=URL, one_by_one=True)
def failed_download_is_refused(lab: Lab, name: str) -> Dialogue:
    """A picture that cannot be downloaded is refused with a 4xx and an error object."""
    yield from ways.through(lab, Hosted(), "url/plain")
    probe = questions.ask_code(lab.pictures["sheet-04"], UNREACHED[name])
    observed = yield from refusals.refuses(probe, "a picture that cannot be downloaded")
    return (
        yield from aftermath.breaks_nothing(
            probe, aftermath.CONTROL + 100 + list(UNREACHED).index(name), observed
        )
    )


#: Seconds before the first byte: longer than a reply is waited for.
SILENT = 150.0
#: Seconds after which a reply that has not come is not just slow.
LONG = 60.0
#: Samples of the controls, so that no reply from before is taken for them.
AFTERWARDS = 4
#: One hang may be weather.
ASKED_TWICE = 2


@check(Level.MAY, spec=sources.IMAGE_INPUT, needs=URL, guess=codes.GUESS)
def silent_host_is_given_up(lab: Lab) -> Dialogue:
    """A host that never answers is given up with an error object, not waited for without end."""
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = lab.pictures["sheet-04"]
    expected = "a 4xx or 5xx with an error object for a picture host that never answers"
    for sample in range(ASKED_TWICE):
        # Sent once each time: that it takes long is what it is sent for.
        probe = replace(
            questions.ask_code(picture, Hosted(first_byte=SILENT)), sample=sample, is_risky=True
        )
        exchange = yield probe
        after = f"after {exchange.elapsed:.0f} s"
        if not exchange.failure:
            break
        if not exchange.fetches or exchange.elapsed < LONG:
            raise Unobserved(exchange.failure, expected=expected, about=exchange)
        yield from aftermath.verify_alive(expected, AFTERWARDS + sample)
    if exchange.failure:
        actual = f"{exchange.failure}, {ASKED_TWICE} times, while it answers other requests"
        hint = "the download has no time limit of its own"
        symptom = Symptom.NO_REPLY
        raise Failed(actual, symptom=symptom, expected=expected, hint=hint, about=exchange)
    actual = f"{replies.told(exchange)} {after}"
    if exchange.status in trouble.LATER:
        raise Unobserved(actual, expected=expected, about=exchange)
    if exchange.status == 200:
        symptom = reading.unread(exchange)
        if not answers.reads(replies.answered(exchange, expected), picture.facts.code):
            raise Failed(actual, symptom=symptom, expected=expected, about=exchange)
    elif not refusals.has_error_object(exchange):
        yield from aftermath.verify_alive(expected, AFTERWARDS)
        symptom = Symptom.NO_ERROR_OBJECT
        raise Failed(actual, symptom=symptom, expected=expected, about=exchange)
    return Observed(expected=expected, actual=actual, about=exchange)


#: Weights of pictures by URL, in millions of bytes, and how they are sent.
HEAVY = {"2MB": (2, Hosted()), "5MB": (5, Hosted()), "5MB-chunked": (5, Hosted(chunked=True))}


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=tuple(HEAVY),
    needs=(*READ, Claim.DATA_URL),
    guess=codes.GUESS,
)
def heavy_picture_is_read_whole(lab: Lab, name: str) -> Dialogue:
    """A heavy picture is read by URL if it is read as a data URL, else read or refused."""
    yield from ways.through(lab, Hosted(), "url/plain")
    yield from ways.through(lab, Inline(), "base64/plain")
    megabytes, hosted = HEAVY[name]
    picture = variants.heavier(lab.pictures["sheet-16"], megabytes * 1_000_000)
    probe, code, what = (
        questions.ask_code(picture),
        picture.facts.code,
        f"a picture of {megabytes} MB",
    )
    by = f"limits/heavy-picture-is-read-or-refused[{megabytes}MB]"
    yield from aftermath.or_blocked(refusals.reads_or_refuses(probe, code, what), by)
    inline, by_url = (yield probe), questions.ask_code(picture, hosted)
    if 400 <= inline.status < 500:
        return (yield from refusals.reads_or_refuses(by_url, code, what))
    return (yield from reading.reads(by_url, code))


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=(*READ, Claim.JPEG), guess=codes.GUESS)
def long_metadata_before_the_picture(lab: Lab) -> Dialogue:
    """A JPEG is read from its URL although 200 kB of metadata stand before its size."""
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = variants.late(lab.pictures["jpeg-baseline"], 200_000)
    probe = questions.ask_code(picture, Hosted(path="picture.jpeg"))
    return (yield from reading.reads(probe, picture.facts.code))


@check(Level.MUST, spec=sources.IMAGE_COST, needs=(Claim.URL, Claim.DATA_URL, Claim.USAGE))
def costs_what_the_data_url_costs(lab: Lab) -> Dialogue:
    """The same picture costs the same by URL and as a data URL."""
    yield from ways.through(lab, Hosted(), "url/plain")
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["size-1024x1024"]
    inline = yield from bills.cost(questions.ask_code(picture, Inline()))
    hosted = yield from bills.cost(questions.ask_code(picture, Hosted()))
    expected = f"about {inline} prompt tokens, as for the data URL"
    if abs(hosted - inline) > bills.FRAMING:
        raise Failed(
            f"{hosted} prompt tokens by URL", symptom=Symptom.BILL_INCONSISTENT, expected=expected
        )
    return Observed(expected=expected, actual=f"{hosted} prompt tokens by URL")


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=(*READ, Claim.DATA_URL), guess=codes.GUESS)
def reads_what_the_data_url_reads(lab: Lab) -> Dialogue:
    """A picture that is read as a data URL is read by URL too, fine print included."""
    yield from ways.through(lab, Hosted(), "url/plain")
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["chart-1"]
    lines = {line.code for line in picture.facts.prints}
    detail = ... if Claim.DETAIL in lab.target.unclaimed else "high"
    exchange = yield questions.ask(questions.image(picture, Inline(), detail), prompts.CHART)
    inline = lines & set(answers.codes_in(replies.answered(exchange, "lines of print")))
    expected = f"about {len(inline)} of {len(lines)} lines, as from the data URL"
    seen: set[str] = set()

    def accepts(words: str) -> bool:
        seen.update(lines & set(answers.codes_in(words)))
        return len(seen) >= len(inline) - 1

    try:
        probe = questions.ask(questions.image(picture, Hosted(), detail), prompts.CHART)
        yield from reading.until(probe, accepts, expected, Symptom.DEGRADED)
    except Failed as failed:
        failed.hint = "the picture may be shrunk on the way by URL"
        raise
    return Observed(expected=expected, actual=f"{len(seen)} lines by URL")


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
    return (yield from _reads_or_refuses_at(lab, hosted, "an image_url that is a bare string"))


@check(Level.MUST, spec=sources.CREDENTIALS, needs=URL)
def credentials_are_not_forwarded(lab: Lab) -> Dialogue:
    """The caller's credentials are not sent on to the picture host."""
    fetches = (yield from _fetched(lab)).fetches
    private = {"authorization", "cookie", "api-key", "x-api-key"}
    sent = sorted({k.lower() for f in fetches for k, _ in f.headers} & private)
    expected = "no credentials in any fetch"
    if sent:
        raise Failed(
            f"the picture host was sent {', '.join(sent)}",
            symptom=Symptom.LEAKED,
            expected=expected,
        )
    return Observed(expected=expected, actual=f"none in {len(fetches)} fetches")


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=READ, guess=codes.GUESS)
def picture_given_out_once_is_read(lab: Lab) -> Dialogue:
    """A picture that its host gives out once, as behind a link for one use, is read."""
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = lab.pictures["sheet-08"]
    expected = f"the code {picture.facts.code}"

    def accepts(exchange: Exchange) -> bool:
        if exchange.attempts > 1:
            raise Unobserved("the picture may have gone to an attempt that was not answered")
        return answers.reads(replies.answered(exchange, expected), picture.facts.code)

    exchange = yield from reading.until_reply(
        questions.ask_code(picture, Hosted(once=True)), accepts, expected
    )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.MAY, spec=sources.IMAGE_INPUT, needs=URL)
def fetches_are_few(lab: Lab) -> Dialogue:
    """One picture in one request is fetched once, or a few times at most."""
    fetches = (yield from _fetched(lab)).fetches
    methods = ", ".join(f"{f.method} {f.status}" for f in fetches)
    agents = sorted({v for f in fetches for k, v in f.headers if k.lower() == "user-agent"})
    named = replies.quote(", ".join(agents))
    actual = f"{len(fetches)} fetches: {replies.quote(methods)}; user agent {named}"
    expected = "at most three fetches, by GET or HEAD"
    if len(fetches) > 3 or any(f.method not in ("GET", "HEAD") for f in fetches):
        raise Failed(actual, symptom=Symptom.MALFORMED, expected=expected)
    return Observed(expected=expected, actual=actual)


def _fetched(lab: Lab) -> Steps[Exchange]:
    yield from ways.through(lab, Hosted(), "url/plain")
    exchange = yield questions.ask_code(lab.pictures["sheet-05"], Hosted())
    if not exchange.fetches:
        expected = "at least one fetch of the picture"
        replies.answered(exchange, expected)
        raise Failed(
            "the picture host saw no fetch",
            symptom=Symptom.ANOTHERS,
            expected=expected,
            hint="the answer cannot come from the picture, or it was fetched for another request",
            about=exchange,
        )
    return exchange
