"""What dialogues are made of: questions to ask, and judgements that end them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator
from dataclasses import replace
from typing import TypeVar

from conformance import answers, prompts, sampling
from conformance.ability import Ability
from conformance.drawing import variants
from conformance.model import (
    Blocked,
    Claim,
    Exchange,
    Failed,
    Hosted,
    ImagePart,
    Inline,
    Json,
    Lab,
    Observed,
    Part,
    Picture,
    Probe,
    TextPart,
    Turn,
    Unobserved,
    Via,
    Way,
    again,
    canonical,
    pictures_of,
)
from conformance.symptom import Symptom
from conformance.trouble import is_of_the_server
from conformance.wire.jsontext import NotJson, at, parse, text_at

T = TypeVar("T")
Steps = Generator[Probe, Exchange, T]

#: Characters of a provider's text that are quoted in a sentence.
QUOTED = 160
#: Characters of it that are looked at for that; a text of blanks may be long.
MOST_FOLDED = 10_000


# ---------------------------------------------------------------- questions


def text(words: str) -> TextPart:
    return TextPart(text=words)


def image(picture: Picture, via: Via | None = None, detail: Json = ...) -> ImagePart:
    """A picture as it is sent; ``detail`` is left out unless given."""
    written = None if detail is ... else canonical(detail)
    via = via or Inline()
    if isinstance(via, Inline | Hosted) and via.recoded:
        picture, via = variants.recoded(picture), replace(via, recoded=False)
    return ImagePart(picture=picture, via=via, detail=written)


def ask(*parts: Part | str, stream: bool = False, **params: Json) -> Probe:
    """One user turn. Strings are text parts; ``params`` are members of the body."""
    return talk(turn(*parts), stream=stream, **params)


def turn(*parts: Part | str, role: str = "user") -> Turn:
    return Turn(parts=tuple(text(p) if isinstance(p, str) else p for p in parts), role=role)


def talk(*turns: Turn, stream: bool = False, **params: Json) -> Probe:
    """Several turns."""
    written = tuple(sorted((name, canonical(value)) for name, value in params.items()))
    return Probe(turns=turns, stream=stream, params=written)


def ask_code(picture: Picture, via: Via | None = None, **params: Json) -> Probe:
    """The plainest question: what code is in this picture?"""
    return ask(image(picture, via), prompts.CODE, **params)


READY = ask(prompts.READY)


# ---------------------------------------------------------------- replies


def quote(words: str) -> str:
    """Somebody's words as they may stand in a sentence; half characters become "?"."""
    folded = " ".join(words[:MOST_FOLDED].split()).encode("utf-8", "replace").decode()
    return f"“{folded[:QUOTED]}{'…' if len(folded) > QUOTED else ''}”" if folded else "nothing"


def shown(value: Json) -> str:
    """A JSON value as it may stand in a sentence, however deep and long it is."""
    try:
        return quote(canonical(value))
    except (RecursionError, ValueError):
        return "a value that is too deep or too long to be shown"


def told(exchange: Exchange) -> str:
    """What came back, in a few words."""
    if exchange.failure:
        return exchange.failure
    if exchange.status == 200 and not exchange.reply.is_error:
        return f"200 and {quote(exchange.reply.text)}"
    words = exchange.reply.error_message or exchange.body[:400].decode("utf-8", "replace")
    return f"{exchange.status} and {quote(words)}"


def judgeable(exchange: Exchange, broken: Symptom = Symptom.SERVER_ERROR) -> Exchange:
    """The exchange itself. Raises Unobserved where nothing can be concluded from it.

    Raises Failed where the same trouble came each time while plain questions were answered:
    ``broken`` is what a status of 500 or more then is.
    """
    if exchange.reproduced:
        is_said = is_of_the_server(exchange.trouble)
        tries = f"{exchange.attempts} of {exchange.attempts} times"
        ended = "and nothing else was answered from then on"
        how = ended if exchange.was_the_end else "while plain questions were answered"
        raise Failed(
            f"{told(exchange)}, {tries}, {how}",
            symptom=broken if is_said else Symptom.NO_REPLY,
            expected="a reply that can be judged",
            about=exchange,
        )
    if exchange.trouble or exchange.failure:
        tries = f", {exchange.attempts} tries" if exchange.attempts > 1 else ""
        raise Unobserved(
            f"{told(exchange)}{tries}",
            expected="a reply that can be judged",
            hint="the endpoint was in trouble, and not with this request alone; run again",
            about=exchange,
        )
    if _is_filtered(exchange):
        raise Unobserved(
            f"a content filter stepped in: {told(exchange)}",
            expected="a reply that can be judged",
            hint="the pictures hold nothing but codes, colours and discs; run again",
            about=exchange,
        )
    return exchange


