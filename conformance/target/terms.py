"""What every reader of a target file speaks of, and the error that each of them raises."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.model import Json

#: Any table of the file, or the whole of it.
Table = Mapping[str, Json]
Environ = Mapping[str, str]
Pairs = tuple[tuple[str, str], ...]


class TargetError(ValueError):
    """The target cannot be used as described; one sentence says why and what to do."""
