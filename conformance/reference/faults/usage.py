"""Faults with the token counts of a reply."""

from __future__ import annotations

import random

from conformance.model import Json
from conformance.reference.conversation import Conversation, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault


@fault("usage/counts-are-whole", kind="protocol")
class OmitsUsage(Endpoint):
    """Leaves usage out of the reply."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        if body.get("stream"):
            return made
        return {name: value for name, value in made.items() if name != "usage"}


class _Recounts(Endpoint):
    """Changes the finished counts."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        raise NotImplementedError

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        return made | {"usage": self.recount(made["usage"])}


@fault("usage/counts-are-whole", kind="protocol")
class CountsInStrings(_Recounts):
    """Writes the counts as strings."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        return {name: str(value) for name, value in usage.items()}


@fault("usage/counts-are-whole", kind="protocol")
class CountsInFractions(_Recounts):
    """Estimates a count by a division, and writes 91.25."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        return usage | {"prompt_tokens": usage["prompt_tokens"] + 0.25}


@fault("usage/counts-are-whole", kind="protocol")
class NamesCountsOtherwise(_Recounts):
    """Counts input_tokens and output_tokens, the names of another API."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        return {
            "input_tokens": usage["prompt_tokens"],
            "output_tokens": usage["completion_tokens"],
        }


@fault("usage/total-is-the-sum", kind="wrong-billing")
class ForgetsPicturesInTheTotal(_Recounts):
    """Adds up the total without the tokens of the pictures."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        pictures = usage["prompt_tokens_details"]["image_tokens"]
        return usage | {"total_tokens": usage["total_tokens"] - pictures}


@fault("usage/picture-costs-something", kind="wrong-billing")
class CountsTextOnly(Endpoint):
    """Counts the text of a request and none of its pictures."""

    def bill(self, conversation: Conversation) -> int:
        return 0


@fault("usage/picture-costs-something", kind="wrong-billing")
class ReportsOneToken(_Recounts):
    """Reports one prompt token for every request."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        return usage | {"prompt_tokens": 1, "total_tokens": 1 + usage["completion_tokens"]}


@fault(
    "usage/bytes-do-not-count", "usage/equally-large-pictures-cost-the-same", kind="wrong-billing"
)
class CountsBase64AsText(Endpoint):
    """Counts the base64 of a picture as text: 4 characters are a token."""

    def price(self, look: Look) -> int:
        return look.size // 3


@fault("usage/stream-costs-the-same", kind="wrong-billing")
class CountsStreamsWithoutPictures(Endpoint):
    """Counts the pictures of a plain request and not those of a streamed one."""

    def usage(self, conversation: Conversation, body: dict[str, Json]) -> dict[str, Json]:
        made = super().usage(conversation, body)
        if body.get("stream"):
            made["prompt_tokens"] = made["prompt_tokens_details"]["text_tokens"]
        return made


@fault(
    "usage/equal-requests-cost-the-same",
    "usage/equally-large-pictures-cost-the-same",
    kind="wrong-billing",
)
class EstimatesUsage(Endpoint):
    """Makes the tokens of a picture up, anew for each request."""

    def price(self, look: Look) -> int:
        return random.randrange(100, 10_000)


@fault("usage/equally-large-pictures-cost-the-same", kind="wrong-billing")
class BillsByContent(Endpoint):
    """Bills a picture by how well it compresses."""

    def price(self, look: Look) -> int:
        return 85 + look.size // 100 + look.size % 97
