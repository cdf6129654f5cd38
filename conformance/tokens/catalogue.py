"""The rules as written in ``rules.toml``, one object each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance.tokens import estimators, grids, openai, plain, resized
from conformance.tokens.rule import Rule

FILE = Path(__file__).parent / "rules.toml"

#: The kinds of rule by their name in the file.
KINDS: Mapping[str, type[Rule]] = {
    "tiles": openai.Tiles,
    "patches": openai.Patches,
    "flat": plain.Flat,
    "area": plain.Area,
    "squares": plain.Squares,
    "quarters": plain.Quarters,
    "crops": plain.Crops,
    "payload": plain.Payload,
    "snapped": resized.Snapped,
    "rows": resized.Rows,
    "padded": resized.Padded,
    "canvas": grids.Canvas,
    "closest": grids.Closest,
    "anyres": grids.AnyRes,
    "enlarged": estimators.Enlarged,
    "litellm": estimators.LiteLLM,
    "langchain": estimators.LangChain,
}


def load(path: Path = FILE) -> tuple[Rule, ...]:
    """Every rule of the file, in order; raises ValueError where an entry is no rule."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    rules = tuple(_rule(dict(table)) for table in tables)
    names = [rule.name for rule in rules]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"{path.name} has the rule {min(twice)!r} twice")
    return rules


def _rule(table: dict[str, Any]) -> Rule:
    name, kind = table.get("name"), KINDS.get(table.pop("kind", ""))
    if kind is None:
        raise ValueError(f"the rule {name!r} is of no known kind")
    table["models"] = tuple(table.get("models", ()))
    members: dict[str, Any] = {
        k: openai.Limit(**v) if isinstance(v, dict) else v for k, v in table.items()
    }
    try:
        return kind(**members)
    except TypeError as error:
        raise ValueError(f"the rule {name!r} is incomplete: {error}") from None
