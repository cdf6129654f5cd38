"""``plan``: what would be sent, as it was found out beforehand. Sends nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.table import Table

from conformance import data
from conformance import target as targets
from conformance.commands import bounding
from conformance.commands.calls import CallError, refused, verify_areas, verify_prices
from conformance.commands.telling import tell
from conformance.drawing import corpus
from conformance.judging.sampling import MOST_SAMPLES
from conformance.model import Case, Lab, Level, Signal, Target, area_named, cases_of
from conformance.proving.requests import Asked, Sent, asked_for
from conformance.reference.account import MODEL, TEXT_MODEL
from conformance.registry import all_checks
from conformance.report.screen import Screen
from conformance.report.text import line
from conformance.running.engine import reason_not_to_ask
from conformance.tokens.rules import RULES, rule_name_for, rule_named

#: Whoever names no target file means a model that takes everything, at an address of its own.
ANY = Target(name="", base_url="http://127.0.0.1:1/v1", model=MODEL, text_model=TEXT_MODEL)
#: Whoever bounds nothing.
NO_BOUNDS: Mapping[str, float | None] = {}


def plan(
    *,
    area: tuple[str, ...],
    level: str,
    target: str | None,
    model: str | None,
    security: bool = False,
    bounds: Mapping[str, float | None] = NO_BOUNDS,
) -> int:
    """Exit status 0, or 2 where the call is wrong. ``bounds`` are the options that bound a run."""
    try:
        verify_areas(area)
        described = replace(_target(target, model), security=security)
        verify_prices(described, bounds.get("max_cost"))
    except (CallError, targets.TargetError) as error:
        return refused(error)
    cases = _selected(area, level)
    lab = Lab(target=described, pictures=corpus.load(data.folder("fixtures")))
    asked = [case for case in cases if _is_asked(case, lab)]
    requests = asked_for(asked)
    _print(described, len(cases), len(asked), requests)
    _print_bounds(described, len(requests), bounds)
    tell("Nothing was sent.")
    return 0


def _target(path: str | None, model: str | None) -> Target:
    if path is None:
        name = model or ANY.model
        return replace(ANY, name=name, model=name, rule=rule_name_for(name))
    given = {"model": model}
    described = targets.load(Path(path), overrides=given, environ=os.environ).target
    return replace(described, rule=described.rule or rule_name_for(described.model))


def _selected(area: tuple[str, ...], level: str) -> list[Case]:
    wanted = {area_named(name).id for name in area}
    levels = list(Level)[: list(Level).index(Level(level.upper())) + 1]
    return [
        c
        for c in cases_of(all_checks())
        if c.check.level in levels and (not wanted or c.check.area in wanted)
    ]


def _is_asked(case: Case, lab: Lab) -> bool:
    """Whether a case begins with a request, or is done with before."""
    if reason_not_to_ask(case, lab):
        return False
    check = case.check
    dialogue = check.dialogue(lab, case.param.value) if case.param else check.dialogue(lab)
    try:
        next(dialogue)
    except Signal:
        return False
    return True


def _print(target: Target, cases: int, judged: int, requests: Sequence[Asked]) -> None:
    pictures = list(_pictures(requests))
    tokens = sum(_most(picture, target) for picture in pictures)
    table = Table.grid(padding=(0, 2))
    table.add_row("target", f"{line(target.name)} ({line(target.model)})")
    table.add_row("cases", f"{cases}, of which {judged} apply")
    table.add_row(
        "requests",
        f"{len(requests)} when all goes well, "
        f"at most {len(requests) * MOST_SAMPLES} when readings are repeated",
    )
    table.add_row("pictures", f"{len(pictures)}, {sum(p.size for p in pictures) / 1e6:.0f} MB")
    table.add_row(
        "image tokens", f"at most {tokens:,} when all goes well, {tokens * MOST_SAMPLES:,} in all"
    )
    if target.price_input is not None:
        price = tokens * MOST_SAMPLES * target.price_input / 1e6
        table.add_row("price", f"at most {price:.2f} for image tokens")
    Screen().print(table)


def _print_bounds(target: Target, requests: int, bounds: Mapping[str, float | None]) -> None:
    rows = list(bounding.rows(target, requests, bounds))
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row(*row)
    if rows:
        Screen().print(table)


def _pictures(requests: Sequence[Asked]) -> Iterator[Sent]:
    for asked in requests:
        yield from asked.pictures


def _most(picture: Sent, target: Target) -> int:
    """Tokens by the model's rule; by the dearest known rule where none is known."""
    rule = rule_named(target.rule)
    rules = [rule] if rule else [r for r in RULES if r.most and not r.estimates]
    if not picture.width:
        return 0
    return max(r.cost(picture.width, picture.height, picture.detail) for r in rules)
