"""The answer, its count of tokens, and the JSON of a plain and of a streamed reply."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from question import MODEL, Question

#: Tokens for each picture, whatever its size and its detail.
PICTURE_PRICE = 85
NOTHING = "(no text)"


@dataclass(frozen=True)
class Answer:
    """An answer in pieces of one word each, which are its tokens; why it ended; the bill."""

    pieces: tuple[str, ...]
    finish_reason: str
    usage: dict[str, object]
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))


def answer(asked: Question, lines: Sequence[Sequence[str]]) -> Answer:
    """The lines of each picture, cut as the request says; without a picture a few words."""
    text = _text(asked, lines)
    for stop in asked.stops:
        text = text.partition(stop)[0]
    words = re.findall(r"\S+\s*|\s+", text)
    pieces = tuple(words[: asked.most_tokens])
    reason = "length" if len(pieces) < len(words) else "stop"
    return Answer(pieces, reason, _usage(asked, len(pieces) * asked.choices))


def _text(asked: Question, lines: Sequence[Sequence[str]]) -> str:
    if asked.pictures:
        return "\n".join("\n".join(of_one) or NOTHING for of_one in lines)
    ready = bool(asked.texts) and "ready" in asked.texts[-1].lower()
    return "Ready." if ready else "I can only read pictures."


def _usage(asked: Question, written: int) -> dict[str, object]:
    """A token for each word and for each message's role, and the price of the pictures."""
    words = asked.messages + sum(len(text.split()) for text in asked.texts)
    prompt = words + PICTURE_PRICE * len(asked.pictures)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": written,
        "total_tokens": prompt + written,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


# ---------------------------------------------------------------- in one piece


def reply(asked: Question, said: Answer) -> dict[str, object]:
    """The body of a reply that is not streamed."""
    message = {"role": "assistant", "content": "".join(said.pieces), "refusal": None}
    choices = [
        {"index": index, "message": message, "logprobs": None, "finish_reason": said.finish_reason}
        for index in range(asked.choices)
    ]
    head = {"id": said.id, "object": "chat.completion", "created": said.created, "model": MODEL}
    return {**head, "choices": choices, "usage": said.usage}


# ---------------------------------------------------------------- as a stream


def events(asked: Question, said: Answer) -> Iterator[str]:
    """The events of a streamed reply, the last one too."""
    for index in range(asked.choices):
        start = {"role": "assistant", "content": "", "refusal": None}
        yield _event(asked, said, [_choice(index, start)])
        for piece in said.pieces:
            yield _event(asked, said, [_choice(index, {"content": piece})])
        yield _event(asked, said, [_choice(index, {}, said.finish_reason)])
    if asked.include_usage:
        yield _event(asked, said, [], said.usage)
    yield "data: [DONE]\n\n"


def _choice(index: int, delta: object, reason: str | None = None) -> dict[str, object]:
    return {"index": index, "delta": delta, "logprobs": None, "finish_reason": reason}


def _event(asked: Question, said: Answer, choices: object, usage: object = None) -> str:
    chunk = {
        "id": said.id,
        "object": "chat.completion.chunk",
        "created": said.created,
        "model": MODEL,
        "choices": choices,
    }
    if asked.include_usage:
        chunk["usage"] = usage
    return f"data: {json.dumps(chunk)}\n\n"
