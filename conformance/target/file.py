"""A target file (TOML) and command-line overrides to a ``Target``; the key from its variable.

The layout of the file is ``schemas/target.json``. No message repeats a value from the file or the
environment, since any of them may be a secret in the wrong place.
"""

from __future__ import annotations

import ipaddress
import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from conformance.model import Ability, Claim, Json, Target, canonical
from conformance.tokens.names import readings
from conformance.wire import contract
from conformance.wire.contract import Problem

#: Models that refuse ``max_tokens``: "not compatible with o-series models" (OpenAI's API schema,
#: 2026-08-21); the reasoning models after them behave alike.
_NEW_LIMIT = re.compile(r"o[134](?![a-z0-9])|gpt-[56]")
#: Members of the body that have a key of their own, and that key.
_OWN_KEY = {
    "model": "model",
    "max_tokens": "output_limit and output_tokens",
    "max_completion_tokens": "output_limit and output_tokens",
}
#: Members of the body that each check decides for itself.
_DECIDED = frozenset({"messages", "stream", "stream_options"})
#: What people write instead of our names.
_ALSO_CALLED = {"api_key": "key_env", "key": "key_env", "url": "base_url", "endpoint": "base_url"}
_SECRET_NAME = re.compile(r"auth|key|token|secret|password|cookie|signature|^sig$", re.IGNORECASE)
#: A field name of RFC 9110, section 5.1.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: What a text must look like, where a pattern says it worse.
_SHAPES = {
    "key_env": "expected the name of an environment variable, such as OPENAI_API_KEY, "
    "not the key itself",
    "picture_host.bind": "expected host:port, such as 127.0.0.1:0, with a port up to 65535",
}
_COMMAND_LINE = "the command line"
#: Stands for every ability of a model.
EVERYTHING = "everything"

Table = Mapping[str, Json]
Environ = Mapping[str, str]
Pairs = tuple[tuple[str, str], ...]


class TargetError(ValueError):
    """The target cannot be used as described; one sentence says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A target and the texts that must never be written anywhere, the API key among them."""

    target: Target
    secrets: tuple[str, ...] = ()


def load(path: Path | None, *, overrides: Mapping[str, object], environ: Environ) -> Loaded:
    """The target of a file, changed by ``overrides``; without a file, of the overrides alone.

    ``overrides`` are named as in the file, with a dot for tables: ``model``,
    ``limits.requests_per_minute``; those that are None do not count. Raises TargetError.
    """
    label = str(path) if path else _COMMAND_LINE
    written = _parsed(path) if path else {}
    given = _nested(overrides)
    _verify(written, label)
    _verify(given, _COMMAND_LINE)
    document = _merged(written, given)
    base_url, in_url = _base_url(
        (f"{_COMMAND_LINE}: base_url", given.get("base_url", "")),
        (f"{label}: base_url", written.get("base_url", "")),
        ("OPENAI_BASE_URL", environ.get("OPENAI_BASE_URL", "")),
    )
    model = _model(document)
    query = dict(in_url) | dict(_pairs(document, "query", environ, label))
    target = Target(
        name=document.get("name") or (path.stem if path else str(urlsplit(base_url).hostname)),
        base_url=base_url,
        model=model,
        output_limit=document.get("output_limit") or default_output_limit(model),
        headers=_headers(document, environ, label),
        query=tuple(query.items()),
        body=_body(document.get("body", {}), label),
        unclaimed=_claims(document, said=False),
        claimed=_claims(document, said=True),
        vouched=_vouched(document),
        **_optional(document, label),
    )
    return Loaded(target=target, secrets=_secrets(target, document, environ))


def api_key(target: Target, environ: Environ) -> str:
    """The key, trimmed; "" where the target takes none. Raises TargetError, never showing it."""
    if target.auth == "none":
        return ""
    key = environ.get(target.key_env, "").strip()
    if not key:
        raise TargetError(
            f"the environment variable {target.key_env} is not set or empty: set it with "
            f"`export {target.key_env}=...`, name another with key_env, or write "
            'auth = "none" for an endpoint that takes no key'
        )
    if any(not "!" <= char <= "~" for char in key):
        raise TargetError(
            f"the key in the environment variable {target.key_env} has a space, a control "
            "character or one outside ASCII, which no HTTP header can carry: copy it again, "
            "without quotes and without a word before it"
        )
    return key


def default_output_limit(model: str) -> str:
    """The member of the body that bounds the output of a model, by its name."""
    is_new = any(_NEW_LIMIT.match(reading.name) for reading in readings(model))
    return "max_completion_tokens" if is_new else "max_tokens"


# ---------------------------------------------------------------- reading and checking the file


