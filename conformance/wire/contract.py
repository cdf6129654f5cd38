"""What JSON must look like: validators over the folder ``schemas``, and sentences on what is wrong.

Instances may come from a hostile endpoint: nothing here raises on any JSON value, follows a
reference over the network, or writes a message longer than a few lines.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import islice

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from conformance import data
from conformance.model import Json
from conformance.wire import bounds

#: Deepest nesting that is looked at. The deepest schema, ``report``, needs 9.
DEEPEST = 64
#: Longest integer in bits; beyond 4,300 digits (14,284 bits) Python refuses to print one.
LONGEST_INTEGER = 10_000
#: Documents the suite writes itself; their size is no reason for distrust.
_OURS = frozenset({"report", "target", "manifest", "exchange"})
#: Violations gathered before the best are chosen.
_GATHERED = 200
_SHOWN = 60
_LONGEST_PATH = 200
_LONGEST_SENTENCE = 400
#: Of several violations at one place the first of these is told; what is not listed comes last.
_RANK = {word: rank for rank, word in enumerate(("required", "type", "enum", "const"))}
_NOUNS = {
    "null": "null",
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
    "string": "a string",
    "array": "an array",
    "object": "an object",
}
#: In this order, since a boolean of Python is an integer too.
_TYPES: tuple[tuple[type, str], ...] = (
    (type(None), "null"),
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)
_UNITS = {"Length": "characters", "Items": "items", "Properties": "members"}
_JSON_WORDS = {"None": "null", "True": "true", "False": "false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One violation: where, what, and by which rule."""

    #: In OpenAI's notation, such as ``messages[0].content[1].image_url.url``; "" is the whole.
    #: A missing member is named by the place where it should be.
    path: str
    #: What is wrong there, without the path: ``'done' is not one of 'stop', 'length'``.
    message: str
    #: JSON Schema keyword: "required", "type", "enum", "minLength", ... and "unfit" for an
    #: instance that is too deep or too large to be judged.
    keyword: str
    #: The keyword's value in the schema, such as ``["auto", "low"]`` or ``2``.
    expected: Json = None
    #: JSON type of what stands there, such as "string"; "" for what is missing.
    actual_type: str = ""

    def __str__(self) -> str:
        return _cut(f"{self.path or 'the document'}: {self.message}", _LONGEST_SENTENCE)


def problems(schema_name: str, instance: Json, *, limit: int = 5) -> list[str]:
    """At most ``limit`` sentences, the gravest first; none where the instance conforms.

    ``schema_name`` is a file in ``schemas`` without its suffix; an unknown one raises ValueError.
    """
    return [str(problem) for problem in _ranked(schema_name, instance)[: max(limit, 0)]]


def first_problem(schema_name: str, instance: Json) -> Problem | None:
    """The gravest problem: nearest the root, missing before wrong; None where there is none."""
    return next(iter(_ranked(schema_name, instance)), None)


def schema(name: str) -> Mapping[str, Json]:
    """The schema itself; raises ValueError with the nearest name where there is none such."""
    try:
        return _schemas()[name]
    except KeyError:
        near = get_close_matches(name, _schemas(), n=1)
        hint = f"; the nearest is {near[0]!r}" if near else ""
        raise ValueError(f"there is no schema named {name!r}{hint}") from None


def type_words(types: str | Sequence[str]) -> str:
    """JSON types as English: ``["string", "array"]`` gives "a string or an array"."""
    names = [types] if isinstance(types, str) else types
    return " or ".join(_NOUNS.get(name, name) for name in names)


def json_type(value: Json) -> str:
    """Name of the JSON type; every float is a number, and a boolean is no integer."""
    known = (name for kind, name in _TYPES if isinstance(value, kind))
    return next(known, type(value).__name__)


# ---------------------------------------------------------------- validation


