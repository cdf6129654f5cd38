"""How a function becomes a check, and how checks are found."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterable
from functools import cache, partial

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
    may_end_it: bool = False,
) -> Callable[[Callable[..., Dialogue]], Callable[..., Dialogue]]:
    """Makes a dialogue a check. Its docstring is the requirement, its name the id; ``over`` gives
    the parameters, one case each. A ``guess`` must be under 1 in 10,000.
    """
    made = partial(
        Check,
        level=level,
        spec=spec,
        params=tuple(map(_param, over)),
        needs=frozenset(needs),
        abilities=frozenset(abilities),
        guess=guess,
        steps=steps,
        opt_in=opt_in,
        one_by_one=one_by_one,
        may_end_it=may_end_it,
    )
    return partial(_registered, made)


def _param(value: Param | str | int) -> Param:
    return value if isinstance(value, Param) else Param(id=str(value), value=value)


def _registered(
    made: Callable[..., Check], dialogue: Callable[..., Dialogue]
) -> Callable[..., Dialogue]:
    """The dialogue as it is, once what is told of it is made a check.

    Raises ValueError where another file of its area has a check of the same name.
    """
    module, name = dialogue.__module__, dialogue.__name__.strip("_").replace("_", "-")
    area = _area_of(module)
    found = made(
        id=f"{area}/{name}",
        area=area,
        requirement=" ".join(inspect.getdoc(dialogue).split()),  # type: ignore[union-attr]
        dialogue=dialogue,
    )
    other = _found.get(found.id, found).dialogue.__module__
    if other != module:
        raise ValueError(f"two checks are named {found.id}: in {other} and in {module}")
    _found[found.id] = found
    return dialogue


def _area_of(module: str) -> str:
    """The area of a module in ``checks``, or in a folder there: its name."""
    below = module.removeprefix(f"{checks.__name__}.")
    return area_named(below.partition(".")[0]).id


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check in ``checks``: areas in their order, then files, then as they are written.

    The order of an area's files is ``ORDER`` in the ``__init__.py`` of its folder, so that it does
    not hang on who imports whom. A file that is missing there comes last, and fails a test.
    """
    for module in pkgutil.walk_packages(checks.__path__, f"{checks.__name__}."):
        importlib.import_module(module.name)
    return tuple(sorted(_found.values(), key=_place))


def _place(one: Check) -> tuple[int, int]:
    """The place of a check's area among areas, and of its file in that area."""
    folder, _, file = one.dialogue.__module__.rpartition(".")
    order: tuple[str, ...] = getattr(sys.modules[folder], "ORDER", ())
    return area_named(one.area).order, order.index(file) if file in order else len(order)
