"""How a subclass of the reference endpoint becomes a fault, and how faults are found."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from conformance.reference import faults
from conformance.reference.endpoint import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One defect: its name, one line of what it does, and the checks that must catch it."""

    name: str
    summary: str
    #: Ids of checks; every one of them fails in at least one case while the fault is there.
    caught_by: tuple[str, ...]
    #: Class of the defect, as the diagnosis names it; see ``conformance.diagnosis.kinds``.
    kind: str
    make: type[Endpoint]


_found: dict[str, Fault] = {}


def fault(*caught_by: str, kind: str = "") -> Callable[[type[Endpoint]], type[Endpoint]]:
    """Makes a subclass of Endpoint a fault; its docstring is the summary, its name the name.

    ``kind`` is the class of the defect, such as "silent-strip".
    """

    def register(make: type[Endpoint]) -> type[Endpoint]:
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", make.__name__).lower()
        summary = " ".join((inspect.getdoc(make) or "").split())
        _found[name] = Fault(name=name, summary=summary, caught_by=caught_by, kind=kind, make=make)
        return make

    return register


@cache
def all_faults() -> dict[str, Fault]:
    """Every fault by name, in order of file and definition."""
    for module in pkgutil.iter_modules(faults.__path__):
        importlib.import_module(f"{faults.__name__}.{module.name}")
    return dict(_found)


def fault_named(name: str) -> Fault:
    """The fault of that name; raises LookupError with the nearest name."""
    known = all_faults()
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "; `list --faults` shows them all"
    raise LookupError(f"there is no fault {name!r}{hint}")
