"""What gives away a text in place of a picture, or an error in place of an answer."""

from __future__ import annotations

import pytest

from conformance.checks.placeholders import ELSEWHERE, MARKS, STRINGS
from conformance.judging.refusals import is_error_text


@pytest.mark.parametrize(
    "words",
    [
        "You sent: [object Object]",
        "[image omitted]",
        "[Image omitted: this model does not support image input]",
        "<image removed>",
        "(media not supported)",
        '{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO',
    ],
)
def test_marks_are_found(words: str) -> None:
    assert MARKS.search(words)


@pytest.mark.parametrize(
    "words",
    ["There is no text before it. KX74MP", "[image]", "I see an image, removed from its frame."],
)
def test_honest_answers_have_no_marks(words: str) -> None:
    assert not MARKS.search(words)


@pytest.mark.parametrize("string", STRINGS.values())
def test_no_question_of_ours_has_a_mark(string: str) -> None:
    assert not MARKS.search(string)


@pytest.mark.parametrize(
    "words",
    [
        '{"error": {"message": "no"}}',
        'Error: {"error": {"message": "no"}}',
        "Error code: 400 - {'error': {'message': 'no'}}",
        "**Error:** upstream returned 502",
        "litellm.BadRequestError: invalid_request_error",
        "Error: You uploaded an unsupported image.",
    ],
)
def test_errors_are_told_from_answers(words: str) -> None:
    assert is_error_text(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "KX74MP",
        "I cannot open this picture; it seems to be damaged.",
        "Error messages like this one have a code: KX74MP.",
        "The picture shows an error: a broken cable.",
        '{"code": "KX74MP"}',
        '{"error": "I see no code"}',
        "{" * 1000,
    ],
)
def test_answers_are_told_from_errors(words: str) -> None:
    assert not is_error_text(words)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"content": "", "refusal": "I must not."}', True),
        (b'{"content": null, "reasoning_content" : "Let me see"}', True),
        (b'{"content": "", "refusal": null, "tool_calls": [ ], "audio":null}', False),
        (b'{"reasoning": ""}', False),
        (b'{"tool_calls": [{"id": 1}]}', True),
    ],
)
def test_an_answer_may_stand_elsewhere(body: bytes, found: bool) -> None:
    assert bool(ELSEWHERE.search(body)) is found
