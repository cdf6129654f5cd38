"""What a run has taken, in a sentence."""

from __future__ import annotations

from typing import Any, Final

from conformance.report.summary import counted

#: The kind of the banner that says why not all was asked.
ENDED: Final = "ended"


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
