"""Faults with conversations: roles, turns, and the texts that stand beside pictures."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

from conformance.model import Json, Symptom, canonical
from conformance.reference.conversation import Conversation, Item, Look, Said, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import (
    broken,
    is_picture,
    rearranged,
    split,
    with_pictures,
    without,
)
from conformance.wire.jsontext import at, items_at


class _Rewrites(Endpoint):
    """Changes the conversation before the model hears it; may refuse it."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        raise NotImplementedError

    async def gather(self, body: dict[str, Json]) -> Conversation:
        return self.rewrite(await super().gather(body))


def _words(said: Said) -> Said:
    return replace(said, items=tuple(split(said.items)[0]))


def _without_pictures(conversation: Conversation) -> Conversation:
    return tuple(map(_words, conversation))


def _runs(conversation: Conversation) -> list[list[Said]]:
    """Messages of one role that follow each other."""
    return [list(run) for _, run in groupby(conversation, key=lambda said: said.role)]


def _has(conversation: Conversation, *roles: str) -> bool:
    return any(said.role in roles for said in conversation)


# ---------------------------------------------------------------- turns


@fault(
    "history/picture-after-examples-is-read",
    symptom=Symptom.ORDER,
    also=(Symptom.NOT_READ,),
    where=("turn",),
)
class KeepsTheFirstOfEachConversation(_Rewrites):
    """Keeps one picture for a conversation, the first, and answers every turn from it."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if not _has(conversation, "assistant"):
            return conversation
        first = looks(conversation)[:1]
        kept = _without_pictures(conversation)
        return (*kept[:-1], replace(kept[-1], items=(*first, *kept[-1].items)))


@fault(
    "history/picture-after-examples-is-read",
    symptom=Symptom.ORDER,
    also=(Symptom.NOT_READ,),
    where=("turn",),
)
class ShowsThePictureBefore(_Rewrites):
    """Shows the model the newest picture of the turns before in the place of the one just sent."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        last = max((n for n, s in enumerate(conversation) if s.role == "assistant"), default=0)
        seen = looks(conversation[:last])
        if not seen:
            return conversation
        return rearranged(conversation, lambda items: (*seen[-1:], *split(items)[0]))


@fault(
    "history/picture-after-examples-is-read",
    "history/same-picture-in-two-turns",
    symptom=Symptom.SERVER_ERROR,
    where=("turn",),
)
class CrashesOnSecondPictureTurns(_Rewrites):
    """Breaks where a second turn brings a picture: 500."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if sum(bool(looks((said,))) for said in conversation) > 1 and _has(
            conversation, "assistant"
        ):
            raise broken("RuntimeError: shape mismatch")
        return conversation


@fault("history/picture-among-text-turns-is-read", symptom=Symptom.NOT_READ, where=("turn",))
class ErasesPicturesByTextTurns(_Rewrites):
    """Loses every picture of a conversation that has a turn of text alone after it."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        plain = [s for s in conversation[:-1] if s.role == "user" and not looks((s,))]
        return _without_pictures(conversation) if plain else conversation


@fault("history/picture-among-text-turns-is-read", symptom=Symptom.SERVER_ERROR, where=("turn",))
class CountsTurnsAsPictures(_Rewrites):
    """Expects a picture in every turn but the last, and breaks where there is none: 500."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        asked = [said for said in conversation[:-1] if said.role == "user"]
        if looks(conversation) and not all(looks((said,)) for said in asked):
            raise broken("More images were provided than image tokens.")
        return conversation


@fault("history/same-picture-in-two-turns", symptom=Symptom.SERVER_ERROR)
class TripsOverRepeatedPictures(_Rewrites):
    """Keeps pictures by their contents, and misses one that comes in two turns: 500."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        seen = [look for said in conversation for look in set(looks((said,)))]
        if len(set(seen)) < len(seen):
            raise broken("Expected a cached item for mm_hash.")
        return conversation


@fault("history/assistant-message-in-parts", symptom=Symptom.SERVER_ERROR)
class WantsPlainAssistants(Endpoint):
    """Breaks on a message of the assistant that is a list of parts: 500."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        for message in items_at(body, "messages"):
            parts = items_at(message, "content")
            if parts and message.get("role") == "assistant" and not any(map(is_picture, parts)):
                raise broken("'list' object has no attribute 'strip'")
        return body


# ---------------------------------------------------------------- refused pictures


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


# ---------------------------------------------------------------- messages of one role


@fault(
    "history/pictures-in-consecutive-messages",
    "history/question-in-another-message",
    symptom=Symptom.NOT_READ,
    where=("turn", "words"),
)
class MergesWordsOfOneRole(_Rewrites):
    """Joins consecutive messages of one role by their words, and drops their pictures."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        runs = _runs(conversation)
        return tuple(s for run in runs for s in (run if len(run) == 1 else map(_words, run)))


