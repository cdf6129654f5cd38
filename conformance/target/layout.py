"""Whether a target file or the command line is laid out as ``schemas/target.json`` says."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from conformance.model import Json
from conformance.target.terms import Table, TargetError
from conformance.wire import contract
from conformance.wire.contract import Problem

#: What people write instead of our names.
_ALSO_CALLED = {"api_key": "key_env", "key": "key_env", "url": "base_url", "endpoint": "base_url"}
#: What a text must look like, where a pattern says it worse.
_SHAPES = {
    "key_env": "expected the name of an environment variable, such as OPENAI_API_KEY, "
    "not the key itself",
    "picture_host.bind": "expected host:port, such as 127.0.0.1:0, with a port up to 65535",
}


def verify(document: Table, label: str) -> None:
    """Raises TargetError for the first key that is not known, or else for the first wrong value."""
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
