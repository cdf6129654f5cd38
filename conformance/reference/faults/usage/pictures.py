"""Faults with what pictures are billed at."""

from __future__ import annotations

import random

from conformance.model import Symptom
from conformance.reference.conversation import Conversation, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.tokens.rules import rule_named


@fault(
    "usage/picture-costs-something",
    "usage/prompt-covers-its-picture",
    "usage/rate-is-that-of-the-guide",
    symptom=Symptom.BILL_LOW,
)
class CountsTextOnly(Endpoint):
    """Counts the text of a request and none of its pictures."""

    def bill(self, conversation: Conversation) -> int:
        return 0


@fault(
    "usage/bytes-do-not-count",
    "usage/equally-large-pictures-cost-the-same",
    "usage/costs-follow-the-rule",
    symptom=Symptom.BILL_HIGH,
)
class CountsBase64AsText(Endpoint):
    """Counts the base64 of a picture as text: 4 characters are a token."""

    def price(self, look: Look) -> int:
        return look.size // 3


@fault(
    "usage/equal-requests-cost-the-same",
    "usage/equally-large-pictures-cost-the-same",
    symptom=Symptom.BILL_INCONSISTENT,
    also=(Symptom.BILL_HIGH,),
)
class EstimatesUsage(Endpoint):
    """Makes the tokens of a picture up, anew for each request."""

    def price(self, look: Look) -> int:
        return random.randrange(100, 10_000)


@fault(
    "usage/equally-large-pictures-cost-the-same",
    symptom=Symptom.BILL_INCONSISTENT,
    also=(Symptom.BILL_HIGH,),
)
class BillsByContent(Endpoint):
    """Bills a picture by how well it compresses."""

    def price(self, look: Look) -> int:
        return 85 + look.size // 100 + look.size % 97


# ---------------------------------------------------------------- rates and rules


@fault("usage/rate-is-that-of-the-guide", "usage/costs-follow-the-rule", symptom=Symptom.BILL_HIGH)
class BillsFivePercentMore(Endpoint):
    """Bills pictures 5 % above the rule."""

    def price(self, look: Look) -> int:
        return round(super().price(look) * 1.05)


@fault(
    "usage/rate-is-that-of-the-guide",
    "usage/costs-follow-the-rule",
    "detail/low-and-high-differ-in-cost",
    "detail/high-follows-the-size",
    symptom=Symptom.BILL_LOW,
)
class BillsTheRateOfAnotherModel(Endpoint):
    """Bills pictures by the tile rule of gpt-5, whose tokens are fewer."""

    def price(self, look: Look) -> int:
        return _price_by("gpt-5", look)


@fault(
    "usage/costs-follow-the-rule",
    "detail/high-follows-the-size",
    symptom=Symptom.BILL_HIGH,
    also=(Symptom.BILL_INCONSISTENT,),
)
class EnlargesBeforeCounting(Endpoint):
    """Counts tiles as new-api estimates them: small pictures are enlarged first."""

    def price(self, look: Look) -> int:
        return _price_by("new-api", look)


@fault(
    "usage/costs-follow-the-rule",
    "detail/low-and-high-differ-in-cost",
    "detail/low-costs-the-same-at-any-size",
    "detail/high-follows-the-size",
    symptom=Symptom.BILL_HIGH,
    also=(
        Symptom.BILL_INCONSISTENT,
        Symptom.BILL_LOW,
    ),
)
class BillsLikeQwen(Endpoint):
    """Bills pictures by the rule of an open model that stands behind the name."""

    def price(self, look: Look) -> int:
        return _price_by("qwen2.5-vl", look)


def _price_by(name: str, look: Look) -> int:
    rule = rule_named(name)
    assert rule is not None
    return rule.cost(look.width, look.height, look.detail, look.size)


@fault(
    "usage/costs-follow-the-rule",
    "usage/cost-is-one-that-some-model-bills",
    "detail/low-and-high-differ-in-cost",
    "detail/low-costs-the-same-at-any-size",
    "detail/high-follows-the-size",
    symptom=Symptom.BILL_HIGH,
)
class CountsPixels(Endpoint):
    """Counts a token for every eleven pixels: 96,000 for a picture of a megapixel."""

    def price(self, look: Look) -> int:
        return look.width * look.height // 11


# ---------------------------------------------------------------- several pictures


@fault(
    "usage/different-pictures-cost-their-sum",
    "multi-image/same-picture-twice-costs-twice",
    "detail/each-picture-is-billed-by-its-detail",
    symptom=Symptom.BILL_HIGH,
    where=("number",),
)
class BillsTheLastPictureTwice(Endpoint):
    """Bills the last picture of several twice."""

    def bill(self, conversation: Conversation) -> int:
        seen = looks(conversation)
        return super().bill(conversation) + sum(self.price(look) for look in seen[1:][-1:])


@fault("usage/four-equal-pictures-cost-four-times", symptom=Symptom.BILL_LOW)
class BillsAtMostTwoPictures(Endpoint):
    """Bills the first two pictures of a request and none of the others."""

    def bill(self, conversation: Conversation) -> int:
        return sum(self.price(look) for look in looks(conversation)[:2])


@fault(
    "usage/different-pictures-cost-their-sum",
    "detail/each-picture-is-billed-by-its-detail",
    symptom=Symptom.BILL_LOW,
)
class BillsAllLikeTheFirst(Endpoint):
    """Bills every picture of a request like the first."""

    def bill(self, conversation: Conversation) -> int:
        seen = looks(conversation)
        return len(seen) * self.price(seen[0]) if seen else 0


@fault("multi-image/same-picture-twice-costs-twice", symptom=Symptom.BILL_LOW)
class CountsEqualPicturesOnce(Endpoint):
    """Sends equal pictures of a request to the model once, and counts them once."""

    def bill(self, conversation: Conversation) -> int:
        return sum(self.price(look) for look in dict.fromkeys(looks(conversation)))


# ---------------------------------------------------------------- pictures by URL


@fault("url/costs-what-the-data-url-costs", symptom=Symptom.BILL_INCONSISTENT)
class CountsDownloadsAsText(Endpoint):
    """Counts a downloaded picture as base64 text, and one in a data URL by the rule."""

    def price(self, look: Look) -> int:
        return look.size // 3 if look.source == "http" else super().price(look)


@fault("url/costs-what-the-data-url-costs", symptom=Symptom.BILL_INCONSISTENT)
class BillsUrlsAsText(Endpoint):
    """Counts a picture given by URL as the text of its URL."""

    def price(self, look: Look) -> int:
        return 20 if look.source == "http" else super().price(look)
