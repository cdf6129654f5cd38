"""Faults with the strings that stand for pictures, and with what is put in a picture's place."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import Response

from conformance.model import Json, Symptom, canonical
from conformance.reference import reply
from conformance.reference.conversation import Conversation, Item, Look, Said, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, rearranged, split
from conformance.reference.mind import Thought
from conformance.wire.jsontext import at

ANSWERED = "placeholders/text-alone-is-answered"
COSTS = "placeholders/text-alone-costs-like-text"
BESIDE = "placeholders/picture-beside-one-is-read"
IN_PLACE = "placeholders/no-text-in-place-of-a-picture"
EMPTY = "placeholders/answer-is-not-empty"

#: Tokens of one picture of 336 by 336 pixels in patches of 14.
SLOT = 576


def _count(conversation: Conversation, pattern: str) -> int:
    return sum(len(re.findall(pattern, said.words)) for said in conversation)


class _Checks(Endpoint):
    """Looks at the words of a conversation before the model does; may refuse or change it."""

    def verify(self, conversation: Conversation) -> Conversation:
        raise NotImplementedError

    async def gather(self, body: dict[str, Json]) -> Conversation:
        return self.verify(await super().gather(body))


@fault(ANSWERED, symptom=Symptom.REFUSED)
class MissesPicturesForPlaceholders(_Checks):
    """Refuses a text with <image> that brings no picture: one placeholder too many."""

    def verify(self, conversation: Conversation) -> Conversation:
        if _count(conversation, "<image>") > 0 and not looks(conversation):
            raise ApiError("Number of image placeholders does not match the number of images.")
        return conversation


@fault(
    ANSWERED, BESIDE, symptom=Symptom.SERVER_ERROR, also=(Symptom.REFUSAL_BREAKS,), where=("words",)
)
class CrashesOnImagePad(_Checks):
    """Breaks on <|image_pad|> in a text: fewer pictures than places for them, 500."""

    def verify(self, conversation: Conversation) -> Conversation:
        if _count(conversation, r"<\|image_pad\|>"):
            raise broken("IndexError: index 1 is out of bounds for dimension 0 with size 1")
        return conversation


@fault(ANSWERED, symptom=Symptom.SERVER_ERROR, also=(Symptom.REFUSAL_BREAKS,), where=("words",))
class DownloadsMarkdownPictures(_Checks):
    """Takes ![x](y) for a picture to download, and fails: 500."""

    def verify(self, conversation: Conversation) -> Conversation:
        if _count(conversation, r"!\[[^]]*\]\([^)]+\)"):
            raise broken("InvalidURL: y")
        return conversation


@fault(COSTS, symptom=Symptom.BILL_HIGH)
class ExpandsImagePad(Endpoint):
    """Expands <|image_pad|> in a text to the tokens of a picture, and bills them."""

    def text_tokens(self, conversation: Conversation) -> int:
        found = _count(conversation, r"<\|image_pad\|>")
        return super().text_tokens(conversation) + SLOT * found


@fault(COSTS, symptom=Symptom.BILL_HIGH)
class ExpandsSoftTokens(Endpoint):
    """Expands <image_soft_token> in a text to 256 tokens, and bills them."""

    def text_tokens(self, conversation: Conversation) -> int:
        return super().text_tokens(conversation) + 256 * _count(conversation, "<image_soft_token>")


class _Hijacked(_Checks):
    """Puts the first picture where a string of the text stands, and loses it there."""

    string = ""

    def verify(self, conversation: Conversation) -> Conversation:
        if not looks(conversation) or not _count(conversation, self.string):
            return conversation
        return rearranged(conversation, lambda items: tuple(split(items)[0]))


@fault(BESIDE, symptom=Symptom.NOT_READ)
class FillsTheFirstMedia(_Hijacked):
    """Puts a picture where <__media__> stands first, which is in the words of the user."""

    string = "<__media__>"


@fault(BESIDE, symptom=Symptom.NOT_READ)
class FillsTheFirstImg(_Hijacked):
    """Takes [img-1] in a text for the place of its first picture, and looks no further."""

    string = r"\[img-1\]"


@fault(BESIDE, symptom=Symptom.NOT_READ)
class StripsTags(Endpoint):
    """Strips what looks like a tag, and the picture after it with it."""

    async def hear(self, message: Json, path: str) -> Said:
        said = await super().hear(message, path)
        kept: list[Item] = []
        for item in said.items:
            if isinstance(item, Look) and kept and re.search(r"</img>", str(kept[-1])):
                continue
            kept.append(item)
        return Said(role=said.role, items=tuple(kept))


@fault("placeholders/placeholder-breaks-nothing", symptom=Symptom.SERVER_ERROR)
class RemembersPlaceholders(_Checks):
    """Keeps a picture with the places it had beside <|image|>, and breaks when it comes again."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.spoilt: set[Look] = set()

    def verify(self, conversation: Conversation) -> Conversation:
        seen = looks(conversation)
        if _count(conversation, r"<\|image\|>"):
            self.spoilt.update(seen)
        elif not self.spoilt.isdisjoint(seen):
            raise broken("shape mismatch: 2 placeholders for 1 image")
        return conversation


