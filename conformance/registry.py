"""How a function becomes a check, and how checks are found."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache

from conformance import checks
from conformance.model import Ability, Check, Claim, Dialogue, Level, Param, Source, area_named

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
        area = _area_of(dialogue.__module__)
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


def _area_of(module: str) -> str:
    """The area of a module in ``checks``, or in a folder there: its name."""
    below = module.removeprefix(f"{checks.__name__}.")
    return area_named(below.partition(".")[0]).id


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check of every module in ``checks``, areas in their order, then as they are written."""
    for module in pkgutil.walk_packages(checks.__path__, f"{checks.__name__}."):
        importlib.import_module(module.name)
    return tuple(sorted(_found.values(), key=lambda c: area_named(c.area).order))