def _parsed(path: Path) -> Table:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TargetError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TargetError(f"{path} is not TOML: its bytes are not UTF-8") from None
    except RecursionError:
        raise TargetError(f"{path} is nested too deeply") from None
    except ValueError as error:
        raise TargetError(f"{path} is not TOML: {error}") from None


def _nested(overrides: Mapping[str, object]) -> dict[str, Json]:
    nested: dict[str, Json] = {}
    for key, value in overrides.items():
        table, _, member = key.rpartition(".")
        if value is not None:
            (nested.setdefault(table, {}) if table else nested)[member] = value
    return nested


def _merged(written: Table, given: Table) -> dict[str, Json]:
    tables = {k: written.get(k, {}) | v for k, v in given.items() if isinstance(v, dict)}
    return {**written, **given, **tables}


def _verify(document: Table, label: str) -> None:
    for key in _unknown(document):
        raise TargetError(f"{label}: the key {contract.shown(key)} is not known{_nearest(key)}")
    problem = contract.first_problem("target", document)
    if problem:
        place = f"{label}: {problem.path}" if problem.path else label
        raise TargetError(f"{place}: {_wanted(problem, document)}")


def _unknown(document: Table) -> Iterator[str]:
    for key, value in document.items():
        known = _known().get(key)
        if known is None:
            yield key
        elif known and isinstance(value, dict):
            yield from (f"{key}.{member}" for member in value if member not in known)


def _known() -> dict[str, tuple[str, ...]]:
    """Every key of the file, and for tables of fixed keys those."""
    properties = contract.schema("target")["properties"]
    return {key: tuple(rule.get("properties", ())) for key, rule in properties.items()}


def _nearest(key: str) -> str:
    full = [f"{k}.{m}" if m else k for k, known in _known().items() for m in ("", *known)]
    by_end = {name.rpartition(".")[2]: name for name in reversed(full)}
    close = get_close_matches(key, full, n=1) or [
        by_end[end] for end in get_close_matches(key.rpartition(".")[2], by_end, n=1)
    ]
    found = _ALSO_CALLED.get(key) or next(iter(close), "")
    return f"; the nearest is {found!r}" if found else f"; known are {', '.join(_known())}"


def _wanted(problem: Problem, document: Table) -> str:
    expected = problem.expected
    if problem.keyword == "type":
        words = contract.type_words
        return f"expected {words(expected)}, got {words(problem.actual_type)}"
    if problem.keyword == "enum":
        near = get_close_matches(str(_found(problem.path, document)), expected, n=1)
        return f"expected one of {', '.join(expected)}" + (
            f"; the nearest is {near[0]!r}" if near else ""
        )
    if problem.keyword == "minLength":
        return "must not be empty"
    if problem.keyword == "minimum":
        return f"expected {expected} or more"
    return _SHAPES.get(problem.path, problem.message)


def _found(path: str, document: Table) -> Json:
    """What stands at a path such as ``auth`` or ``can[2]``."""
    name, _, place = path.partition("[")
    found = document.get(name)
    return found[int(place.rstrip("]"))] if place and isinstance(found, list) else found


# ---------------------------------------------------------------- the members of a target


def _model(document: Table) -> str:
    model = str(document.get("model", "")).strip()
    if not model:
        raise TargetError("no model is given: use --model, or write model into the target file")
    return model


def _base_url(*places: tuple[str, str]) -> tuple[str, Pairs]:
    """The first given, in normal form without a slash at its end, and what its query said."""
    place, text = next(((p, t.strip()) for p, t in places if t.strip()), ("", ""))
    if not text:
        raise TargetError(
            "no base URL is given: use --base-url, write base_url into the target file, "
            "or set OPENAI_BASE_URL"
        )
    url = _split(text, place)
    path = url.path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    query = tuple(parse_qsl(url.query, keep_blank_values=True))
    return f"{url.scheme}://{url.netloc}{path}", query


def _split(text: str, place: str) -> SplitResult:
    """A URL taken apart; raises TargetError, which does not repeat it."""
    if not re.match(r"https?://", text, re.IGNORECASE):
        raise TargetError(f"{place}: expected a URL that begins with https:// or http://")
    try:
        url = urlsplit(text)
        sound = bool(url.hostname) and url.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"[\s\x00-\x1f\x7f\\]", text):
        raise TargetError(f"{place}: expected a URL such as https://api.example.com/v1")
    if "@" in url.netloc:
        raise TargetError(
            f"{place}: holds a user name or password; put the key into an environment variable "
            "and name that with key_env"
        )
    if url.fragment:
        raise TargetError(f"{place}: has a part after #, which is never sent; leave it out")
    return url


