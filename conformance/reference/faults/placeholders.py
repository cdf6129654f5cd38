"""Faults with the strings that stand for pictures, and with what is put in a picture's place."""

from __future__ import annotations

import re
from typing import Any

from conformance.model import Json, Symptom, canonical
from conformance.reference.conversation import Conversation, Item, Look, Said, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, rearranged, split

ANSWERED = "placeholders/text-alone-is-answered"
COSTS = "placeholders/text-alone-costs-like-text"
BESIDE = "placeholders/picture-beside-one-is-read"
IN_PLACE = "placeholders/no-text-in-place-of-a-picture"

#: Tokens of one picture of 336 by 336 pixels in patches of 14.
SLOT = 576
PAD = "<|image_pad|>"


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


@fault("placeholders/pictures-beside-one-keep-their-labels", symptom=Symptom.ORDER)
class ShiftsPicturesToPlaceholders(Endpoint):
    """Puts the first picture where <|image_pad|> stands in a text, and the next in its place."""

    async def hear(self, message: Json, path: str) -> Said:
        said = await super().hear(message, path)
        words, pictures = split(said.items)
        if not pictures or not any(PAD in text for text in words):
            return said
        left = iter(pictures)
        items: list[Item] = []
        for item in said.items:
            if isinstance(item, str) and PAD in item:
                before, _, after = item.partition(PAD)
                items += [before, next(left), after]
            elif isinstance(item, str):
                items.append(item)
            else:
                items += [look for look in (next(left, None),) if look]
        return Said(role=said.role, items=tuple(items))


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
