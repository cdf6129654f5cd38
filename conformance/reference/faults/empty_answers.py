"""Faults that answer a picture with nothing."""

from __future__ import annotations

from typing import Any

from conformance.model import Json, Symptom, canonical
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.reference.faults._parts import has_picture
from conformance.reference.mind import Thought
from conformance.wire.jsontext import at

EMPTY = "placeholders/answer-is-not-empty"


@fault(EMPTY, symptom=Symptom.EMPTY)
class AnswersPicturesWithNothing(Endpoint):
    """Answers whatever has a picture with no words and finish_reason stop."""

    def phrase(self, thought: Thought, body: dict[str, Json]) -> str:
        return "" if thought.codes else super().phrase(thought, body)


@fault("base64/plain", "url/plain", EMPTY, symptom=Symptom.EMPTY)
class AnswersPicturesWithoutChoices(Endpoint):
    """Lacks the adapter for pictures, and says so with 200, in a member of its own."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        if not has_picture(body):
            return made
        return made | {"choices": [], "suggestion": "Load the vision adapter of this model."}


@fault(EMPTY, symptom=Symptom.EMPTY, where=("stream",))
class LosesTheWordsOfStreams(Endpoint):
    """Sends the first and the last chunk of a stream about a picture, and nothing between."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Any:
        found = super().chunks(made, body)
        pictured = b'"image_url"' in canonical(body.get("messages")).encode()
        return [c for c in found if not (pictured and at(c, "choices", 0, "delta", "content"))]