def _pairs(document: Table, table: str, environ: Environ, label: str) -> Pairs:
    """Names and values of a table; ``$NAME`` stands for an environment variable, ``$$`` for $."""
    return tuple(
        (name, _resolved(value, environ, f"{label}: {table}.{name}"))
        for name, value in document.get(table, {}).items()
    )


def _resolved(value: str, environ: Environ, place: str) -> str:
    if value.startswith("$$"):
        return value[1:]
    variable = _variable(value)
    if not variable:
        return value
    found = environ.get(variable, "").strip()
    if not found:
        raise TargetError(f"{place}: the environment variable {variable} is not set or empty")
    return found


def _variable(value: str) -> str:
    match = re.fullmatch(r"\$([A-Za-z_][A-Za-z0-9_]*)", value)
    return match[1] if match else ""


def _headers(document: Table, environ: Environ, label: str) -> Pairs:
    headers = _pairs(document, "headers", environ, label)
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name):
            raise TargetError(f"{label}: headers: {contract.shown(name)} is no name of a header")
        if not re.fullmatch(r"[\t -~]*", value):
            raise TargetError(
                f"{label}: headers.{name}: has a control character or one outside ASCII, "
                "which no HTTP header can carry"
            )
    return headers


def _body(body: Table, label: str) -> Pairs:
    for name, value in body.items():
        if name in _OWN_KEY:
            raise TargetError(f"{label}: body.{name}: use {_OWN_KEY[name]} instead")
        if name in _DECIDED:
            raise TargetError(f"{label}: body.{name}: is decided by each check; leave it out")
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            raise TargetError(f"{label}: body.{name}: JSON has no dates, inf or nan") from None
    return tuple((name, canonical(body[name])) for name in sorted(body))


def _claims(document: Table, *, said: bool) -> frozenset[Claim]:
    """What the file declines to claim, or claims in so many words."""
    return frozenset(Claim(k) for k, v in document.get("claims", {}).items() if v is said)


def _vouched(document: Table) -> frozenset[Ability]:
    named = document.get("can", [])
    return frozenset(Ability if EVERYTHING in named else map(Ability, named))


def _optional(document: Table, label: str) -> dict[str, Any]:
    """The fields of ``Target`` that keep their default where the file does not name them."""
    limits, prices, host = (document.get(k, {}) for k in ("limits", "prices", "picture_host"))
    price = prices.get("input")
    if price is not None and not math.isfinite(price):
        raise TargetError(f"{label}: prices.input: expected a number, not inf or nan")
    named = {
        **{key: document.get(key) for key in ("key_env", "auth", "output_tokens", "rule")},
        "text_model": document.get("text_model", "").strip() or None,
        "requests_per_minute": limits.get("requests_per_minute"),
        "most_pictures": _whole(limits.get("pictures")),
        "most_bytes": _whole(limits.get("picture_bytes")),
        "price_input": price,
        "picture_host_bind": host.get("bind"),
        "picture_host_url": _picture_host_url(host, f"{label}: picture_host.url"),
        "inner_address": _inner_address(document, f"{label}: security.inner_address"),
    }
    return {field: value for field, value in named.items() if value is not None}


def _whole(value: Json) -> int | None:
    """4e6 is an integer to JSON Schema, and none to Python."""
    return None if value is None else int(value)


def _picture_host_url(host: Table, place: str) -> str | None:
    text: str = host.get("url", "")
    if not text:
        return None
    url = _split(text, place)
    if url.query:
        raise TargetError(f"{place}: has a query, which no picture's URL would keep")
    return text.rstrip("/")


def _inner_address(document: Table, place: str) -> str | None:
    text: str | None = document.get("security", {}).get("inner_address")
    if text is None:
        return None
    try:
        address = ipaddress.ip_address(_split(text, place).hostname or "")
        odd = address.is_loopback or address.is_unspecified or getattr(address, "ipv4_mapped", None)
        sound = address.is_private and not odd
    except TargetError:
        raise
    except ValueError:
        sound = False
    if not sound:
        raise TargetError(
            f"{place}: expected a URL at a private or link-local IP address of your own, where "
            "nothing answers"
        )
    return text


def _secrets(target: Target, document: Table, environ: Environ) -> tuple[str, ...]:
    """Texts to hide, longest first: the key, values from variables, and what looks like one."""
    written = {**document.get("query", {}), **document.get("headers", {})}
    found = {environ.get(target.key_env, "").strip()} if target.auth != "none" else set()
    for name, value in (*target.headers, *target.query):
        if _variable(written.get(name, "")) or _SECRET_NAME.search(name):
            # "Bearer abc" is secret, and so is "abc" where it stands alone.
            found |= {value, *value.split()[-1:]}
    return tuple(sorted(found - {""}, key=lambda text: (-len(text), text)))
