"""What several faults need: to break, to tell parts and messages apart, and to leave some out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from conformance.model import Json
from conformance.reference.conversation import Conversation, Item, Look, Said
from conformance.reference.failure import ApiError
from conformance.wire.jsontext import at, items_at


def broken(message: str) -> ApiError:
    """The 500 of a server that lets its own exception through."""
    return ApiError(message, status=500, kind="server_error")


def is_picture(part: Json) -> bool:
    return bool(at(part, "type") == "image_url")


def has_picture(body: dict[str, Json]) -> bool:
    """True where any message of a request holds a picture."""
    parts = (p for m in items_at(body, "messages") for p in items_at(m, "content"))
    return any(map(is_picture, parts))


def url_in(part: Json) -> Json:
    """What stands where the address should; the bare ``image_url`` where it is no object."""
    image = at(part, "image_url")
    return image.get("url") if isinstance(image, dict) else image


def is_http(url: Json) -> bool:
    return str(url).lower().startswith("http")


def without(body: dict[str, Json], unwanted: Callable[[Json], bool]) -> dict[str, Json]:
    """The body without the picture parts that are unwanted."""
    messages = [_kept(message, unwanted) for message in items_at(body, "messages")]
    return body | {"messages": messages} if messages else body


def _kept(message: Json, unwanted: Callable[[Json], bool]) -> Json:
    parts = items_at(message, "content")
    kept = [p for p in parts if not (is_picture(p) and unwanted(p))]
    return message | {"content": kept or ""} if len(kept) < len(parts) else message


def rearranged(
    conversation: Conversation, change: Callable[[tuple[Item, ...]], tuple[Item, ...]]
) -> Conversation:
    """The conversation with the items of every message changed."""
    return tuple(replace(said, items=change(said.items)) for said in conversation)


def split(items: tuple[Item, ...]) -> tuple[list[str], list[Look]]:
    """The words and the pictures, each in order."""
    words = [item for item in items if isinstance(item, str)]
    return words, [item for item in items if isinstance(item, Look)]


def with_pictures(items: tuple[Item, ...], pictures: list[Look]) -> tuple[Item, ...]:
    """The items with other pictures put, in order, into the places of the first."""
    left = iter(pictures)
    filled = [item if isinstance(item, str) else next(left, None) for item in items]
    return tuple(item for item in filled if item is not None)


def words_only(said: Said) -> Said:
    return replace(said, items=tuple(split(said.items)[0]))


def without_pictures(conversation: Conversation) -> Conversation:
    return tuple(map(words_only, conversation))


def has_role(conversation: Conversation, *roles: str) -> bool:
    """True where a message is of one of these roles."""
    return any(said.role in roles for said in conversation)
