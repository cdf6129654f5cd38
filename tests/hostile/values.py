"""JSON that is deep, wide, odd or none at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from behaving import GOOD, Behaviour, completion, dumped, replies

_WRONG: dict[str, Any] = {
    "null": None, "true": True, "number": -1.5, "string": "x", "list": [[None]], "object": {"a": 1}
}  # fmt: skip


def _nested(depth: int, inner: str) -> bytes:
    return ("[" * depth + inner + "]" * depth).encode()


def _within(name: str, text: str) -> bytes:
    """A completion with such JSON in a member."""
    return f'{{"{name}": {text}, '.encode() + GOOD[1:]


def _sizes() -> list[Behaviour]:
    empties = ", ".join(['""'] * 250_000)
    return [
        replies("deep-900", "900 lists around an empty one.", _nested(900, "")),
        replies("deep-100000", "100,000 lists, one in the other.", _nested(100_000, "")),
        replies("deep-objects", "100,000 objects, one in the other.", b'{"a":' * 100_000),
        replies("deep-open", "A million lists that are opened.", b"[" * 1_000_000),
        replies("deep-and-wide", "900 lists around a megabyte of empty strings.",
                lambda: _nested(900, empties)),
        replies("deep-and-wide-member", "The same in a member of a good reply.",
                lambda: _within("x", _nested(900, empties).decode())),
        replies("deep-60-wide", "60 lists around a megabyte of empty strings.",
                lambda: _within("x", _nested(60, empties).decode())),
        replies("wide-strings", "Two million empty strings.",
                lambda: b"[" + b",".join([b'""'] * 2_000_000) + b"]"),
        replies("wide-lists", "Two million empty lists.",
                lambda: b"[" + b",".join([b"[]"] * 2_000_000) + b"]"),
        replies("wide-numbers", "Four million numbers.",
                lambda: b"[" + b",".join([b"1"] * 4_000_000) + b"]"),
        replies("wide-objects", "A million objects of one member.",
                lambda: b"[" + b",".join([b'{"a":1}'] * 1_000_000) + b"]"),
        replies("many-keys", "2 MB of keys.",
                lambda: dumped({f"k{n}": n for n in range(150_000)})),
        replies("many-keys-member", "2 MB of keys in a good reply.",
                lambda: dumped(completion(x={f"k{n}": "" for n in range(150_000)}))),
        replies("same-keys", "A million members of one name.",
                lambda: b"{" + b",".join([b'"a":1'] * 1_000_000) + b"}"),
        replies("many-choices", "A million choices.",
                lambda: dumped(completion()).replace(b'"choices": [', b'"choices": ['
                                                     + b'{},' * 1_000_000)),
        replies("many-good-choices", "20,000 choices that are right.",
                lambda: dumped(completion(choices=completion()["choices"] * 20_000))),
        replies("many-parts", "100,000 parts of content.",
                lambda: dumped(completion([{"type": "text", "text": "x"}] * 100_000))),
        replies("many-calls", "20,000 tool calls.", lambda: dumped(_calls(20_000))),
        replies("string-5-mb", "A text of 5 MB.", lambda: dumped(completion("x" * (5 << 20)))),
        replies("string-8-mb", "A text just below 8 MB.",
                lambda: dumped(completion("x" * ((8 << 20) - 1000)))),
        replies("string-9-mb", "A text of 9 MB.", lambda: dumped(completion("x" * (9 << 20)))),
        replies("name-5-mb", "A name of 5 MB.", lambda: dumped(completion(**{"n" * (5 << 20): 1}))),
        replies("escapes-5-mb", "A text of 5 MB of escapes.",
                lambda: dumped(completion("\x01" * (800 << 10)))),
        replies("backslashes", "A text of 2 MB of backslashes.",
                lambda: dumped(completion("\\" * (1 << 20)))),
        replies("blanks", "8 MB of blanks.", lambda: b" " * ((8 << 20) - 10)),
        replies("words-5-mb", "A text of a million codes.",
                lambda: dumped(completion("KX74MP " * 700_000))),
        replies("key-like-2-mb", "2 MB that look like keys.",
                lambda: dumped(completion("sk-" * 700_000))),
        replies("keys-100000", "40,000 keys of somebody.",
                lambda: dumped(completion("sk-a1b2c3d4e5f6g7h8i9j0klmn " * 40_000))),
        replies("api-key-like", "A million words that come before a key.",
                lambda: dumped(completion("api_key: " * 200_000))),
        replies("bearer-like", "200,000 times what comes before a token.",
                lambda: dumped(completion("Bearer " * 200_000))),
        replies("error-5-mb", "An error of 5 MB.",
                lambda: dumped({"error": {"message": "no " * 1_700_000}})),
        replies("id-5-mb", "An id of 5 MB.", lambda: dumped(completion(id="i" * (5 << 20)))),
    ]  # fmt: skip


def _calls(count: int) -> dict[str, Any]:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    good = completion()
    good["choices"][0]["message"]["tool_calls"] = [call] * count
    return good


def _odd() -> list[Behaviour]:
    good = GOOD.decode()
    usage = '"usage": {"prompt_tokens": %s, "completion_tokens": %s, "total_tokens": %s}'

    def used(*counts: str) -> bytes:
        return (good[: good.index('"usage"')] + usage % counts + "}").encode()

    return [
        replies("number-1e999", "1e999 as a price.", used("1e999", "1", "1")),
        replies("number-nan", "NaN as a price.", used("NaN", "NaN", "NaN")),
        replies("number-infinity", "-Infinity as a price.", used("-Infinity", "1", "Infinity")),
        replies("number-4300", "A price of 4,300 digits.", used("9" * 4300, "9" * 4300, "1")),
        replies("number-5000", "A price of 5,000 digits.", used("9" * 5000, "1", "1")),
        replies("number-million", "A price of a million digits.", used("9" * 1_000_000, "1", "1")),
        replies("number-fraction", "A price of a million decimals.",
                used("1." + "9" * 1_000_000, "1", "1")),
        replies("number-strings", "Prices that are strings.", used('"9"', '"1"', '"10"')),
        replies("number-negative", "Negative prices.", used("-9", "-1", "-10")),
        replies("number-1e400", "1e400 as a price.", used("1e400", "1e400", "1e400")),
        replies("number-zeroes", "A price with a leading zero.", used("007", "1", "8")),
        replies("key-twice", "choices twice, the second wrong.", _within("choices", "5")),
        replies("surrogate", "A lone surrogate.", dumped(completion("\ud800 KX74MP"))),
        replies("surrogate-name", "A name that is a lone surrogate.",
                dumped(completion(**{"\udfff": "\ud800"}))),
        replies("surrogate-error", "An error that is a lone surrogate.",
                dumped({"error": {"message": "\ud800", "code": "\udc00"}})),
        replies("surrogate-bytes", "A lone surrogate as three bytes.",
                GOOD.replace(b"KX74MP", b"\xed\xa0\x80")),
        replies("bom", "A byte order mark before the JSON.", b"\xef\xbb\xbf" + GOOD),
        replies("bom-twice", "Two of them.", b"\xef\xbb\xbf" * 2 + GOOD),
        replies("utf-16", "JSON in UTF-16.", good.encode("utf-16")),
        replies("utf-16-cut", "JSON in UTF-16, cut within a character.",
                good.encode("utf-16")[:-1]),
        replies("utf-32", "JSON in UTF-32.", good.encode("utf-32")),
        replies("latin", "Bytes that are no UTF-8.", GOOD.replace(b"KX74MP", b"\xff\xfe\xc0")),
        replies("truncated", "Half of the JSON.", GOOD[: len(GOOD) // 2]),
        replies("garbage-after", "Words after the JSON.", GOOD + b"garbage"),
        replies("garbage-before", "Words before the JSON.", b")]}',\n" + GOOD),
        replies("json-twice", "The JSON twice.", GOOD * 2),
        replies("json-lines", "100,000 lines of JSON.", b"{}\n" * 100_000),
        replies("comments", "Comments in the JSON.", b"/* x */" + GOOD),
        replies("single-quotes", "Single quotes.", GOOD.replace(b'"', b"'")),
        replies("empty", "No byte.", b""),
        replies("nul-bytes", "NUL between all bytes.", b"\0".join([b"%c" % c for c in GOOD])),
        replies("random", "Bytes of every kind.", bytes(range(256)) * 4000),
        replies("top-string", "A string and nothing else.", b'"KX74MP"'),
        replies("top-number", "A number of 5,000 digits.", b"9" * 5000),
        replies("top-null", "null.", b"null"),
        replies("python-repr", "A dict of Python.", repr(completion()).encode()),
    ]  # fmt: skip


def _types() -> Iterator[Behaviour]:
    """Each member of each wrong type."""
    for name, wrong in _WRONG.items():
        yield replies(f"whole-{name}", f"The whole is {name}.", dumped(wrong))
        yield replies(f"choices-{name}", f"choices is {name}.", dumped(completion(choices=wrong)))
        yield replies(f"choice-{name}", f"A choice is {name}.", dumped(completion(choices=[wrong])))
        yield replies(
            f"message-{name}",
            f"message is {name}.",
            dumped(completion(choices=[{"message": wrong, "finish_reason": wrong}])),
        )
        yield replies(f"content-{name}", f"content is {name}.", dumped(completion(wrong)))
        yield replies(f"usage-{name}", f"usage is {name}.", dumped(completion(usage=wrong)))
        yield replies(f"error-{name}", f"error is {name}.", dumped({"error": wrong}))  # fmt: skip


VALUES = (*_sizes(), *_odd(), *_types())
