"""The endpoint under test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conformance.model.ability import Ability


class Claim(StrEnum):
    """What a target file may decline to claim."""

    URL = "url"
    DATA_URL = "data_url"
    SEVERAL = "several_pictures"
    DETAIL = "detail"
    STREAMING = "streaming"
    USAGE = "usage"
    READING = "reading"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    GIF = "gif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The endpoint under test, as its target file and the command line describe it."""

    name: str
    base_url: str
    model: str
    key_env: str = "OPENAI_API_KEY"
    #: "bearer", "api-key" or "none".
    auth: str = "bearer"
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    #: Extra members of every body: name and canonical JSON text.
    body: tuple[tuple[str, str], ...] = ()
    #: "max_tokens" or "max_completion_tokens".
    output_limit: str = "max_tokens"
    output_tokens: int = 4096
    unclaimed: frozenset[Claim] = frozenset()
    #: What the target file claims in so many words; all that it does not decline is claimed anyway.
    claimed: frozenset[Claim] = frozenset()
    #: Abilities of the model that are known from elsewhere, such as from the provider itself.
    vouched: frozenset[Ability] = frozenset()
    #: Most pictures of a request, and most bytes of a picture, that the provider documents; None
    #: where it does not.
    most_pictures: int | None = None
    most_bytes: int | None = None
    #: Name of the image token rule; empty where none is known for the model.
    rule: str = ""
    #: A model of the same endpoint that takes no pictures; empty where none is named.
    text_model: str = ""
    #: Currency units per million input tokens; None where unknown.
    price_input: float | None = None
    #: The same of output tokens.
    price_output: float | None = None
    #: What the units are called, such as "USD"; may be empty.
    currency: str = ""
    requests_per_minute: int | None = None
    picture_host_bind: str = "127.0.0.1:0"
    picture_host_url: str = ""
    #: Whether probes that could do harm are sent; only the command line says so.
    security: bool = False
    #: URL at a private or link-local address, where nothing answers.
    inner_address: str = ""

    @property
    def promised_pictures(self) -> int:
        """How many pictures a request may have: where nobody says, several are two at least."""
        return 2 if self.most_pictures is None else self.most_pictures
