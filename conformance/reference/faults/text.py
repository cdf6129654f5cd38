"""Faults with text alone, with text in parts, and with text that is not ASCII."""

from __future__ import annotations

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, is_picture, rearranged
from conformance.wire.jsontext import items_at

KEPT = "history/other-scripts-are-kept"

# ---------------------------------------------------------------- no picture


@fault("errors/plain-text-is-answered", symptom=Symptom.SERVER_ERROR, where=("number", "way"))
class WantsAPicture(Endpoint):
    """Fails on requests that hold no picture."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        if not any(is_picture(p) for m in body["messages"] for p in items_at(m, "content")):
            raise broken("images must not be empty")
        return await super().gather(body)


def _has_text_parts(body: Json) -> bool:
    """True where a message is a list of texts, and no picture stands anywhere."""
    lists = [items_at(message, "content") for message in items_at(body, "messages")]
    return any(lists) and not any(is_picture(part) for parts in lists for part in parts)


@fault("errors/text-in-parts-is-answered", symptom=Symptom.REFUSED)
class FiltersTextInParts(Endpoint):
    """Has a content filter that takes a list of texts for something to be stopped."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        if _has_text_parts(body):
            raise ApiError("The prompt was filtered.", code="content_filter", param="prompt")
        return await super().gather(body)


@fault("errors/text-in-parts-is-answered", symptom=Symptom.SERVER_ERROR)
class WantsTextInStrings(Endpoint):
    """Breaks on a text in a list of parts where no picture leads to the right path: 500."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        if _has_text_parts(body):
            raise broken("'list' object has no attribute 'replace'")
        return await super().gather(body)


# ---------------------------------------------------------------- other scripts


class _Rewords(Endpoint):
    """Changes every text before the model hears it."""

    def reword(self, text: str) -> str:
        raise NotImplementedError

    async def gather(self, body: dict[str, Json]) -> Conversation:
        def reworded(items: tuple[Item, ...]) -> tuple[Item, ...]:
            return tuple(i if isinstance(i, Look) else self.reword(i) for i in items)

        return rearranged(await super().gather(body), reworded)


@fault(KEPT, "history/question-in-chinese", symptom=Symptom.SERVER_ERROR, where=("words",))
class CrashesOnOtherScripts(_Rewords):
    """Breaks on a text that is not ASCII: UnicodeEncodeError, 500."""

    def reword(self, text: str) -> str:
        if not text.isascii():
            raise broken("'ascii' codec can't encode characters: ordinal not in range(128)")
        return text


@fault(KEPT, symptom=Symptom.WORDS_LOST)
class WritesQuestionMarks(_Rewords):
    """Writes a question mark for every character that is not ASCII."""

    def reword(self, text: str) -> str:
        return text.encode("ascii", "replace").decode()


@fault(KEPT, symptom=Symptom.WORDS_LOST)
class DropsEmoji(_Rewords):
    """Keeps texts in a table that holds no character of four bytes, and drops them."""

    def reword(self, text: str) -> str:
        return "".join(c for c in text if ord(c) < 0x10000)
