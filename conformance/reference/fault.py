"""How a subclass of the reference endpoint becomes a fault, and how faults are found and joined."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import CodeType
from typing import Any

from conformance.model import Symptom
from conformance.reference import faults
from conformance.reference.endpoint import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One defect: its name, one line of what it does, and the checks that must catch it."""

    name: str
    summary: str
    #: Ids of checks; every one of them fails in at least one case while the fault is there.
    caught_by: tuple[str, ...]
    #: What a judgement sees go wrong, as the first statement of a report must say it.
    symptom: Symptom
    #: Others that it truly shows as well, of which a graver one may come first.
    also: tuple[Symptom, ...]
    #: Dimensions of the traits that part the requests it spoils from the others, any of which the
    #: first statement must name; none where it spoils all of its kind. See ``traits``.
    where: tuple[str, ...]
    make: type[Endpoint]


_found: dict[str, Fault] = {}
#: Every capital and every number begins a word, but for the number in base64.
_WORD = re.compile(r"Base64|[A-Z][a-z]*|[0-9]+")


def name_of(make: type[Endpoint]) -> str:
    """The name of a class in words: ``WantsAPicture`` is ``wants-a-picture``."""
    return "-".join(_WORD.findall(make.__name__)).lower()


def fault(
    *caught_by: str,
    symptom: Symptom,
    also: tuple[Symptom, ...] = (),
    where: tuple[str, ...] = (),
) -> Callable[[type[Endpoint]], type[Endpoint]]:
    """Makes a subclass of Endpoint a fault; its docstring is the summary, its name the name.

    ``caught_by`` are ids of checks; ``symptom`` and ``where`` as in ``Fault``.
    """

    def register(make: type[Endpoint]) -> type[Endpoint]:
        name = name_of(make)
        summary = " ".join((inspect.getdoc(make) or "").split())
        _found[name] = Fault(
            name=name,
            summary=summary,
            caught_by=caught_by,
            symptom=symptom,
            also=also,
            where=where,
            make=make,
        )
        return make

    return register


@cache
def all_faults() -> dict[str, Fault]:
    """Every fault by name, sorted by name: so no table changes when one is filed elsewhere."""
    for module in pkgutil.walk_packages(faults.__path__, f"{faults.__name__}."):
        importlib.import_module(module.name)
    return dict(sorted(_found.items()))


def fault_named(name: str) -> Fault:
    """The fault of that name; raises LookupError with the nearest name."""
    known = all_faults()
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "; `list --faults` shows them all"
    raise LookupError(f"there is no fault {name!r}{hint}")


# ---------------------------------------------------------------- several faults at once


class ComposedError(ValueError):
    """These faults cannot be had together in this order; the message says why."""


def composed(names: Sequence[str]) -> type[Endpoint]:
    """An endpoint with all the faults of these names, the first one outermost.

    Raises LookupError for a name that is unknown, and ComposedError where Python can make no such
    class, or where one fault replaces what another does instead of adding to it.
    """
    made = [fault_named(name) for name in dict.fromkeys(names)]
    if len(made) < 2:
        return made[0].make if made else Endpoint
    try:
        both = type("Both", tuple(each.make for each in made), {})
    except TypeError as error:
        raise ComposedError(
            f"{' and '.join(each.name for each in made)} cannot be joined in this order: "
            f"{' '.join(str(error).split())}"
        ) from None
    for outer, inner, member in _hidden(both, made):
        turned = _calls_super(getattr(inner.make, member), member)
        raise ComposedError(
            f"{outer.name} replaces what {inner.name} does in its {member}(), so the latter would "
            f"not be there: {f'name {inner.name} first' if turned else 'choose others'}"
        )
    return both


def _hidden(both: type[Endpoint], made: Sequence[Fault]) -> Iterator[tuple[Fault, Fault, str]]:
    """A fault that replaces a member of another, that other, and the name of the member."""
    ours = [kind for kind in both.__mro__[1:] if kind not in Endpoint.__mro__]
    for place, outer in enumerate(ours):
        for member, value in vars(outer).items():
            later = next((k for k in ours[place + 1 :] if member in vars(k)), None)
            if later is None or _is_of_the_class(member) or _calls_super(value, member):
                continue
            over, under = _owner(outer, made), _owner(later, made)
            if over is not under:
                yield over, under, member


def _owner(kind: type, made: Sequence[Fault]) -> Fault:
    """The fault whose class this is, or the first of those that stand on it."""
    return next(each for each in made if issubclass(each.make, kind))


def _is_of_the_class(member: str) -> bool:
    return member.startswith("__") and member != "__init__"


def _calls_super(value: Any, member: str) -> bool:
    """True for a method that goes on to the next class's."""
    function = inspect.unwrap(getattr(value, "__func__", value))
    code = getattr(function, "__code__", None)
    return code is not None and any({"super", member} <= set(c.co_names) for c in _codes(code))


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a function and of the functions in it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)
