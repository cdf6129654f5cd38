"""What the model behind an endpoint can do: one control for each ability, asked once a run.

A control asks in the plainest way there is, so that no defect under test can spoil it: words
alone for what is about words, one picture alone for what is about looking. What its model cannot
do even so is not held against an endpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from conformance.controls import looking, words
from conformance.model import (
    Ability,
    Able,
    Case,
    Check,
    Dialogue,
    Finding,
    Lab,
    Level,
    Source,
    Verdict,
)

OURS = Source(title="what the model can do", url="")

CONTROLS: dict[Ability, Callable[[Lab], Dialogue]] = {
    Ability.COLOURS: looking.colours,
    Ability.COUNT: looking.count,
    Ability.PLACE: looking.place,
    Ability.CHOOSE: words.choose,
    Ability.SMALL_PRINT: looking.small_print,
    Ability.FAINT_PRINT: looking.faint_print,
    Ability.EDGES: looking.edges,
    Ability.ENCODINGS: looking.encodings,
    Ability.WORDS: words.repeat,
    Ability.SCRIPTS: words.scripts,
    Ability.LENGTH: words.length,
    Ability.FORM: words.form,
    Ability.TOOL: words.tool,
}


@cache
def controls() -> dict[Ability, Case]:
    """A case for each control. They are recorded and replayed as checks are, and never judged."""
    return {ability: _case(ability, control) for ability, control in CONTROLS.items()}


def _case(ability: Ability, control: Callable[[Lab], Dialogue]) -> Case:
    check = Check(
        id=f"abilities/{ability}",
        area="abilities",
        level=Level.MAY,
        requirement=" ".join((control.__doc__ or "").split()),
        spec=OURS,
        dialogue=control,
    )
    return Case(id=check.id, check=check)


_ABLE = {Verdict.PASSED: True, Verdict.FAILED: False}


def able(found: Mapping[Ability, Finding]) -> tuple[Able, ...]:
    """What the controls found, in the order of the abilities."""
    return tuple(
        Able(
            ability=ability,
            able=_ABLE.get(found[ability].verdict),
            words=f"{found[ability].case.check.requirement[:-1]}: {found[ability].actual}",
        )
        for ability in Ability
        if ability in found
    )
