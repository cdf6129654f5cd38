"""What is asked: a request as it will be sent, its pictures still symbolic."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

from conformance.model.pictures import Picture

Json: TypeAlias = Any


class Payload(StrEnum):
    """How the base64 payload of a data URL is written."""

    PADDED = "padded"
    UNPADDED = "unpadded"
    WRAPPED = "wrapped"
    URL_SAFE = "url-safe"
    EMPTY = "empty"
    GARBLED = "garbled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """A picture written into the request as a data URL; the fields bend its syntax."""

    #: Declared media type; None means the picture's own.
    media_type: str | None = None
    scheme: str = "data:"
    #: Between media type and ``;base64``, such as ``;charset=utf-8``.
    parameters: str = ""
    marker: str = ";base64"
    comma: str = ","
    payload: Payload = Payload.PADDED
    #: The picture is written anew as a JPEG first, where PNG does not get through.
    recoded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """A picture served by the picture host; the fields order its misbehaviour."""

    #: Path below the unguessable token, as written into the URL.
    path: str = "picture.png"
    query: str = ""
    status: int = 200
    #: Redirects before the picture: one status per hop. Empty for none.
    redirects: tuple[int, ...] = ()
    loop: bool = False
    #: Content-Type to send; None means the picture's own, "" means no such header.
    content_type: str | None = None
    chunked: bool = False
    #: Seconds before the first byte of the reply.
    first_byte: float = 0.0
    #: Seconds over which the body is dripped.
    drip: float = 0.0
    head_refused: bool = False
    #: What is sent instead: "", "html", "empty", "huge", or a flood; see ``drawing.flood``.
    instead: str = ""
    reset: bool = False
    #: Nothing listens at the address.
    refused: bool = False
    #: The address is written as ``image_url`` itself, without the object around it.
    bare: bool = False
    #: The picture is given out to the first GET, and gone for all others.
    once: bool = False
    #: Pictures of one twin name get URLs that are alike up to the path, one after the other.
    twin: str = ""
    #: The picture is written anew as a JPEG first, where PNG does not get through.
    recoded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A picture on the witness: a second host of ours, on a port that nobody allowed."""

    #: How the loopback address is spelled in the URL.
    spelling: str = "127.0.0.1"
    #: Redirects of the picture host that lead there; empty where the URL itself is sent.
    redirects: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A picture in a file of this machine, by its path."""

    #: What stands before the path.
    scheme: str = "file://"
    #: The path leads to nothing.
    missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbatim:
    """Any JSON value in the place of the picture's address, for probes of the wire itself."""

    #: Canonical JSON text, so that the part stays hashable.
    json: str
    #: True where the value stands for the whole content part, not for its address.
    whole_part: bool = False


Way: TypeAlias = Inline | Hosted


Placeable: TypeAlias = Hosted | Elsewhere | LocalFile


Via: TypeAlias = Inline | Placeable | Verbatim


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePart:
    picture: Picture | None
    via: Via
    #: Canonical JSON text of ``detail``; None leaves the member out.
    detail: str | None = None
    #: Further members of the content part: name and canonical JSON text.
    more: tuple[tuple[str, str], ...] = ()


Part: TypeAlias = TextPart | ImagePart


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    parts: tuple[Part, ...]
    role: str = "user"
    #: Further members of the message, such as ``tool_calls``: name and canonical JSON text.
    more: tuple[tuple[str, str], ...] = ()


class Credential(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"
    #: The right key in the header x-api-key, as Anthropic's API wants it.
    X_API_KEY = "x-api-key"


class Service(StrEnum):
    """Which door of the endpoint a probe knocks at."""

    CHAT = "chat"
    MODELS = "models"
    #: The one model that is asked for.
    MODEL = "model"
    RESPONSES = "responses"
    MESSAGES = "messages"
    COUNT_TOKENS = "count-tokens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One request as it will be sent, pictures still symbolic. Equal by content."""

    turns: tuple[Turn, ...] = ()
    stream: bool = False
    #: Further members of the body: name and canonical JSON text, sorted by name.
    params: tuple[tuple[str, str], ...] = ()
    #: Members of the body that are left out.
    omit: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    credential: Credential = Credential.RIGHT
    service: Service = Service.CHAT
    #: The whole body, where it is not to be made from the rest.
    raw_body: bytes | None = None
    #: Equal questions with different sample numbers are sent apart.
    sample: int = 0
    #: Others that are under way at the same time, because what is asked needs a crowd.
    crowd: tuple[Probe, ...] = ()
    #: An earlier one, sent as ``sent_alone`` says, whose damage this one asks for.
    after: Probe | None = None
    #: Asked once, whatever comes: that it takes long, or breaks, is what it is sent for. Whoever
    #: asks sees to it that no weather is taken for the answer.
    is_risky: bool = False


def sent_alone(probe: Probe) -> Probe:
    """The request itself, without what is said of others: so it is sent, kept and recorded."""
    return replace(probe, crowd=(), after=None)


def again(probe: Probe, times: int) -> Probe:
    """The same question once more, in a crowd like that of the first time."""
    crowd = tuple(again(other, times) for other in probe.crowd)
    after = again(probe.after, times) if probe.after else None
    return replace(probe, sample=probe.sample + times, crowd=crowd, after=after)


def pictures_of(probe: Probe) -> list[Picture]:
    """The pictures of a request, in order."""
    parts = (part for each in probe.turns for part in each.parts)
    return [p.picture for p in parts if isinstance(p, ImagePart) and p.picture is not None]


def canonical(value: Json) -> str:
    """JSON text that is the same for equal values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