#: In the code or type of an error: content_policy_violation and content_filter (OpenAI, Azure),
#: moderation_blocked, data_inspection_failed (Alibaba), SensitiveContentDetected (Volcengine).
FILTERS = ("content_filter", "content_policy", "moderation", "inspection", "sensitive")


def _is_filtered(exchange: Exchange) -> bool:
    if exchange.reply.finish_reason == "content_filter":
        return True
    if not 400 <= exchange.status < 500:
        return False
    names = (text_at(_json(exchange), "error", name).lower() for name in ("code", "type"))
    return any(filtering in name for name in names for filtering in FILTERS)


def answered(exchange: Exchange, expected: str) -> str:
    """The text of a good reply. Raises Failed for a refusal, Unobserved for a cut-off one."""
    judgeable(exchange)
    reply = exchange.reply
    if exchange.status != 200 or reply.is_error:
        raise Failed(
            told(exchange), symptom=unanswered(exchange), expected=expected, about=exchange
        )
    if not reply.text.strip() and reply.finish_reason == "length":
        raise Unobserved(
            "the output limit was used up before the answer began",
            expected=expected,
            hint="raise output_tokens in the target file",
            about=exchange,
        )
    return reply.text


def unanswered(exchange: Exchange) -> Symptom:
    """What a reply that is no answer is, where an answer was due."""
    if exchange.status == 200:
        return Symptom.ERROR_AS_ANSWER
    return Symptom.REFUSED if 400 <= exchange.status < 500 else Symptom.MALFORMED


def unread(exchange: Exchange) -> Symptom:
    """What an answer is that does not tell what its pictures show."""
    words = exchange.reply.text
    if not words.strip() and b"tool_calls" not in exchange.body:
        return Symptom.EMPTY
    own = {code for picture in pictures_of(exchange.probe) for code in picture.facts.all_codes}
    return Symptom.MADE_UP if set(answers.codes_in(words)) - own else Symptom.NOT_READ


def _names_own(exchange: Exchange) -> bool:
    """True where an answer names the code of some picture of its request."""
    own = {picture.facts.code for picture in pictures_of(exchange.probe)} - {""}
    return bool(own.intersection(answers.codes_in(exchange.reply.text)))


def until(
    probe: Probe, accepts: Callable[[str], bool], expected: str, symptom: Symptom | None = None
) -> Steps[Exchange]:
    """Asks until an answer is accepted, or the sequential test rejects: then raises Failed.

    ``symptom`` is what a rejected answer shows; None where that is to be seen in its words.
    """

    def sees(exchange: Exchange) -> bool:
        return accepts(answered(exchange, expected))

    return until_reply(probe, sees, expected, symptom)


def until_reply(
    probe: Probe,
    accepts: Callable[[Exchange], bool],
    expected: str,
    symptom: Symptom | None = None,
) -> Steps[Exchange]:
    """The same for replies as a whole; ``accepts`` may raise Failed by itself.

    What is refused, or answered with an error, is asked again, too, though not so often. A model
    that always answers the same misreads one drawing each time; so the later attempts show others
    of the same kind, and where one of these is read, nothing is known: Unobserved.
    """
    misses = 0
    while True:
        drawing = max(0, misses - SAME_DRAWING + 1)
        asked = redrawn(probe, drawing) if drawing else probe
        exchange = judgeable((yield again(asked, misses)))
        try:
            if accepts(exchange):
                if asked != probe:
                    raise Unobserved(
                        f"{SAME_DRAWING} times misread; another drawing is read: {told(exchange)}",
                        expected=expected,
                        about=exchange,
                        ability=Ability.READ,
                    )
                return exchange
        except Failed as failed:
            if failed.symptom not in _ONCE_IS_CHANCE or misses + 1 >= sampling.REFUSALS:
                raise
        misses += 1
        if sampling.settled(0, misses) is False:
            raise Failed(
                f"{told(exchange)}, and no better in {misses} attempts",
                symptom=symptom or unread(exchange),
                expected=expected,
                about=exchange,
            )


#: Attempts at one drawing before others are shown. A model that reads 80 % misses all of them with
#: a probability of 2 in 1,000.
SAME_DRAWING = 4


