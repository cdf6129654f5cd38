"""What was recorded: ``target.json`` beside the cassette of one target."""

from __future__ import annotations

import contextlib
import json
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from conformance import foreign, outlets
from conformance.foreign import ForeignError, MissingError
from conformance.model import Ability, Claim, Target
from conformance.recording import originform
from conformance.recording.cassette import CassetteError
from conformance.redact import Redactor

FILE = "target.json"
#: Bytes of the file, at most; those of the suite have 2,000.
MOST_BYTES = 1_000_000
#: Members of a target that are sets, and of what.
SETS: dict[str, Callable[[str], StrEnum]] = {
    "unclaimed": Claim,
    "claimed": Claim,
    "vouched": Ability,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The target as it was when recorded, and the seed of its pictures."""

    target: Target
    seed: str
    #: When it began, in ISO 8601.
    recorded: str
    versions: dict[str, str]
    #: Names the run that records.
    run: str = ""
    #: False where that run was interrupted, or is under way.
    is_finished: bool = True


def suite_version() -> str:
    """The version of this distribution; "unknown" in a bare checkout."""
    try:
        return version("vision-conformance")
    except PackageNotFoundError:
        return "unknown"


def versions() -> dict[str, str]:
    """What may matter to how pictures were drawn and replies written down."""
    names = ("httpx", "pillow", "vcrpy", "pytest-recording")
    found = {name: version(name) for name in names}
    return {"vision-conformance": suite_version(), "python": platform.python_version()} | found


def begun(target: Target, seed: str, run: str) -> Recording:
    """What is recorded from now on, by the run named."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Recording(
        target=target, seed=seed, recorded=now, versions=versions(), run=run, is_finished=False
    )


def as_recorded(target: Target, redactor: Redactor) -> Target:
    """The target as ``read`` gives it back: without what is secret."""
    return _target(json.loads(redactor.text(json.dumps(_settings(target)))))


def _settings(target: Target) -> dict[str, Any]:
    return asdict(target) | {name: sorted(getattr(target, name)) for name in SETS}


def write(folder: Path, recording: Recording, redactor: Redactor) -> None:
    """Writes ``target.json`` in one step; raises CassetteError."""
    document = {
        "format": 1,
        "recorded": recording.recorded,
        "run": recording.run,
        "finished": recording.is_finished,
        "seed": recording.seed,
        "versions": recording.versions,
        "target": _settings(recording.target),
    }
    text = redactor.text(json.dumps(document, indent=2, ensure_ascii=False))
    part = folder / f".{FILE}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        outlets.write(part, text + "\n")
        part.replace(folder / FILE)
    except OSError as error:
        raise CassetteError(f"cannot write {folder / FILE}: {error.strerror}") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def read(folder: Path) -> Recording:
    """What was recorded in a folder; raises CassetteError."""
    path = folder / FILE
    try:
        document = foreign.json_at(path, MOST_BYTES)
        originform.verify(document)
        return Recording(
            target=_target(document["target"]),
            seed=document["seed"],
            recorded=document["recorded"],
            versions=document["versions"],
            run=str(document.get("run", "")),
            is_finished=document.get("finished", True) is not False,
        )
    except MissingError:
        raise CassetteError(
            f"{folder} holds no {FILE}: it is not a folder of recorded cassettes; "
            "name one that `vision-conformance run --out DIR` has written (DIR/cassettes)"
        ) from None
    except ForeignError as error:
        raise CassetteError(f"{path} cannot be read: {error}; record it again") from None


def _target(settings: dict[str, Any]) -> Target:
    known = {field.name for field in fields(Target)}
    kept = {name: value for name, value in settings.items() if name in known}
    for name in ("headers", "query", "body"):
        kept[name] = tuple((k, v) for k, v in kept.get(name, ()))
    for name, kind in SETS.items():
        kept[name] = frozenset(map(kind, kept.get(name, ())))
    return Target(**kept)
