"""The members of a target, each read from its key of the file."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from conformance.model import Ability, Claim, Json, canonical
from conformance.target.addresses import inner_address, picture_host_url
from conformance.target.environment import pairs
from conformance.target.terms import Environ, Pairs, Table, TargetError
from conformance.tokens.names import readings
from conformance.wire import contract

#: Models that refuse ``max_tokens``: "not compatible with o-series models" (OpenAI's API schema,
#: 2026-08-21); the reasoning models after them behave alike.
_NEW_LIMIT = re.compile(r"o[134](?![a-z0-9])|gpt-[56]")
#: What bytes of the command line become that are no UTF-8.
_HALVES = re.compile("[\ud800-\udfff]")
#: Members of the body that have a key of their own, and that key.
_OWN_KEY = {
    "model": "model",
    "max_tokens": "output_limit and output_tokens",
    "max_completion_tokens": "output_limit and output_tokens",
}
#: Members of the body that each check decides for itself.
_DECIDED = frozenset({"messages", "stream", "stream_options"})
#: A field name of RFC 9110, section 5.1.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: What says how a message is sent, and is set by whoever sends it (RFC 9110, section 7.6.1, and
#: RFC 9112, section 6).
_OF_THE_CONNECTION = frozenset(
    {"connection", "content-encoding", "content-length", "expect", "keep-alive",
     "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)  # fmt: skip
#: Stands for every ability of a model.
EVERYTHING = "everything"


def model(document: Table) -> str:
    name = str(document.get("model", "")).strip()
    if not name:
        raise TargetError("no model is given: use --model, or write model into the target file")
    if _HALVES.search(name):
        raise TargetError("the model's name is no UTF-8: write it as the endpoint lists it")
    return name


def default_output_limit(model: str) -> str:
    """The member of the body that bounds the output of a model, by its name."""
    is_new = any(_NEW_LIMIT.match(reading.name) for reading in readings(model))
    return "max_completion_tokens" if is_new else "max_tokens"


def headers(document: Table, environ: Environ, label: str) -> Pairs:
    named = pairs(document, "headers", environ, label)
    for name, value in named:
        if not _HEADER_NAME.fullmatch(name):
            raise TargetError(f"{label}: headers: {contract.shown(name)} is no name of a header")
        if name.lower() in _OF_THE_CONNECTION:
            raise TargetError(
                f"{label}: headers.{name}: says how a request is sent, and is set when it is; "
                "leave it out"
            )
        if not re.fullmatch(r"[\t -~]*", value):
            raise TargetError(
                f"{label}: headers.{name}: has a control character or one outside ASCII, "
                "which no HTTP header can carry"
            )
    return named


def body(document: Table, label: str) -> Pairs:
    """Further members of every request's body, as JSON."""
    written = document.get("body", {})
    for name, value in written.items():
        if name in _OWN_KEY:
            raise TargetError(f"{label}: body.{name}: use {_OWN_KEY[name]} instead")
        if name in _DECIDED:
            raise TargetError(f"{label}: body.{name}: is decided by each check; leave it out")
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            raise TargetError(f"{label}: body.{name}: JSON has no dates, inf or nan") from None
    return tuple((name, canonical(written[name])) for name in sorted(written))


def claims(document: Table, *, said: bool) -> frozenset[Claim]:
    """What the file declines to claim, or claims in so many words."""
    return frozenset(Claim(k) for k, v in document.get("claims", {}).items() if v is said)


def vouched(document: Table) -> frozenset[Ability]:
    named = document.get("can", [])
    return frozenset(Ability if EVERYTHING in named else map(Ability, named))


def optional(document: Table, label: str) -> dict[str, Any]:
    """The fields of ``Target`` that keep their default where the file does not name them."""
    limits, prices, host = (document.get(k, {}) for k in ("limits", "prices", "picture_host"))
    for name in ("input", "output"):
        if not math.isfinite(prices.get(name) or 0):
            raise TargetError(f"{label}: prices.{name}: expected a number, not inf or nan")
    named = {
        **{key: document.get(key) for key in ("key_env", "auth", "output_tokens", "rule")},
        "text_model": document.get("text_model", "").strip() or None,
        "requests_per_minute": limits.get("requests_per_minute"),
        "most_pictures": _whole(limits.get("pictures")),
        "most_bytes": _whole(limits.get("picture_bytes")),
        "price_input": prices.get("input"),
        "price_output": prices.get("output"),
        "currency": prices.get("currency"),
        "picture_host_bind": host.get("bind"),
        "picture_host_url": picture_host_url(host, f"{label}: picture_host.url"),
        "inner_address": inner_address(document, f"{label}: security.inner_address"),
    }
    return {field: value for field, value in named.items() if value is not None}


def _whole(value: Json) -> int | None:
    """4e6 is an integer to JSON Schema, and none to Python."""
    return None if value is None else int(value)
