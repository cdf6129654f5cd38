"""What became of the order of several pictures, in words."""

from __future__ import annotations

from collections.abc import Sequence


def describe_order(sent: Sequence[str], seen: Sequence[str]) -> str:
    """Names what makes ``seen`` of ``sent``: reversed, rotated, duplicated, one only, permuted."""
    sent, seen = tuple(sent), tuple(seen)
    if seen == sent:
        return "in order"
    if len(set(seen)) == 1 and len(seen) >= 1:
        where = sent.index(seen[0]) if seen[0] in sent else -1
        if where == 0:
            return "the first only"
        return "the last only" if where == len(sent) - 1 else "one only"
    if seen == sent[::-1]:
        return "reversed"
    turned = next((n for n in range(1, len(sent)) if seen == sent[n:] + sent[:n]), 0)
    if turned:
        return f"rotated by {turned}"
    if len(seen) > len(set(seen)):
        return "duplicated"
    if set(seen) < set(sent):
        return f"{len(sent) - len(seen)} missing"
    places = [str(sent.index(code) + 1) for code in seen if code in sent]
    return f"permuted to {', '.join(places)}"
