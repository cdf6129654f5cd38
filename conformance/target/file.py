"""A target file (TOML) and command-line overrides to a ``Target``.

No message of this folder repeats a value from the file or the environment, since any of them may
be a secret in the wrong place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from conformance import foreign, outlets
from conformance.foreign import ForeignError
from conformance.model import Json, Target
from conformance.target import members
from conformance.target.addresses import first_given
from conformance.target.environment import pairs, secrets
from conformance.target.layout import verify
from conformance.target.terms import Environ, Pairs, Table, TargetError

#: Bytes of a target file, at most; those of the examples have 2,000.
MOST_BYTES = 100_000
#: Dots in a line, at most: tomllib's time grows with the square of the parts of a dotted key, and
#: 40,000 of them take half a minute.
MOST_DOTS = 500
_COMMAND_LINE = "the command line"


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
    verify(written, label)
    verify(given, _COMMAND_LINE)
    document = _merged(written, given)
    (url, in_url), model = _base_url(written, given, environ, label), members.model(document)
    query = dict(in_url) | dict(pairs(document, "query", environ, label))
    target = Target(
        name=document.get("name") or (_stem(path) if path else str(urlsplit(url).hostname)),
        base_url=url,
        model=model,
        output_limit=document.get("output_limit") or members.default_output_limit(model),
        headers=members.headers(document, environ, label),
        query=tuple(query.items()),
        body=members.body(document, label),
        unclaimed=members.claims(document, said=False),
        claimed=members.claims(document, said=True),
        vouched=members.vouched(document),
        **members.optional(document, label),
    )
    known = secrets(target, document, environ)
    outlets.know(known)
    return Loaded(target=target, secrets=known)


def _stem(path: Path) -> str:
    """The name of the file; what is no UTF-8 in it as question marks."""
    return path.stem.encode(errors="replace").decode()


def _base_url(written: Table, given: Table, environ: Environ, label: str) -> tuple[str, Pairs]:
    """The URL of the command line, or else of the file, or else of the environment."""
    return first_given(
        (f"{_COMMAND_LINE}: base_url", given.get("base_url", "")),
        (f"{label}: base_url", written.get("base_url", "")),
        ("OPENAI_BASE_URL", environ.get("OPENAI_BASE_URL", "")),
    )


def _parsed(path: Path) -> Table:
    try:
        text = foreign.text(path, MOST_BYTES)
        if any(line.count(".") > MOST_DOTS for line in text.splitlines()):
            raise ForeignError(f"a line of it has more than {MOST_DOTS} dots")
        document = tomllib.loads(text)
        foreign.verify(document, finite=False)
        return document
    except ForeignError as error:
        raise TargetError(f"{path} cannot be read: {error}") from None
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
