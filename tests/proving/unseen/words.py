"""Words that never reach the model, and pictures of which something is made up."""

from __future__ import annotations

import re
from typing import Any

import httpx

from conformance.model import Json, Symptom
from conformance.reference.addresses import Downloader
from conformance.reference.conversation import Conversation, Item, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.faults._parts import rearranged
from unseen._parts import has_looks, is_offered, made_up, pretended, unseen

#: A word of five characters or more with a digit in it: numbers of accounts, of parcels, of people.
NUMBER = re.compile(r"\b(?=\w*\d)\w{5,}\b")
#: The redirects of HTTP/1.0; the others are younger.
OLD = (301, 302)


def _without_emoji(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(_plain(item) if isinstance(item, str) else item for item in items)


def _plain(text: str) -> str:
    return "".join(character for character in text if ord(character) <= 0xFFFF)


@unseen("streaming/characters-arrive-whole", symptom=Symptom.WORDS_LOST, where=("stream", "words"))
class LosesEmojiInStreams(Endpoint):
    """Queues streamed requests in a table that holds no character of four bytes."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        return rearranged(conversation, _without_emoji) if body.get("stream") else conversation


def _from_the_picture_on(items: tuple[Item, ...]) -> tuple[Item, ...]:
    first = next((n for n, item in enumerate(items) if isinstance(item, Look)), 0)
    return items[first:]


@unseen(
    "history/every-text-part-is-kept",
    "history/other-scripts-are-kept",
    symptom=Symptom.WORDS_LOST,
    where=("words",),
)
class BeginsAtTheOnlyPicture(Endpoint):
    """Begins a message at its picture, where the request has one, and drops the text before it."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        if len(looks(conversation)) != 1:
            return conversation
        return rearranged(conversation, _from_the_picture_on)


def _masked(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(NUMBER.sub("***", item) if isinstance(item, str) else item for item in items)


@unseen(
    "history/every-text-part-is-kept",
    "history/earlier-text-is-kept",
    "history/system-text-is-kept",
    symptom=Symptom.WORDS_LOST,
)
class MasksNumbersBesidePictures(Endpoint):
    """Masks what may be the number of an account in the words of a request with a picture."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        return rearranged(conversation, _masked) if has_looks(conversation) else conversation


# ---------------------------------------------------------------- made up


def _all_pretended(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(pretended(item) if isinstance(item, Look) else item for item in items)


@unseen(
    "tools/picture-beside-an-offered-tool",
    "tools/picture-before-a-tool-result",
    symptom=Symptom.MADE_UP,
    where=("parameter",),
)
class MakesUpPicturesBesideOfferedTools(Endpoint):
    """Has no place for pictures in its prompt for offered tools, and its model makes them up."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        return rearranged(conversation, _all_pretended) if is_offered(body) else conversation


@unseen(
    "multi-image/earlier-turn-is-seen",
    "history/assistant-message-in-parts",
    symptom=Symptom.MADE_UP,
    where=("turn",),
)
class MakesUpCaptionsOfEarlierTurns(Endpoint):
    """Keeps captions of pictures before the assistant's last turn, and the captions are wrong."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        said = [n for n, each in enumerate(conversation) if each.role == "assistant"]
        last = said[-1] if said else 0
        return (*rearranged(conversation[:last], _all_pretended), *conversation[last:])


class _Unfollowed(Exception):
    """A redirect that this client takes for the picture itself."""


class _KnowsOldRedirects(Downloader):
    def __init__(self, transport: Any = None) -> None:
        super().__init__(transport)
        hooks = self._http.event_hooks
        self._http.event_hooks = {**hooks, "response": [self._stop]}

    async def _stop(self, response: httpx.Response) -> None:
        """Called before a redirect is followed."""
        if response.is_redirect and response.status_code not in OLD:
            raise _Unfollowed


@unseen("url/redirect", "url/redirect-chain", symptom=Symptom.MADE_UP, where=("host",))
class MakesUpPicturesBehindYoungRedirects(Endpoint):
    """Follows 301 and 302; behind 303, 307 and 308 its model makes the picture up."""

    downloader_kind = _KnowsOldRedirects

    async def take(self, part: Json, path: str) -> Item | None:
        try:
            return await super().take(part, path)
        except _Unfollowed:
            detail = self.detail_of(part["image_url"])
            return Look(
                sight=made_up("unfollowed"),
                width=512,
                height=512,
                size=0,
                detail=detail,
                source="http",
            )
