"""How to run: one set of settings for a live run, and one for a replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from conformance.model import Json
from conformance.recording.replay import RecordMode
from conformance.running.budget import NO_BOUNDS, Budget
from conformance.target import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """What is told of a run, and where."""

    #: Folder for the reports; None writes none.
    out: Path | None = None
    #: Every option of the run by name, none of them secret.
    options: Mapping[str, Json] = field(default_factory=dict)
    #: How many cases the suite has, whether they were selected or not; 0 where it is not known.
    all_cases: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSettings:
    """A run against an endpoint. ``key`` is "" where it takes none."""

    loaded: Loaded
    key: str
    record_mode: RecordMode = RecordMode.NONE
    #: Folder of cassettes; None neither reads nor writes any.
    cassettes: Path | None = None
    #: Draws the pictures; "" takes that of the run which is continued, or a new one.
    seed: str = ""
    concurrency: int = 16
    #: Most seconds for one request.
    timeout: float = 120.0
    budget: Budget = NO_BOUNDS
    reporting: Reporting = Reporting()

    @property
    def records(self) -> bool:
        """True where cassettes are written."""
        return self.cassettes is not None and self.record_mode is not RecordMode.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySettings:
    """A run from cassettes alone. The target is the one that was recorded."""

    cassettes: Path
    reporting: Reporting = Reporting()


Settings = LiveSettings | ReplaySettings
