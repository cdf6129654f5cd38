"""What stands in environment variables: the key, values that a file names, and what is secret."""

from __future__ import annotations

import re

from conformance.model import Target
from conformance.target.terms import Environ, Pairs, Table, TargetError

_SECRET_NAME = re.compile(r"auth|key|token|secret|password|cookie|signature|^sig$", re.IGNORECASE)


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


def pairs(document: Table, table: str, environ: Environ, label: str) -> Pairs:
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


def secrets(target: Target, document: Table, environ: Environ) -> tuple[str, ...]:
    """Texts to hide, longest first: the key, values from variables, and what looks like one."""
    written = {**document.get("query", {}), **document.get("headers", {})}
    found = {environ.get(target.key_env, "").strip()} if target.auth != "none" else set()
    for name, value in (*target.headers, *target.query):
        if _variable(written.get(name, "")) or _SECRET_NAME.search(name):
            # "Bearer abc" is secret, and so is "abc" where it stands alone.
            found |= {value, *value.split()[-1:]}
    return tuple(sorted(found - {""}, key=lambda text: (-len(text), text)))
