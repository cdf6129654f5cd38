"""How a function becomes a check, and how checks are found."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache

from conformance import checks
from conformance.ability import Ability
from conformance.model import Check, Claim, Dialogue, Level, Param, Source

#: The four headline areas first, then what comes with them.
AREAS = (
    "url", "base64", "multi-image", "detail",
    "usage", "streaming", "shape", "errors", "parameters",
    "history", "cache", "placeholders", "limits",
    "tools", "acuity", "models", "dialects", "leaks", "sdk", "security",
)  # fmt: skip

_found: dict[str, Check] = {}


def check(
    level: Level,
    *,
    spec: Source,
    over: Iterable[Param | str | int] = (),
    needs: Iterable[Claim] = (),
    abilities: Iterable[Ability] = (),
    guess: float = 0.0,
    steps: int = 1,
    opt_in: bool = False,
    one_by_one: bool = False,
) -> Callable[[Callable[..., Dialogue]], Callable[..., Dialogue]]:
    """Makes a dialogue a check. Its docstring is the requirement, its name the id.

    ``over`` gives the parameters, one case each; ``abilities`` are what the question asks of the
    model besides reading large print. ``guess`` is the chance that an endpoint which
    saw nothing passes, and must be under 1 in 10,000 where a guess can pass at all. ``steps`` is
    given where a case sends many requests one after the other. ``opt_in`` is for probes that could
    do harm, ``one_by_one`` for those that an endpoint may not survive: no two of them at once.
    """

    def register(dialogue: Callable[..., Dialogue]) -> Callable[..., Dialogue]:
        area = dialogue.__module__.rsplit(".", 1)[-1].replace("_", "-")
        name = dialogue.__name__.strip("_").replace("_", "-")
        params = tuple(p if isinstance(p, Param) else Param(id=str(p), value=p) for p in over)
        made = Check(
            id=f"{area}/{name}",
            area=area,
            level=level,
            requirement=" ".join(inspect.getdoc(dialogue).split()),  # type: ignore[union-attr]
            spec=spec,
            dialogue=dialogue,
            params=params,
            needs=frozenset(needs),
            abilities=frozenset(abilities),
            guess=guess,
            steps=steps,
            opt_in=opt_in,
            one_by_one=one_by_one,
        )
        _found[made.id] = made
        return dialogue

    return register


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check of every module in ``checks``, headline areas first, in file order."""
    for module in pkgutil.iter_modules(checks.__path__):
        importlib.import_module(f"{checks.__name__}.{module.name}")
    return tuple(sorted(_found.values(), key=lambda c: AREAS.index(c.area)))
