"""Endpoints that faults of several files stand on: each hands one thing over to be changed."""

from __future__ import annotations

from conformance.model import Json
from conformance.reference.conversation import Conversation, Item
from conformance.reference.endpoint import Endpoint
from conformance.reference.faults._parts import rearranged


class Rewrites(Endpoint):
    """Changes the conversation before the model hears it; may refuse it."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        raise NotImplementedError

    async def gather(self, body: dict[str, Json]) -> Conversation:
        return self.rewrite(await super().gather(body))


class Rearranges(Endpoint):
    """Changes the items of every message."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        raise NotImplementedError

    async def gather(self, body: dict[str, Json]) -> Conversation:
        return rearranged(await super().gather(body), self.change)
