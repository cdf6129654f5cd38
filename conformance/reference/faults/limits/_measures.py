"""How much is much: what the faults of this folder measure by."""

from __future__ import annotations

from conformance.reference.conversation import Look

MEGA = 1_000_000


def slimness(look: Look) -> float:
    return max(look.width, look.height) / min(look.width, look.height)
