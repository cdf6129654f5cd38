"""Replies made from the schemas themselves, with wrong values anywhere in them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from conformance.wire import contract

#: Nesting of what is made; deeper members are null.
DEEPEST = 6
#: JSON as text, so that it may hold what no value of Python does.
ODD = st.sampled_from(
    ["null", "true", "-1", "1e999", "NaN", "-Infinity", "9" * 4300, "9" * 4301, '"\\ud800"',
     '"\\u0000"', "[]", "{}", "[[null]]", '{"a": 1, "a": {"a": []}}', '"x"', "0.1", "[" * 120,
     "[1, 2" + ", 3" * 50 + "]"]
)  # fmt: skip


def texts(name: str) -> st.SearchStrategy[str]:
    """JSON, nearly, by the schema of this name."""
    return _by(contract.schema(name), DEEPEST)


def _by(schema: Any, left: int) -> st.SearchStrategy[str]:
    return st.one_of(_right(schema, left), ODD) if left else ODD


def _right(schema: Any, left: int) -> st.SearchStrategy[str]:
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return st.sampled_from(schema[several]).flatmap(lambda one: _by(one, left - 1))
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")])).map(json.dumps)
    if "properties" in schema:
        return st.deferred(lambda: _object(schema["properties"], left))
    if "items" in schema:
        return st.lists(_by(schema["items"], left - 1), max_size=3).map(_listed)
    return st.one_of(st.text(max_size=8), st.integers(), st.floats()).map(json.dumps)


def _object(members: dict[str, Any], left: int) -> st.SearchStrategy[str]:
    """Some of the members in any order, some of them twice."""
    pairs = st.sampled_from(sorted(members)).flatmap(
        lambda name: _by(members[name], left - 1).map(lambda text: f"{json.dumps(name)}: {text}")
    )
    return st.lists(pairs, max_size=2 * len(members)).map(lambda p: "{" + ", ".join(p) + "}")


def _listed(items: list[str]) -> str:
    return "[" + ", ".join(items) + "]"