def redrawn(probe: Probe, number: int) -> Probe:
    """The same question about another drawing of its one picture, where there is one.

    Of several pictures what is asked about may be just that they are alike, byte by byte.
    """
    if len(pictures_of(probe)) != 1:
        return probe
    turns = tuple(
        replace(each, parts=tuple(_redrawn(part, number) for part in each.parts))
        for each in probe.turns
    )
    return replace(probe, turns=turns)


def _redrawn(part: Part, number: int) -> Part:
    if not isinstance(part, ImagePart) or part.picture is None:
        return part
    return replace(part, picture=variants.moved(part.picture, number))


_ONCE_IS_CHANCE = (Symptom.REFUSED, Symptom.ERROR_AS_ANSWER)


def gathers(wanted: Collection[str], seen: set[str]) -> Callable[[str], bool]:
    """Accepts once every wanted code was named in some answer; adds what was named to ``seen``.

    One misreading among ten codes must not spoil the other nine.
    """

    def accepts(words: str) -> bool:
        seen.update(answers.codes_in(words))
        return seen.issuperset(wanted)

    return accepts


def reads(probe: Probe, code: str, symptom: Symptom | None = None) -> Steps[Observed]:
    """The answer must name the code; the code of another picture of the request is out of order."""
    expected = f"the code {code}"
    try:
        exchange = yield from until(probe, lambda w: answers.reads(w, code), expected, symptom)
    except Failed as failed:
        if failed.symptom is Symptom.NOT_READ and failed.about and _names_own(failed.about):
            failed.symptom = Symptom.ORDER
        elif failed.symptom in UNREAD and _is_misread(failed.about, code):
            raise Unobserved(
                f"it is misread, and so seen: {failed.actual}",
                expected=expected,
                about=failed.about,
                ability=Ability.READ,
            ) from None
        raise
    return Observed(expected=expected, actual=told(exchange), about=exchange)


#: What an answer shows that may be a misreading: it is one, and not that.
UNREAD = (Symptom.NOT_READ, Symptom.MADE_UP)


def _is_misread(exchange: Exchange | None, code: str) -> bool:
    return exchange is not None and answers.nearly_reads(exchange.reply.text, code)


def picks(probe: Probe, code: str, all_codes: Collection[str]) -> Steps[Observed]:
    """Of several pictures that were sent, the one that was asked for must be named.

    One that names the others as well does not obey: Unobserved, for it may know them apart or not.
    """
    expected = f"the code {code} and no other"
    crowded: list[Exchange] = []

    def accepts(exchange: Exchange) -> bool:
        words = answered(exchange, expected)
        named = set(answers.codes_in(words)) & set(all_codes)
        if named == {code} or answers.codes_in(words)[-1:] == (code,):
            return True
        crowded.extend([exchange] if code in named else [])
        return False

    try:
        exchange = yield from until_reply(probe, accepts, expected, Symptom.ORDER)
    except Failed as failed:
        if crowded:
            words = f"it names several, this one among them: {told(crowded[-1])}"
            raise Unobserved(words, expected=expected, ability=Ability.CHOOSE) from None
        about = failed.about
        named = set(answers.codes_in(about.reply.text)) if about else set()
        if about and failed.symptom is Symptom.ORDER and not named & set(all_codes):
            failed.symptom = unread(about)
        raise
    return Observed(expected=f"the code {code}", actual=told(exchange), about=exchange)


def picks_or_refuses(
    probe: Probe, code: str, all_codes: Collection[str], what: str
) -> Steps[Observed]:
    """As ``picks``, where the request may be refused with an error object as well."""
    expected = f"the code {code} and no other, or a 4xx with an error object, for {what}"
    exchange = yield probe
    if 400 <= judgeable(exchange, Symptom.REFUSAL_BREAKS).status < 500:
        verify_refusal(exchange, expected)
        return Observed(expected=expected, actual=f"refused: {told(exchange)}", about=exchange)
    return (yield from picks(probe, code, all_codes))


def has_content_type(exchange: Exchange, wanted: str) -> Observed:
    """The reply must have this content type, whatever its parameters."""
    found = exchange.header("content-type")
    if found.split(";")[0].strip().lower() != wanted:
        actual = quote(found) if found else "no content type"
        raise Failed(actual, symptom=Symptom.MALFORMED, expected=wanted, about=exchange)
    return Observed(expected=wanted, actual=quote(found), about=exchange)