@cache
def _schemas() -> dict[str, dict[str, Json]]:
    files = sorted(data.folder("schemas").glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


@cache
def _validator(name: str) -> Draft202012Validator:
    resources = [(s["$id"], Resource.from_contents(s)) for s in _schemas().values()]
    registry: Registry[Json] = Registry().with_resources(resources)
    return Draft202012Validator(schema(name), registry=registry)


def _ranked(name: str, instance: Json) -> list[Problem]:
    validator = _validator(name)
    unfit = _unfit(instance, most=sys.maxsize if name in _OURS else bounds.VALUES)
    if unfit:
        return [_as_unfit(unfit, instance)]
    try:
        errors = list(islice(validator.iter_errors(instance), _GATHERED))
    except RecursionError:
        return [_as_unfit("is nested too deeply to be judged", instance)]
    return [_problem(error) for error in _one_per_place(sorted(errors, key=_gravity))]


def _unfit(instance: Json, *, most: int) -> str:
    """Why the instance cannot be judged; "" where it can. Walks without recursion."""
    pending: list[tuple[Json, int]] = [(instance, 1)]
    seen = 0
    while pending:
        value, depth = pending.pop()
        seen += 1
        if depth > DEEPEST:
            return f"is nested more than {DEEPEST} levels deep"
        if seen > most:
            return f"has more than {most} values"
        if isinstance(value, int) and value.bit_length() > LONGEST_INTEGER:
            return "has an integer of thousands of digits"
        pending.extend((child, depth + 1) for child in _children(value))
    return ""


def _children(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _as_unfit(message: str, instance: Json) -> Problem:
    return Problem(path="", message=message, keyword="unfit", actual_type=json_type(instance))


def _gravity(error: ValidationError) -> tuple[int, int]:
    return len(_place(error)), _RANK.get(str(error.validator), len(_RANK))


def _one_per_place(errors: Sequence[ValidationError]) -> Iterator[ValidationError]:
    told: set[tuple[str | int, ...]] = set()
    for error in errors:
        place = _place(error)
        if place not in told:
            told.add(place)
            yield error


def _place(error: ValidationError) -> tuple[str | int, ...]:
    """Where the error is; for a missing member, where the member should be."""
    path = tuple(error.absolute_path)
    if error.validator != "required":
        return path
    # jsonschema names the missing member nowhere but in its message.
    names: Json = error.validator_value
    missing = (name for name in names if error.message.startswith(repr(name)))
    return (*path, next(missing, "?"))


# ---------------------------------------------------------------- wording


def _problem(error: ValidationError) -> Problem:
    keyword = str(error.validator)
    return Problem(
        path=_written(_place(error)),
        message=_message(keyword, error.validator_value, error.instance),
        keyword=keyword,
        expected=error.validator_value,
        actual_type="" if keyword == "required" else json_type(error.instance),
    )


def _written(place: Sequence[str | int]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{_name(step)}" for step in place)
    return _cut("".join(steps).removeprefix("."), _LONGEST_PATH)


def _name(step: str) -> str:
    return _cut(repr(step)[1:-1], _SHOWN)


def _message(keyword: str, rule: Json, value: Json) -> str:
    if keyword == "required":
        return "required, but missing"
    if keyword == "type":
        return f"expected {type_words(rule)}, got {shown(value)}"
    if keyword == "enum":
        one_of = "one of " if len(rule) > 1 else ""
        return f"{shown(value)} is not {one_of}{', '.join(map(shown, rule))}"
    if keyword == "const":
        return f"{shown(value)} is not {shown(rule)}"
    if keyword == "additionalProperties":
        return "has members that are not known here"
    return _bounds(keyword, rule, value)


def _bounds(keyword: str, rule: Json, value: Json) -> str:
    if keyword == "minimum":
        return f"{shown(value)} is below {rule}, the least allowed"
    if keyword == "maximum":
        return f"{shown(value)} is above {rule}, the greatest allowed"
    unit = _UNITS.get(keyword[3:])
    if unit and keyword.startswith("min"):
        return f"has too few {unit}: {len(value)}, where {rule} is the least"
    if unit:
        return f"has too many {unit}: {len(value)}, where {rule} is the most"
    return f"{shown(value)} breaks the rule {keyword} {shown(rule)}"


def shown(value: Json) -> str:
    """A value in few words, safe to print: what is long is cut, what has members is counted."""
    if isinstance(value, str):
        return repr(value) if len(value) <= _SHOWN else f"{value[:_SHOWN]!r}..."
    if isinstance(value, dict):
        return f"an object of size {len(value)}"
    if isinstance(value, list):
        return f"an array of size {len(value)}"
    return _JSON_WORDS.get(repr(value)) or _cut(repr(value), _SHOWN)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
