"""``plan``: what would be sent, found out by rehearsing against the reference endpoint."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from conformance import data
from conformance import target as targets
from conformance.commands.running import WRONG_CALL, CallError, verify_areas
from conformance.drawing import corpus
from conformance.judging.sampling import MOST_SAMPLES
from conformance.model import (
    Case,
    ImagePart,
    Level,
    Picture,
    Probe,
    Target,
    Verdict,
    area_named,
    cases_of,
)
from conformance.proving.rehearsal import TARGET, rehearse
from conformance.registry import all_checks
from conformance.tokens.rules import RULES, rule_name_for, rule_named


def plan(
    *,
    area: tuple[str, ...],
    level: str,
    target: str | None,
    model: str | None,
    security: bool = False,
) -> int:
    """Exit status 0, or 2 where the call is wrong."""
    try:
        verify_areas(area)
        described = replace(_target(target, model), security=security)
    except (CallError, targets.TargetError) as error:
        click.echo(f"vision-conformance: {error}", err=True)
        return WRONG_CALL
    cases = _selected(area, level)
    probes: list[Probe] = []
    rehearsed = replace(
        TARGET,
        base_url=described.base_url,
        unclaimed=described.unclaimed,
        claimed=described.claimed,
        vouched=described.vouched,
        most_pictures=described.most_pictures,
        most_bytes=described.most_bytes,
        rule=described.rule,
        security=described.security,
        inner_address=described.inner_address,
    )
    findings = asyncio.run(
        rehearse(cases, corpus.load(data.folder("fixtures")), target=rehearsed, sent=probes.append)
    )
    judged = sum(f.verdict is not Verdict.NOT_APPLICABLE for f in findings)
    _print(described, len(cases), judged, probes)
    return 0


def _target(path: str | None, model: str | None) -> Target:
    if path is None:
        name = model or "gpt-4o"
        return replace(TARGET, name=name, model=name, rule=rule_name_for(name), inner_address="")
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


def _print(target: Target, cases: int, judged: int, probes: Sequence[Probe]) -> None:
    parts = [part for probe in probes for part in _pictures(probe)]
    tokens = sum(_most(part, target) for part in parts)
    table = Table.grid(padding=(0, 2))
    table.add_row("target", f"{target.name} ({target.model})")
    table.add_row("cases", f"{cases}, of which {judged} apply")
    table.add_row(
        "requests",
        f"{len(probes)} when all goes well, "
        f"at most {len(probes) * MOST_SAMPLES} when readings are repeated",
    )
    table.add_row("pictures", f"{len(parts)}, {sum(len(p.data) for p, _ in parts) / 1e6:.0f} MB")
    table.add_row(
        "image tokens", f"at most {tokens:,} when all goes well, {tokens * MOST_SAMPLES:,} in all"
    )
    if target.price_input is not None:
        price = tokens * MOST_SAMPLES * target.price_input / 1e6
        table.add_row("price", f"at most {price:.2f} for image tokens")
    Console().print(table, highlight=False)
    click.echo("Nothing was sent.")


def _pictures(probe: Probe) -> list[tuple[Picture, str]]:
    return [
        (part.picture, (part.detail or "auto").strip('"'))
        for turn in probe.turns
        for part in turn.parts
        if isinstance(part, ImagePart) and part.picture is not None
    ]


def _most(part: tuple[Picture, str], target: Target) -> int:
    """Tokens by the model's rule; by the dearest known rule where none is known."""
    picture, detail = part
    rule = rule_named(target.rule)
    rules = [rule] if rule else [r for r in RULES if r.most and not r.estimates]
    if not picture.width:
        return 0
    return max(r.cost(picture.width, picture.height, detail) for r in rules)
