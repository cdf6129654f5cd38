"""How a dialogue ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from conformance.model.ability import Ability
from conformance.model.exchanges import Exchange
from conformance.model.symptom import Symptom
from conformance.model.verdict import Verdict


class Reason(StrEnum):
    """Why a case does not apply."""

    UNCLAIMED = "unclaimed"
    #: A library that the case needs is not installed.
    MISSING = "missing"
    #: A flag or a setting that the case needs was not given.
    NOT_ASKED = "not-asked"
    #: The endpoint has no such door, member or list.
    NOT_OFFERED = "not-offered"
    #: More than the endpoint takes, and refused openly.
    LIMIT = "limit"
    #: No published rule says what would be right for this model.
    NO_RULE = "no-rule"
    #: Accepted, and nothing follows from it that can be seen.
    NO_EFFECT = "no-effect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The happy end of a dialogue: what was required and what was seen.

    ``about`` is the exchange that decided; None means the last.
    """

    expected: str
    actual: str
    about: Exchange | None = None


class Signal(Exception):
    """Ends a dialogue early with a verdict other than PASSED."""

    verdict: Verdict

    def __init__(
        self, actual: str, *, expected: str = "", hint: str = "", about: Exchange | None = None
    ) -> None:
        super().__init__(actual)
        self.actual = actual
        self.expected = expected
        self.hint = hint
        #: The exchange that decided; None means the last.
        self.about = about


class Failed(Signal):
    """The requirement is violated; ``symptom`` says what went wrong."""

    verdict = Verdict.FAILED

    def __init__(
        self,
        actual: str,
        *,
        symptom: Symptom,
        expected: str = "",
        hint: str = "",
        about: Exchange | None = None,
        shown_by: Sequence[Exchange] = (),
        spared: Sequence[Exchange] = (),
        measured: str = "",
    ) -> None:
        super().__init__(actual, expected=expected, hint=hint, about=about)
        self.symptom = symptom
        #: Where several replies were compared: those that show the symptom, and those that do not.
        self.shown_by = tuple(shown_by)
        self.spared = tuple(spared)
        #: A figure that says how much, in a few words of our own: "200 % of the price of gpt-4o".
        self.measured = measured


class NotApplicable(Signal):
    """There is nothing to judge here; ``why`` says of which kind the reason is."""

    verdict = Verdict.NOT_APPLICABLE

    def __init__(self, actual: str, *, why: Reason, expected: str = "") -> None:
        super().__init__(actual, expected=expected)
        self.why = why


class Unobserved(Signal):
    """Nothing that can be judged; ``ability`` where it is that the model cannot do this."""

    verdict = Verdict.UNOBSERVED

    def __init__(
        self,
        actual: str,
        *,
        expected: str = "",
        hint: str = "",
        about: Exchange | None = None,
        ability: Ability | None = None,
    ) -> None:
        super().__init__(actual, expected=expected, hint=hint, about=about)
        self.ability = ability


class Unsent(Unobserved):
    """A request that the run does not send: its budget is spent, or nobody would answer it."""


class Blocked(Signal):
    """A prerequisite failed; ``by`` is the id of the check to look at first."""

    verdict = Verdict.BLOCKED

    def __init__(self, by: str, actual: str) -> None:
        super().__init__(actual, hint=f"look at {by} first")
        self.by = by
