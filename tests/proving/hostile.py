"""Replies that no dialogue may trip over, and a player that hands them out."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from conformance.model import (
    Case,
    Dialogue,
    Exchange,
    Fetch,
    Lab,
    Observed,
    Probe,
    Sent,
    Signal,
)
from conformance.wire.chat import read_reply
from conformance.wire.trouble import LATER, SAID, convicts, trouble_of

JSON = "application/json"
STREAM = "text/event-stream"
#: Steps after which a dialogue is taken to have no end.
MOST_STEPS = 130

#: Just under the longest integer that Python parses: two of them add up to one it cannot print.
HUGE = 10**4300 - 1
WRONG: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, HUGE, "", "x" * 70_000, "\ud800", "\x00", [], [None], [[[]]], {},
    {"a": {}}, [{"text": 5}], float("nan"), float("-inf"), "<io.BytesIO object at 0x7f3c5c1b2e30>",
)  # fmt: skip


def completion(**members: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": "KX74MP"}
    usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return {"id": "x", "object": "chat.completion", "choices": choices, "usage": usage} | members


def events(*values: Any) -> bytes:
    lines = [v if isinstance(v, str) else json.dumps(v) for v in values]
    return "".join(f"data: {line}\n\n" for line in lines).encode()


def delta(**members: Any) -> dict[str, Any]:
    return {"id": "x", "choices": [{"index": 0, "delta": members}]}


def _usage(**counts: Any) -> bytes:
    return json.dumps(completion(usage=counts)).encode()


#: Status, content type and body.
REPLIES: tuple[tuple[int, str, bytes], ...] = (
    (200, JSON, b""),
    (200, JSON, b"\xff\xfe\x00{}"),
    (200, "", b"null"),
    (200, JSON, b"[]"),
    (200, JSON, b"5"),
    (200, JSON, b'"words"'),
    (200, JSON, b"9" * 5000),
    (200, JSON, b"NaN"),
    (200, JSON, b'{"choices": "no"}'),
    (200, JSON, b'{"choices": [5]}'),
    (200, JSON, b'{"choices": {"0": {}}}'),
    (200, JSON, b'{"choices": [{"message": 5, "finish_reason": {}}]}'),
    (200, JSON, b'{"choices": [{"message": {"content": [5, {"text": []}]}}]}'),
    (200, JSON, b'{"error": "no"}'),
    (200, JSON, b'{"error": [], "choices": []}'),
    (200, JSON, b"[" * 100_000),
    *((200, JSON, b'{"usage": ' + b"[" * n + b"]" * n + b"}") for n in (60, 500, 900, 960, 985)),
    (200, JSON, _usage(prompt_tokens="9", completion_tokens=True, total_tokens=-1)),
    (200, JSON, _usage(prompt_tokens=HUGE, completion_tokens=HUGE, total_tokens=1)),
    (200, JSON, _usage(prompt_tokens=HUGE, completion_tokens=1, total_tokens=HUGE)),
    (200, JSON, json.dumps(completion(choices=5)).encode()),
    (200, JSON, json.dumps(completion(choices={"a": 1, "b": 2})).encode()),
    (200, JSON, json.dumps(completion(usage=[1, 2])).encode()),
    (200, JSON, json.dumps(completion(id={})).encode()),
    (200, JSON, json.dumps(completion()).encode() * 2),
    (200, "text/html", b"<html>" + b"<" * 10_000),
    (200, STREAM, b""),
    (200, STREAM, b"data"),
    (200, STREAM, b"data: \xff\xff\n\n"),
    (200, STREAM, b"\r\r\ndata:\r\rdata: [DONE]"),
    (200, STREAM, events("[DONE]", "[DONE]")),
    (200, STREAM, events(5, [], None, "x", {"choices": 5}, {"choices": [5]}, "[DONE]")),
    (200, STREAM, events(delta(content=5), delta(content={}), delta(role=[]), "[DONE]")),
    (200, STREAM, events({"choices": [{"delta": 5, "finish_reason": {}}], "usage": True})),
    (200, STREAM, events(delta(content="x"), {"error": 5}, {"usage": {"prompt_tokens": []}})),
    (200, STREAM, events({"id": [], "choices": [{"index": "0"}]}, "[" * 5000)),
    *((200, STREAM, b'data: {"usage": {"prompt_tokens": ' + b"[" * n + b"]" * n + b"}}\n\n")
      for n in (500, 900, 960, 975, 985)),
    *((200, STREAM, b'data: {"id": ' + b"[" * n + b"]" * n + b', "choices": [{"finish_reason": '
      + b"[" * n + b"]" * n + b"}]}\n\n") for n in (500, 900, 960, 975, 985)),
    *((200, JSON, b'{"choices": [{"finish_reason": ' + b"[" * n + b"]" * n + b"}]}")
      for n in (500, 900, 960, 975, 985)),
    (200, STREAM, events({"usage": {"prompt_tokens": "x" * 70_000}}, delta(content=" " * 70_000))),
    (200, STREAM, events(completion(choices=[], usage={"prompt_tokens": HUGE}))),
    (301, "", b""),
    (400, JSON, b""),
    (400, JSON, b'{"error": {"message": 5, "code": []}}'),
    (400, JSON, b'{"error": {"message": "\\ud800", "type": {}, "code": "content_filter"}}'),
    (400, JSON, b'{"error": {"message": "\\ud800 no", "param": 1}}'),
    (400, JSON, b'{"error": {"message": "no"}}'),
    (401, JSON, b'{"error": [{"message": "no"}]}'),
    (404, "text/plain", b"\x00" * 5000),
    (418, STREAM, events({"error": {"message": "no"}})),
    (500, JSON, b'{"detail": [{"loc": []}]}'),
    (500, JSON, json.dumps(completion()).encode()),
    (502, "text/html", b"<html>"),
    (402, JSON, b'{"error": {"message": "insufficient_quota"}}'),
    (429, "", b""),
    (0, "", b""),
    (999, JSON, b"{}"),
)  # fmt: skip

SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")
ODD_FETCH = Fetch(at=-1.0, method="", path="\ud800", headers=(("", ""),), status=0, bytes_sent=-1)


class Steadiness(StrEnum):
    """What is known of trouble that a reply is in."""

    #: Nothing: a recording of before trouble was told.
    UNTOLD = "untold"
    #: It came, and that shows nothing.
    CAME = "came"
    #: It came each time, while plain questions were answered.
    REPRODUCED = "reproduced"


def exchange(
    probe: Probe,
    status: int,
    kind: str,
    body: bytes,
    steadiness: Steadiness = Steadiness.UNTOLD,
) -> Exchange:
    asked = tuple(pair for pair in probe.params if pair[0] == "stream_options")
    made = _read(status, kind, body, Probe(service=probe.service, params=asked), steadiness)
    return replace(made, probe=probe)


@lru_cache(maxsize=1024)
def _read(status: int, kind: str, body: bytes, probe: Probe, steadiness: Steadiness) -> Exchange:
    """What such a reply is to such a question: there are few of them, and they come often."""
    made = Exchange(
        probe=probe,
        sent=SENT,
        status=status,
        headers=(("content-type", kind),) if kind else (),
        body=body,
        fetches=(ODD_FETCH,) * 5,
        reply=read_reply(status, kind, body, probe.service),
    )
    return in_trouble(made, trouble_of(made), steadiness)


def silence(probe: Probe, words: str, steadiness: Steadiness = Steadiness.UNTOLD) -> Exchange:
    """No reply."""
    return in_trouble(Exchange(probe=probe, sent=SENT, failure=words), "reset", steadiness)


def in_trouble(made: Exchange, kind: str, steadiness: Steadiness) -> Exchange:
    """As whoever asks again and again hands it on; what is said each time is a reply."""
    if steadiness is Steadiness.UNTOLD or kind in ("", *SAID):
        return made
    reproduced = steadiness is Steadiness.REPRODUCED and convicts(kind)
    return replace(made, trouble=kind, troubles=(kind,) * 2, reproduced=reproduced)


def is_troubled(status: int) -> bool:
    """Whether it matters what is known of the trouble."""
    return status >= 500 or status in LATER


def rebodied(good: Exchange, body: bytes) -> Exchange:
    """A good exchange with another body."""
    reply = read_reply(good.status, good.header("content-type"), body, good.probe.service)
    return replace(good, body=body, reply=reply)


def mutants(good: Exchange, rng: random.Random, count: int) -> Iterator[Exchange]:
    """The exchange with one value of its JSON, anywhere, made wrong or left out."""
    kind = good.header("content-type")
    for _ in range(count):
        if kind.startswith(STREAM):
            blocks = good.body.split(b"\n\n")
            at = rng.randrange(len(blocks))
            blocks[at] = b"data: " + _mutated(blocks[at].removeprefix(b"data: "), rng)
            yield rebodied(good, b"\n\n".join(blocks))
        else:
            yield rebodied(good, _mutated(good.body, rng))


def _mutated(text: bytes, rng: random.Random) -> bytes:
    try:
        value = json.loads(text)
    except ValueError:
        return text[: rng.randrange(len(text) + 1)]
    places = list(_places(value))
    if not places:
        return b"5"
    holder, key = copy.copy(rng.choice(places))
    if rng.random() < 0.2:
        del holder[key]
    else:
        holder[key] = rng.choice(WRONG)
    return json.dumps(value).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with every key or index of it."""
    if not isinstance(value, dict | list):
        return
    for key, member in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        yield from _places(member)


def play(case: Case, lab: Lab, answer: Callable[[int, Probe], Exchange]) -> Observed | Signal:
    """What a dialogue ends in. Anything but an end or a Signal comes through as it is."""
    dialogue: Dialogue = (
        case.check.dialogue(lab, case.param.value) if case.param else case.check.dialogue(lab)
    )
    try:
        probe = next(dialogue)
        for step in range(MOST_STEPS):
            probe = dialogue.send(answer(step, probe))
    except StopIteration as end:
        observed: Observed = end.value
        return observed
    except Signal as signal:
        return signal
    raise AssertionError(f"{case.id} still asks after {MOST_STEPS} steps")
