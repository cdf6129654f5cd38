"""Faults with text that is not ASCII."""

from __future__ import annotations

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, rearranged

KEPT = "history/other-scripts-are-kept"


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
