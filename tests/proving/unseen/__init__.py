"""Sixty defects that the diagnosis was not made with: measured once, and never tuned to.

They come from public reports, in forms that the zoo does not have. They are no part of its
registry.
"""

from __future__ import annotations

from conformance.reference.fault import Fault


def all_unseen() -> dict[str, Fault]:
    """Every defect of this folder by name."""
    from unseen import bill, degraded, errors, form, lost, mixed, words
    from unseen._parts import FOUND

    assert all((bill, degraded, errors, form, lost, mixed, words))
    return dict(FOUND)