# ---------------------------------------------------------------- in place of a picture


class _Writes(Endpoint):
    """Puts a text in the place of every picture."""

    def written(self, part: Json) -> str:
        raise NotImplementedError

    async def take(self, part: Json, path: str) -> Item | None:
        if part.get("type") != "image_url":
            return await super().take(part, path)
        return self.written(part)


@fault(IN_PLACE, symptom=Symptom.NOT_READ)
class OmitsPictures(_Writes):
    """Puts [image omitted] in the place of a picture, for a model it takes to be blind."""

    def written(self, part: Json) -> str:
        return "[image omitted: this model does not support image input]"


@fault(IN_PLACE, symptom=Symptom.NOT_READ)
class WritesObjectObject(_Writes):
    """Joins the parts of a message as strings, so that a picture becomes [object Object]."""

    def written(self, part: Json) -> str:
        return "[object Object]"


@fault(IN_PLACE, symptom=Symptom.NOT_READ)
class WritesPartsAsJson(_Writes):
    """Writes the parts of a message into its text, base64 and all."""

    def written(self, part: Json) -> str:
        return canonical(part)


# ---------------------------------------------------------------- failures as answers


@fault(EMPTY, symptom=Symptom.EMPTY)
class AnswersPicturesWithNothing(Endpoint):
    """Answers whatever has a picture with no words and finish_reason stop."""

    def phrase(self, thought: Thought, body: dict[str, Json]) -> str:
        return "" if thought.codes else super().phrase(thought, body)


@fault(EMPTY, symptom=Symptom.EMPTY, where=("stream",))
class LosesTheWordsOfStreams(Endpoint):
    """Sends the first and the last chunk of a stream about a picture, and nothing between."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Any:
        found = super().chunks(made, body)
        pictured = b'"image_url"' in canonical(body.get("messages")).encode()
        return [c for c in found if not (pictured and at(c, "choices", 0, "delta", "content"))]


@fault("placeholders/error-is-not-an-answer", symptom=Symptom.ERROR_AS_ANSWER, where=("damaged",))
class AnswersWithTheError(Endpoint):
    """Writes the error of a bad picture into an answer of status 200."""

    def refuse(self, error: ApiError) -> Response:
        if error.code != "invalid_image_format":
            return super().refuse(error)
        return self.write(self.told(f"Error: {error.message}"))

    def told(self, text: str) -> Json:
        usage = reply.prompt_usage(0, 0)
        return reply.complete({}, Thought(sentence=text), text, usage, self.model)


@fault("placeholders/error-is-not-an-answer", symptom=Symptom.ERROR_AS_ANSWER, where=("damaged",))
class AnswersWithTheErrorBody(AnswersWithTheError):
    """Writes the body of an upstream error into an answer of status 200."""

    def refuse(self, error: ApiError) -> Response:
        if error.code != "invalid_image_format":
            return super().refuse(error)
        return self.write(self.told(canonical(error.body())))
