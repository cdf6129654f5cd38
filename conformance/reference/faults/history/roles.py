"""Faults with who says what: messages of one role in a row, and roles other than the user."""

from __future__ import annotations

from itertools import groupby

from conformance.model import Json, Symptom, canonical
from conformance.reference.conversation import Conversation, Said, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import (
    broken,
    has_picture,
    has_role,
    is_picture,
    without_pictures,
    words_only,
)
from conformance.reference.faults._steps import Rewrites
from conformance.wire.jsontext import at, items_at

# ---------------------------------------------------------------- one role in a row


def _runs(conversation: Conversation) -> list[list[Said]]:
    """Messages of one role that follow each other."""
    return [list(run) for _, run in groupby(conversation, key=lambda said: said.role)]


@fault(
    "history/pictures-in-consecutive-messages",
    "history/question-in-another-message",
    symptom=Symptom.NOT_READ,
    where=("turn", "words"),
)
class MergesWordsOfOneRole(Rewrites):
    """Joins consecutive messages of one role by their words, and drops their pictures."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        runs = _runs(conversation)
        return tuple(s for run in runs for s in (run if len(run) == 1 else map(words_only, run)))


@fault(
    "history/pictures-in-consecutive-messages",
    "history/question-in-another-message",
    symptom=Symptom.NOT_READ,
)
class KeepsTheLastOfOneRole(Rewrites):
    """Keeps the last of consecutive messages of one role, as if it replaced the others."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        return tuple(run[-1] for run in _runs(conversation))


@fault("history/consecutive-messages-are-accepted", symptom=Symptom.REFUSED)
class DemandsAlternation(Rewrites):
    """Refuses consecutive messages of one role, as some chat templates do."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if any(len(run) > 1 for run in _runs(conversation)):
            raise ApiError("Conversation roles must alternate user/assistant/user/assistant/…")
        return conversation


# ---------------------------------------------------------------- system, developer, assistant


@fault("history/picture-after-a-system-message", symptom=Symptom.NOT_READ)
class LosesPicturesBesideSystemMessages(Rewrites):
    """Loses the pictures of a conversation that begins with a system message."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        return without_pictures(conversation) if has_role(conversation, "system") else conversation


@fault("history/picture-after-a-system-message", symptom=Symptom.REFUSED)
class RefusesSystemBesidePictures(Rewrites):
    """Refuses a system message beside a picture, as the template of one model does."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if has_role(conversation, "system") and looks(conversation):
            raise ApiError("Prompting with images is incompatible with system messages.")
        return conversation


@fault("history/picture-after-a-developer-message", symptom=Symptom.NOT_READ)
class LosesPicturesBesideDevelopers(Rewrites):
    """Takes a developer message for a conversation of text, and drops the pictures."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        return (
            without_pictures(conversation) if has_role(conversation, "developer") else conversation
        )


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


@fault(
    "errors/picture-in-another-role",
    "history/picture-in-a-tool-message",
    symptom=Symptom.NOT_READ,
    where=("role",),
)
class DropsPicturesOfOtherRoles(Endpoint):
    """Takes pictures from the user only, and leaves those of other roles out without a word."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        for message in items_at(body, "messages"):
            parts = items_at(message, "content")
            if at(message, "role") != "user" and any(map(is_picture, parts)):
                message["content"] = "(picture)"
        return body


# ---------------------------------------------------------------- tools


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


@fault("history/picture-in-a-tool-message", symptom=Symptom.REFUSAL_BREAKS)
class SendsToolPicturesOnAsTheyAre(Endpoint):
    """Forwards the parts of a tool message unconverted, and says 500 to what comes back."""

    def validate(self, body: dict[str, Json]) -> None:
        tools = [m for m in items_at(body, "messages") if at(m, "role") == "tool"]
        if has_picture({"messages": tools}):
            raise broken("upstream: tool_result.content.1: Input tag 'image_url' is not expected")
        super().validate(body)


@fault("errors/sound-json-is-not-called-bad", symptom=Symptom.WRONG_ERROR)
class CallsToolPicturesBadJson(Endpoint):
    """Refuses a picture in a tool message as an invalid JSON request."""

    def validate(self, body: dict[str, Json]) -> None:
        for message in items_at(body, "messages"):
            if at(message, "role") == "tool" and items_at(message, "content"):
                raise ApiError("invalid JSON request")
        super().validate(body)
