"""A picture that is read into JSON, with a schema and without."""

from __future__ import annotations

from conformance.asking import questions, sources
from conformance.checks.tools._beside import beside
from conformance.drawing import codes
from conformance.judging import answers, reading, replies, ways
from conformance.model import (
    Ability,
    Blocked,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Inline,
    Json,
    Lab,
    Level,
    Observed,
    Param,
    Picture,
    Steps,
    Via,
)
from conformance.registry import check
from conformance.wire import contract, jsontext

READ = (Claim.READING,)


def _object_in(words: str) -> Json:
    """The JSON object that an answer is; None where it is none."""
    value = jsontext.parse(words)
    return value if not isinstance(value, jsontext.NotJson) and isinstance(value, dict) else None


@check(Level.SHOULD, spec=sources.STRUCTURED, needs=READ, guess=codes.GUESS)
def json_mode_reads(lab: Lab) -> Dialogue:
    """With response_format json_object a picture is read into a JSON object."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-07"]
    members: dict[str, Json] = {"response_format": {"type": "json_object"}}
    question = "What is the code in this picture? Reply in JSON, as an object with the member code."
    words_alone = "The code is KX74MP. Reply in JSON, as an object with the member code."
    code = picture.facts.code
    expected = f"a JSON object with {code}"

    def accepts(exchange: Exchange) -> bool:
        words = replies.answered(exchange, expected)
        return _object_in(words) is not None and answers.reads(words, code)

    exchange = yield from beside(
        lab,
        questions.ask(questions.image(picture, via), question, **members),
        accepts,
        expected,
        (questions.ask(words_alone, **members), lambda e: _object_in(e.reply.text) is not None),
        Ability.FORM,
    )
    return Observed(expected=expected, actual=replies.told(exchange))


def _schema() -> Json:
    """The schema as ``strict`` wants it: nothing but the rules, and no other members."""
    rules = ("type", "required", "properties")
    ours = contract.schema("code_answer")
    return {name: ours[name] for name in rules} | {"additionalProperties": False}


def _follows(exchange: Exchange) -> bool:
    value = jsontext.parse(exchange.reply.text)
    return not isinstance(value, jsontext.NotJson) and not contract.problems("code_answer", value)


def _fills(lab: Lab, picture: Picture, via: Via, *, stream: bool = False) -> Steps[Observed]:
    """The picture must be read into the schema."""
    named = {"name": "code_answer", "strict": True, "schema": _schema()}
    members: dict[str, Json] = {"response_format": {"type": "json_schema", "json_schema": named}}
    code = picture.facts.code
    expected = f"an object that follows the schema, with {code} as printed_code"

    def accepts(exchange: Exchange) -> bool:
        words = replies.answered(exchange, expected)
        printed = jsontext.text_at(_object_in(words), "printed_code")
        return _follows(exchange) and answers.reads(printed, code)

    question = "What is the code in this picture? Reply in JSON, as the schema says."
    words_alone = "The code KX74MP is printed here. Reply in JSON, as the schema says."
    exchange = yield from beside(
        lab,
        questions.ask(questions.image(picture, via), question, stream=stream, **members),
        accepts,
        expected,
        (questions.ask(words_alone, stream=stream, **members), _follows),
        Ability.FORM,
    )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(
    Level.SHOULD,
    spec=sources.STRUCTURED,
    over=(
        Param(id="plain", value=False),
        Param(id="streamed", value=True, needs=frozenset({Claim.STREAMING})),
    ),
    needs=READ,
    guess=codes.GUESS,
)
def schema_is_filled(lab: Lab, stream: bool) -> Dialogue:
    """With response_format json_schema a picture is read into an object that follows the schema."""
    via = yield from ways.transport(lab)
    return (yield from _fills(lab, lab.pictures["sheet-07"], via, stream=stream))


@check(
    Level.SHOULD,
    spec=sources.STRUCTURED,
    needs=(*READ, Claim.DATA_URL, Claim.GIF),
    guess=codes.GUESS,
)
def gif_fills_a_schema(lab: Lab) -> Dialogue:
    """A GIF is read into a schema where a GIF is read and a PNG is read into a schema."""
    yield from ways.through(lab, Inline(), "base64/plain")
    gif = lab.pictures["gif-still"]
    for by, alone in (
        ("base64/format-is-read", reading.reads(questions.ask_code(gif), gif.facts.code)),
        ("tools/schema-is-filled", _fills(lab, lab.pictures["sheet-07"], Inline())),
    ):
        try:
            yield from alone
        except Failed as failed:
            raise Blocked(by, f"one of the two fails by itself: {failed.actual}") from None
    return (yield from _fills(lab, gif, Inline()))
