"""Faults with conversations in which a picture is refused, or can no longer be had."""

from __future__ import annotations

from typing import Any

from conformance.model import Json, Symptom, canonical
from conformance.reference.conversation import Conversation
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, is_picture, without
from conformance.wire.jsontext import at, items_at


class _Stumbles(Endpoint):
    """Does something of its own where a picture of a conversation is refused."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        try:
            return await super().gather(body)
        except ApiError as error:
            roles = [at(message, "role") for message in items_at(body, "messages")]
            if "assistant" not in roles:
                raise
            return await self.stumble(body, error)

    async def stumble(self, body: dict[str, Json], error: ApiError) -> Conversation:
        raise NotImplementedError


@fault(
    "history/dead-url-in-an-earlier-turn",
    "history/unsupported-picture-in-an-earlier-turn",
    symptom=Symptom.NOT_READ,
    where=("turn", "host", "damaged"),
)
class LosesAllForOneBadPicture(_Stumbles):
    """Goes on without any picture where one of a conversation cannot be had."""

    async def stumble(self, body: dict[str, Json], error: ApiError) -> Conversation:
        return await super().gather(without(body, is_picture))


@fault(
    "history/dead-url-in-an-earlier-turn",
    "history/unsupported-picture-in-an-earlier-turn",
    symptom=Symptom.REFUSAL_BREAKS,
    where=("turn", "host", "damaged"),
)
class BreaksOnOldPictures(_Stumbles):
    """Takes it for its own failure where an earlier picture cannot be had any more: 500."""

    async def stumble(self, body: dict[str, Json], error: ApiError) -> Conversation:
        raise broken(f"failed to rebuild the history: {error.message}")


@fault("history/refused-picture-does-not-stay", symptom=Symptom.REFUSED)
class RemembersRefusals(_Stumbles):
    """Knows a conversation by its last message, and keeps refusing what it has refused once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.refused: dict[str, ApiError] = {}

    async def gather(self, body: dict[str, Json]) -> Conversation:
        known = self.refused.get(_session(body))
        if known is not None:
            raise known
        return await super().gather(body)

    async def stumble(self, body: dict[str, Json], error: ApiError) -> Conversation:
        self.refused[_session(body)] = error
        raise error


def _session(body: dict[str, Json]) -> str:
    """The last message of a conversation of several; each request alone is its own."""
    messages = items_at(body, "messages")
    return canonical(messages[-1]) if len(messages) > 1 else ""