@fault(
    "history/pictures-in-consecutive-messages",
    "history/question-in-another-message",
    symptom=Symptom.NOT_READ,
)
class KeepsTheLastOfOneRole(_Rewrites):
    """Keeps the last of consecutive messages of one role, as if it replaced the others."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        return tuple(run[-1] for run in _runs(conversation))


@fault("history/consecutive-messages-are-accepted", symptom=Symptom.REFUSED)
class DemandsAlternation(_Rewrites):
    """Refuses consecutive messages of one role, as some chat templates do."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if any(len(run) > 1 for run in _runs(conversation)):
            raise ApiError("Conversation roles must alternate user/assistant/user/assistant/…")
        return conversation


@fault("history/picture-without-text-is-accepted", symptom=Symptom.REFUSED)
class NeedsTextInEveryMessage(_Rewrites):
    """Refuses a message without text: an empty block is added, and turned down upstream."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if not all(said.words.strip() for said in conversation):
            raise ApiError("messages: text content blocks must be non-empty")
        return conversation


@fault("history/question-in-another-message", symptom=Symptom.NOT_READ, where=("words", "turn"))
class SkipsMessagesWithoutText(_Rewrites):
    """Skips messages that have no text, and their pictures with them."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        return tuple(said for said in conversation if said.words.strip())


# ---------------------------------------------------------------- other roles


@fault("history/picture-after-a-system-message", symptom=Symptom.NOT_READ)
class LosesPicturesBesideSystemMessages(_Rewrites):
    """Loses the pictures of a conversation that begins with a system message."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        return _without_pictures(conversation) if _has(conversation, "system") else conversation


@fault("history/picture-after-a-system-message", symptom=Symptom.REFUSED)
class RefusesSystemBesidePictures(_Rewrites):
    """Refuses a system message beside a picture, as the template of one model does."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if _has(conversation, "system") and looks(conversation):
            raise ApiError("Prompting with images is incompatible with system messages.")
        return conversation


@fault("history/picture-after-a-developer-message", symptom=Symptom.NOT_READ)
class LosesPicturesBesideDevelopers(_Rewrites):
    """Takes a developer message for a conversation of text, and drops the pictures."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        return _without_pictures(conversation) if _has(conversation, "developer") else conversation


@fault("history/call-of-a-tool-after-the-picture", symptom=Symptom.REFUSAL_BREAKS)
class MissesContentOfCalls(Endpoint):
    """Breaks on a call of a tool that has no member content: KeyError, 500."""

    def validate(self, body: dict[str, Json]) -> None:
        for message in items_at(body, "messages"):
            if items_at(message, "tool_calls") and "content" not in message:
                raise broken("KeyError: 'content'")
        super().validate(body)


@fault("history/picture-in-a-tool-message", symptom=Symptom.NOT_READ)
class WritesToolPicturesAsText(Endpoint):
    """Writes the parts of a tool message as JSON, so that the picture becomes base64 text."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        messages = [_as_text(message) for message in items_at(body, "messages")]
        return body | {"messages": messages} if messages else body


def _as_text(message: Json) -> Json:
    content = items_at(message, "content")
    tool = isinstance(message, dict) and message.get("role") == "tool"
    return message | {"content": canonical(content)} if tool and content else message


@fault("history/system-text-is-kept", symptom=Symptom.WORDS_LOST)
class DropsSystemTextBesidePictures(_Rewrites):
    """Takes another path for pictures, one that has no place for the system message."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if not looks(conversation):
            return conversation
        return tuple(said for said in conversation if said.role != "system")


# ---------------------------------------------------------------- texts beside pictures


class _Reitems(Endpoint):
    """Changes the items of every message that has a picture."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        raise NotImplementedError

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        return rearranged(conversation, lambda i: self.change(i) if split(i)[1] else i)


@fault("history/every-text-part-is-kept", symptom=Symptom.WORDS_LOST, where=("words",))
class KeepsTheFirstText(_Reitems):
    """Keeps the first text part beside a single picture and drops the others."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        words, pictures = split(items)
        return (*words[:1], *pictures) if len(pictures) == 1 else items


@fault(
    "history/every-text-part-is-kept",
    "history/earlier-text-is-kept",
    symptom=Symptom.WORDS_LOST,
    also=(Symptom.NOT_READ,),
)
class DropsTextBesidePictures(_Reitems):
    """Keeps either the text of a message or its pictures."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(split(items)[1])


@fault("history/picture-among-text-parts-is-read", symptom=Symptom.NOT_READ)
class ExpectsPicturesAtTheEdge(_Reitems):
    """Keeps a picture that stands first or last in its message, and loses one among texts."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        edge = len(items) - 1
        kept = [i for n, i in enumerate(items) if isinstance(i, Look) and n in (0, edge)]
        return with_pictures(items, kept) if len(items) > 3 and len(split(items)[1]) == 1 else items


@fault("history/earlier-text-is-kept", symptom=Symptom.WORDS_LOST, also=(Symptom.NOT_READ,))
class SendsTheLastTurnOnly(_Rewrites):
    """Sends the last turn alone where that turn has a picture."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        return conversation[-1:] if looks(conversation[-1:]) else conversation


@fault("history/empty-text-beside-a-picture", symptom=Symptom.NOT_READ)
class TakesEmptyTextForTextAlone(_Reitems):
    """Takes a message with an empty text part for one of text alone, and drops its pictures."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(split(items)[0]) if "" in items else items
