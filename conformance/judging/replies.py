"""What came back: in words, what may be concluded from it, and its members."""

from __future__ import annotations

from conformance.model import Exchange, Failed, Json, Observed, Symptom, Unobserved, canonical
from conformance.wire.jsontext import NotJson, at, parse, text_at
from conformance.wire.trouble import is_of_the_server

#: Characters of a provider's text that are quoted in a sentence.
QUOTED = 160
#: Characters of it that are looked at for that; a text of blanks may be long.
MOST_FOLDED = 10_000


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
        raise _each_time(exchange, broken)
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


def _each_time(exchange: Exchange, broken: Symptom) -> Failed:
    is_said = is_of_the_server(exchange.trouble)
    tries = f"{exchange.attempts} of {exchange.attempts} times"
    ended = "and nothing else was answered from then on"
    how = ended if exchange.was_the_end else "while plain questions were answered"
    return Failed(
        f"{told(exchange)}, {tries}, {how}",
        symptom=broken if is_said else Symptom.NO_REPLY,
        expected="a reply that can be judged",
        about=exchange,
    )


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


def has_content_type(exchange: Exchange, wanted: str) -> Observed:
    """The reply must have this content type, whatever its parameters."""
    found = exchange.header("content-type")
    if found.split(";")[0].strip().lower() != wanted:
        actual = quote(found) if found else "no content type"
        raise Failed(actual, symptom=Symptom.MALFORMED, expected=wanted, about=exchange)
    return Observed(expected=wanted, actual=quote(found), about=exchange)


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


def _json(exchange: Exchange) -> Json:
    value = parse(exchange.body)
    return None if isinstance(value, NotJson) else value


def member(exchange: Exchange, *path: str | int) -> Json:
    """A member of the body at a path; None where it is missing."""
    return at(_json(exchange), *path)
