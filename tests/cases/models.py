"""Models that cannot do all that they are asked for, behind endpoints that do all that is right."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from conformance.model import Json
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.looking import Sight
from conformance.reference.mind import Thought, _last_question
from conformance.reference.seeing import model_size

#: Pixels of height, in the picture as the model gets it, below which it makes no print out.
SMALL = 28


def asks(conversation: Conversation, words: str) -> bool:
    """Whether the last question has such words in it."""
    return bool(re.search(words, _last_question(conversation), re.IGNORECASE | re.DOTALL))


def codes_seen(conversation: Conversation) -> tuple[str, ...]:
    return tuple(seen.code for look in looks(conversation) for seen in look.sight.codes)


class ReadsPicturesOnly(Endpoint):
    """Asked for what a text said, it gives the code of the picture."""

    def think(self, conversation: Conversation) -> Thought:
        if not asks(conversation, "reference number|repeat, word for word"):
            return super().think(conversation)
        shown = codes_seen(conversation)
        return Thought(codes=shown[-1:], sentence="" if shown else "I only read pictures.")


class ListsAllCorners(Endpoint):
    """Lists all the codes that it sees where the one in a corner is asked for."""

    def think(self, conversation: Conversation) -> Thought:
        shown = codes_seen(conversation)
        if asks(conversation, r"code in the \w+ \w+ corner") and shown:
            return Thought(codes=shown)
        return super().think(conversation)


class StopsEarly(Endpoint):
    """Gives a whole answer of 13 tokens to a question for a long one."""

    def think(self, conversation: Conversation) -> Thought:
        if asks(conversation, "count from one"):
            return Thought(sentence="One, two, three, and so on, up to three hundred.")
        return super().think(conversation)


class TellsNoColours(Endpoint):
    """Says that it cannot tell colours."""

    def think(self, conversation: Conversation) -> Thought:
        if asks(conversation, "name the colours|the squares are"):
            return Thought(sentence="I can see squares, but I cannot tell their colours.")
        return super().think(conversation)


class SeesNo16Bits(Endpoint):
    """Sees nothing legible in a PNG of 16 bits."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        with Image.open(io.BytesIO(loaded.data)) as image:
            return replace(look, sight=Sight()) if image.mode.startswith("I") else look


class ReadsLargePrintOnly(Endpoint):
    """Cannot make out the lower lines of an eye chart."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        height = model_size((look.width, look.height), look.detail, self.rule)[1]
        large = tuple(seen for seen in look.sight.codes if seen.height * height >= SMALL)
        return replace(look, sight=replace(look.sight, codes=large))


class SeesLittle(SeesNo16Bits, TellsNoColours, ReadsLargePrintOnly):
    """All three."""


class LeavesOptionalMembersOut(Endpoint):
    """Replies and chunks without logprobs and refusal, as many good servers have them."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        made = super().finish(made, body)
        return made | {"choices": [_bare(choice, "message") for choice in made["choices"]]}

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        chunks = super().chunks(made, body)
        return [c | {"choices": [_bare(one, "delta") for one in c["choices"]]} for c in chunks]


def _bare(choice: Json, name: str) -> Json:
    left = {key: value for key, value in choice.items() if key != "logprobs"}
    return left | {name: {k: v for k, v in choice[name].items() if k != "refusal"}}
