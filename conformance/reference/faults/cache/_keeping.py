"""What these faults need: a place to keep things, and other pictures put into a conversation."""

from __future__ import annotations

from typing import Any

from conformance.reference.conversation import Conversation, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.faults._parts import rearranged, split, with_pictures


def words_of(conversation: Conversation) -> str:
    return "\n".join(said.words for said in conversation)


def showing(conversation: Conversation, shown: list[Look]) -> Conversation:
    """The conversation with other pictures in the places of its own."""
    left = list(shown)

    def change(items: Any) -> Any:
        count = len(split(items)[1])
        mine, left[:] = left[:count], left[count:]
        return with_pictures(items, mine)

    return rearranged(conversation, change)


class Keeps(Endpoint):
    """Has a place for what it keeps between requests."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: dict[Any, Any] = {}
