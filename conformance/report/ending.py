"""What a run has taken, and why it did not send all that it needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from conformance.report.summary import counted
from conformance.report.text import bounded, scrubbed

#: The kind of a banner that says why requests were not sent.
ENDED: Final = "ended"
#: Characters of its reason.
_TOLD: Final = 400


def add(doc: dict[str, Any], reason: str, spent: Mapping[str, Any]) -> None:
    """Puts both into the footer of ``doc``: the reason before every other banner.

    ``reason`` is "" where everything was sent, ``spent`` empty where nothing is sent at all.
    """
    footer = doc["footer"]
    if reason:
        why = scrubbed(bounded(reason, _TOLD))
        words = f"Not everything was sent: {why}. What was not sent is not observed."
        footer["banners"].insert(0, {"kind": ENDED, "words": words})
    if spent:
        footer["spent"] = dict(spent)


def spent_words(doc: dict[str, Any]) -> str:
    """What the run has taken, in a sentence; "" where the report does not say."""
    spent = doc["footer"].get("spent")
    if not spent:
        return ""
    tokens = spent["prompt_tokens"] + spent["completion_tokens"]
    most = "at most " if spent["unbilled"] else ""
    cost = f", {most}{spent['cost']:.4f} {spent['currency']}".rstrip() if "cost" in spent else ""
    return (
        f"Sent: {counted(spent['requests'], 'request')}, of which "
        f"{counted(spent['retries'], 'retry', 'retries')}; {most}{tokens:,} tokens{cost}"
        f"{_unbilled(spent['unbilled'])}."
    )


def _unbilled(number: int) -> str:
    if not number:
        return ""
    return f" ({counted(number, 'reply', 'replies')} without usage, taken for the most)"
