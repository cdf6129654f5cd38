"""Whether a ``target.json`` beside cassettes is as this suite writes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from conformance.foreign import ForeignError
from conformance.model import Ability, Claim, Json

FORMAT = 1
Form = tuple[Callable[[Json], bool], str]


def verify(document: Json) -> None:
    """Raises ForeignError for the first member that is missing or wrong."""
    if not isinstance(document, dict):
        raise ForeignError("it must be an object, with a target")
    _verify(document, _DOCUMENT, tuple(_DOCUMENT), "")
    _verify(document["target"], TARGET, _NEEDED, "target.")


def _verify(found: Mapping[str, Json], forms: Mapping[str, Form], needed: Any, at: str) -> None:
    for name, (is_right, words) in forms.items():
        if name in found and not is_right(found[name]):
            raise ForeignError(f"its {at}{name} must be {words}")
        if name not in found and name in needed:
            raise ForeignError(f"it lacks {at}{name}")


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_whole(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53


def _is_limit(value: Json) -> bool:
    return value is None or _is_whole(value)


def _is_price(value: Json) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (number and 0 <= value < 2**53)


def _is_url(value: Json) -> bool:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        return bool(
            parts and parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        )
    except ValueError:
        return False


def _are_pairs(value: Json) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(map(_is_text, pair)) for pair in value
    )


def _are_members(value: Json) -> bool:
    return _are_pairs(value) and all(_is_json(text) for _, text in value)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _of(kind: type[StrEnum]) -> Form:
    known = {str(one) for one in kind}

    def is_right(value: Json) -> bool:
        return isinstance(value, list) and all(_is_text(one) and one in known for one in value)

    return is_right, f"a list of {', '.join(sorted(known))}"


def _one_of(*known: str) -> Form:
    return lambda value: _is_text(value) and value in known, f"one of {', '.join(known)}"


_TEXT: Form = (_is_text, "text")
_WHOLE: Form = (_is_whole, "a whole number above 0")
_LIMIT: Form = (_is_limit, "a whole number above 0, or null")
_PAIRS: Form = (_are_pairs, "a list of pairs of texts")
_DOCUMENT: Mapping[str, Form] = {
    "format": (lambda value: type(value) is int and value == FORMAT, str(FORMAT)),
    "recorded": _TEXT,
    "seed": (lambda value: _is_text(value) and bool(value), "text that is not empty"),
    "versions": (
        lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
        "an object of texts",
    ),
    "target": (lambda value: isinstance(value, dict), "an object"),
}
#: What a target has no default for.
_NEEDED = ("name", "base_url", "model")
TARGET: Mapping[str, Form] = {
    "name": _TEXT,
    "base_url": (_is_url, "a URL that begins with https:// or http://"),
    "model": (lambda value: _is_text(value) and bool(value), "text that is not empty"),
    "key_env": _TEXT,
    "auth": _one_of("bearer", "api-key", "none"),
    "headers": _PAIRS,
    "query": _PAIRS,
    "body": (_are_members, "a list of pairs of a name and JSON text"),
    "output_limit": _one_of("max_tokens", "max_completion_tokens"),
    "output_tokens": _WHOLE,
    "unclaimed": _of(Claim),
    "claimed": _of(Claim),
    "vouched": _of(Ability),
    "most_pictures": _LIMIT,
    "most_bytes": _LIMIT,
    "rule": _TEXT,
    "text_model": _TEXT,
    "price_input": (_is_price, "a number of 0 or more, or null"),
    "price_output": (_is_price, "a number of 0 or more, or null"),
    "currency": _TEXT,
    "requests_per_minute": _LIMIT,
    "picture_host_bind": _TEXT,
    "picture_host_url": _TEXT,
    "security": (lambda value: isinstance(value, bool), "true or false"),
    "inner_address": _TEXT,
}