# ---------------------------------------------------------------- refusals


def has_error_object(exchange: Exchange) -> bool:
    """True where the body is an error object with a message."""
    return bool(text_at(_json(exchange), "error", "message").strip())


def is_refusal(exchange: Exchange) -> bool:
    """True for a 4xx with an error object. Raises as ``judgeable`` does."""
    return 400 <= judgeable(exchange).status < 500 and has_error_object(exchange)


def _json(exchange: Exchange) -> Json:
    value = parse(exchange.body)
    return None if isinstance(value, NotJson) else value


def refuses(probe: Probe, what: str) -> Steps[Observed]:
    """The request must be refused with a 4xx and an error object."""
    expected = f"a 4xx with an error object for {what}"
    exchange = yield probe
    verify_refusal(exchange, expected)
    return Observed(expected=expected, actual=told(exchange), about=exchange)


def verify_refusal(exchange: Exchange, expected: str) -> None:
    """Raises Failed unless a reply is a 4xx with an error object."""
    if not 400 <= judgeable(exchange, Symptom.REFUSAL_BREAKS).status < 500:
        raise Failed(
            told(exchange), symptom=overlooked(exchange), expected=expected, about=exchange
        )
    if not has_error_object(exchange):
        actual = f"no error object in {told(exchange)}"
        symptom = Symptom.NO_ERROR_OBJECT
        raise Failed(actual, symptom=symptom, expected=expected, about=exchange)


def overlooked(exchange: Exchange) -> Symptom:
    """What a reply that is no refusal is, where a refusal was due."""
    is_error = exchange.reply.is_error or answers.is_error_text(exchange.reply.text)
    is_said = exchange.status == 200 and is_error
    return Symptom.ERROR_AS_ANSWER if is_said else Symptom.OVERLOOKED


def verify_alive(expected: str, sample: int = 1) -> Steps[None]:
    """A plain question must be answered; raises Unobserved where it is not."""
    control = yield replace(READY, sample=sample)
    if not control.is_judgeable or control.status != 200:
        raise Unobserved(f"a plain question fails too: {told(control)}", expected=expected)


def refuses_or(
    probe: Probe,
    accepts: Callable[[str], bool],
    what: str,
    seen: str,
    symptom: Symptom | None = None,
) -> Steps[Observed]:
    """The request must be refused with an error object, or its picture read; never ignored."""
    expected = f"{seen}, or a 4xx with an error object, for {what}"
    exchange = yield probe
    if 400 <= judgeable(exchange, Symptom.REFUSAL_BREAKS).status < 500:
        verify_refusal(exchange, expected)
        actual = f"refused: {told(exchange)}"
        return Observed(expected=expected, actual=actual, about=exchange)
    exchange = yield from until(probe, accepts, expected, symptom)
    return Observed(expected=expected, actual=f"accepted: {told(exchange)}", about=exchange)


def reads_or_refuses(probe: Probe, code: str, what: str) -> Steps[Observed]:
    """The code must be read, or the request refused with an error object."""
    seen = f"the code {code}"
    return refuses_or(probe, lambda words: answers.reads(words, code), what, seen)


# ---------------------------------------------------------------- prerequisites


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


# ---------------------------------------------------------------- usage

#: Several gateways add a token or two around a picture.
FRAMING = 4


def prompt_tokens(exchange: Exchange) -> int:
    """The prompt tokens of a good reply. Raises Blocked where no usage can be read."""
    answered(exchange, "a reply with usage")
    usage = exchange.reply.usage
    if usage is None or usage.prompt is None:
        raise Blocked("usage/counts-are-whole", "the reply carries no prompt_tokens")
    return usage.prompt


def cost(probe: Probe) -> Steps[int]:
    """Asks, and returns the prompt tokens."""
    exchange = yield from until(probe, lambda _: True, "a reply with usage")
    return prompt_tokens(exchange)


def value_of(exchange: Exchange) -> Json:
    """The JSON value of a body. Raises Failed where it is none."""
    value = parse(exchange.body)
    if isinstance(value, NotJson):
        raise Failed(
            f"{exchange.status} and bytes that are not JSON: {value.reason}",
            symptom=Symptom.MALFORMED,
            expected="JSON",
            about=exchange,
        )
    return value


def member(exchange: Exchange, *path: str | int) -> Json:
    """A member of the body at a path; None where it is missing."""
    return at(_json(exchange), *path)
