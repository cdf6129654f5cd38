"""Replies in the middle of a run that say that nothing more will be answered."""

from __future__ import annotations

from conformance.model import Exchange, Target
from conformance.preflight import gatekeepers, wrongcalls
from conformance.running.patience import asked_for, is_too_long


def is_gone(exchange: Exchange, target: Target, patience: float) -> str:
    """Why a plain question would not be answered any more, in a sentence; "" where it might be.

    The account has nothing left, the key is refused, the model is unknown, or a longer wait is
    asked for than the ``patience`` in seconds.
    """
    said = wrongcalls.said(exchange)
    if gatekeepers.is_out_of_quota(exchange):
        return f"the account has no quota left since the middle of the run ({said}): top it up"
    if gatekeepers.is_about_the_key(exchange):
        return (
            f"the endpoint refuses the key in {target.key_env} since the middle of the run ({said})"
        )
    if gatekeepers.is_about_the_model(exchange):
        return (
            f"the endpoint no longer has the model {target.model!r} since the middle of the run "
            f"({said})"
        )
    return asked_for(exchange, patience) if is_too_long(exchange, patience) else ""
