"""What one failed finding testifies: small questions to its last exchange."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from conformance import answers, prompts
from conformance.model import (
    Claim,
    Exchange,
    Finding,
    Hosted,
    ImagePart,
    Inline,
    Picture,
    TextPart,
    Verdict,
)
from conformance.wire.jsontext import NotJson, parse, text_at

#: Characters of a reply that are looked at.
_MOST = 20_000
_NO_PICTURE = re.compile(
    r"(?:cannot|can't|can not|couldn't|don't|do not|did not|unable to|not able to)\s+"
    r"(?:actually\s+|directly\s+)?(?:see|view|access|find|open|detect)[^.!?\n]{0,60}"
    r"(?:image|picture|photo|attachment)"
    r"|no (?:image|picture|photo|attachment)|(?:没有|未)(?:看到|收到)|看不到|无法(?:查看|看到)",
    re.IGNORECASE,
)


def is_red(finding: Finding) -> bool:
    """True where the case failed, by itself or as the echo of another."""
    return finding.verdict is Verdict.FAILED or finding.is_echo


def last(finding: Finding) -> Exchange | None:
    """The exchange that decided; None where nothing was sent."""
    return finding.evidence[-1] if finding.evidence else None


def status(finding: Finding) -> int:
    """Status of the deciding exchange; 0 where there was no reply."""
    exchange = last(finding)
    return exchange.status if exchange else 0


def parts_of(exchange: Exchange) -> Iterator[ImagePart]:
    for turn in exchange.probe.turns:
        yield from (part for part in turn.parts if isinstance(part, ImagePart))


def pictures_of(exchange: Exchange) -> list[Picture]:
    return [part.picture for part in parts_of(exchange) if part.picture is not None]


def by_url(exchange: Exchange) -> bool:
    return any(isinstance(part.via, Hosted) for part in parts_of(exchange))


def by_data_url(exchange: Exchange) -> bool:
    return any(isinstance(part.via, Inline) for part in parts_of(exchange))


def codes_of(picture: Picture) -> set[str]:
    """Every code that is to be seen in a picture."""
    facts = picture.facts
    return {facts.code, *facts.corners, *(line.code for line in facts.prints)} - {""}


def named(exchange: Exchange) -> tuple[str, ...]:
    """The codes in the answer, in order."""
    return tuple(answers.codes_in(exchange.reply.text[:_MOST]))


def sees_none(exchange: Exchange) -> bool:
    """True where the answer, or the tool call that is one, says that there is no picture."""
    said = exchange.reply.text[:_MOST] or exchange.body[:_MOST].decode("utf-8", "replace")
    return _NO_PICTURE.search(said) is not None


def is_blank(exchange: Exchange) -> bool:
    """True for a good answer without any words, that calls no tool either."""
    silent = is_answer(exchange) and not exchange.reply.text.strip()
    return silent and b"tool_calls" not in exchange.body


def id_of(exchange: Exchange) -> str:
    """The id of a good answer that is not streamed; "" where it has none."""
    body = parse(exchange.body) if is_answer(exchange) else None
    return "" if body is None or isinstance(body, NotJson) else text_at(body, "id")


def asks_for_all(exchange: Exchange) -> bool:
    """True where the question is for the codes of all pictures."""
    parts = (part for turn in exchange.probe.turns for part in turn.parts)
    return any(isinstance(part, TextPart) and part.text == prompts.CODES for part in parts)


def is_answer(exchange: Exchange) -> bool:
    return exchange.status == 200 and not exchange.reply.is_error


def has_error_object(exchange: Exchange) -> bool:
    body = parse(exchange.body)
    return not isinstance(body, NotJson) and bool(text_at(body, "error", "message").strip())


def is_right(exchange: Exchange) -> bool:
    """True for a good answer that names every code of its pictures."""
    codes = {picture.facts.code for picture in pictures_of(exchange)} - {""}
    return is_answer(exchange) and bool(codes) and codes <= set(named(exchange))


def wants_refusal(finding: Finding) -> bool:
    """True where the check asks for an error, and for nothing else."""
    return finding.expected.startswith("a 4xx") or finding.case.check.id.startswith(
        ("errors/bad-key", "errors/unknown-model")
    )


def is_about_cost(finding: Finding) -> bool:
    check = finding.case.check
    return check.area == "usage" or (
        Claim.USAGE in finding.case.needs and check.area != "streaming"
    )


def is_reading(finding: Finding) -> bool:
    """True where only an endpoint that looks at the picture passes, guesses apart."""
    return finding.case.check.guess > 0


def shown_codes(findings: Iterable[Finding]) -> set[str]:
    """Every code that was sent in some picture of the run."""
    exchanges = {id(e): e for f in findings for e in f.evidence}.values()
    pictures = {p.id: p for e in exchanges for p in pictures_of(e)}
    return {code for picture in pictures.values() for code in codes_of(picture)}


def foreign(exchange: Exchange, shown: set[str]) -> set[str]:
    """Codes in the answer that are in pictures of the run, but in none of this request."""
    own = {code for picture in pictures_of(exchange) for code in codes_of(picture)}
    return (set(named(exchange)) & shown) - own
