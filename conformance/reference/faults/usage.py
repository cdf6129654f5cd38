"""Faults with the token counts of a reply."""

from __future__ import annotations

import random
from typing import Any

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.tokens.rules import rule_named


@fault("usage/counts-are-whole", symptom=Symptom.BILL_MISSING)
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


@fault("usage/counts-are-whole", symptom=Symptom.BILL_MISSING)
class CountsInStrings(_Recounts):
    """Writes the counts as strings."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        return {name: str(value) for name, value in usage.items()}


@fault("usage/counts-are-whole", symptom=Symptom.BILL_MISSING)
class CountsInFractions(_Recounts):
    """Estimates a count by a division, and writes 91.25."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        return usage | {"prompt_tokens": usage["prompt_tokens"] + 0.25}


@fault("usage/counts-are-whole", symptom=Symptom.BILL_MISSING)
class NamesCountsOtherwise(_Recounts):
    """Counts input_tokens and output_tokens, the names of another API."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        return {
            "input_tokens": usage["prompt_tokens"],
            "output_tokens": usage["completion_tokens"],
        }


@fault("usage/total-is-the-sum", symptom=Symptom.BILL_INCONSISTENT)
class ForgetsPicturesInTheTotal(_Recounts):
    """Adds up the total without the tokens of the pictures."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        pictures = usage["prompt_tokens_details"]["image_tokens"]
        return usage | {"total_tokens": usage["total_tokens"] - pictures}


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
    "usage/picture-costs-something",
    "usage/prompt-covers-its-picture",
    "usage/words-cost-the-same-beside-a-picture",
    symptom=Symptom.BILL_LOW,
)
class ReportsOneToken(_Recounts):
    """Reports one prompt token for every request."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        return usage | {"prompt_tokens": 1, "total_tokens": 1 + usage["completion_tokens"]}


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


@fault("usage/stream-costs-the-same", symptom=Symptom.BILL_INCONSISTENT)
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


# ---------------------------------------------------------------- rates, rules and hidden prompts


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


@fault("usage/no-hidden-prompt", symptom=Symptom.BILL_HIGH)
class PutsItsPromptBefore(Endpoint):
    """Puts a prompt of its own before every conversation, and bills it."""

    def text_tokens(self, conversation: Conversation) -> int:
        return super().text_tokens(conversation) + 412


@fault(
    "usage/no-hidden-prompt",
    "detail/each-picture-is-billed-by-its-detail",
    symptom=Symptom.BILL_HIGH,
    also=(Symptom.BILL_LOW,),
)
class PutsItsPromptBeforePictures(Endpoint):
    """Puts a prompt of its own before conversations with pictures, and bills it."""

    def text_tokens(self, conversation: Conversation) -> int:
        hidden = 128 if looks(conversation) else 0
        return super().text_tokens(conversation) + hidden


# ---------------------------------------------------------------- several pictures or requests


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


@fault("usage/text-costs-the-same-after-pictures", symptom=Symptom.BILL_INCONSISTENT)
class KeepsPiecesOfPictures(Endpoint):
    """Bills a text, asked again, for a ninth of the picture that it was asked about before."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: dict[str, int] = {}
        self.asked: set[str] = set()

    def bill(self, conversation: Conversation) -> int:
        words = "\n".join(said.words for said in conversation)
        if looks(conversation):
            self.kept[words] = super().bill(conversation)
            return self.kept[words]
        again = words in self.asked
        self.asked.add(words)
        return self.kept.get(words, 0) // 9 if again else 0


@fault("url/costs-what-the-data-url-costs", symptom=Symptom.BILL_INCONSISTENT)
class CountsDownloadsAsText(Endpoint):
    """Counts a downloaded picture as base64 text, and one in a data URL by the rule."""

    def price(self, look: Look) -> int:
        return look.size // 3 if look.source == "http" else super().price(look)


# ---------------------------------------------------------------- counts that are made up


@fault(
    "usage/prompt-covers-its-picture",
    "usage/words-cost-the-same-beside-a-picture",
    "detail/low-and-high-differ-in-cost",
    "detail/high-follows-the-size",
    symptom=Symptom.BILL_LOW,
)
class ReportsThirtyTokens(_Recounts):
    """Reports 30 prompt tokens for every request, as an example in its documents does."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        return usage | {"prompt_tokens": 30, "total_tokens": 30 + usage["completion_tokens"]}


@fault("usage/words-cost-the-same-beside-a-picture", symptom=Symptom.BILL_INCONSISTENT)
class CountsFewWordsBesidePictures(Endpoint):
    """Counts no more than 24 tokens of words beside pictures, however long they are."""

    def text_tokens(self, conversation: Conversation) -> int:
        counted = super().text_tokens(conversation)
        return min(counted, 24) if looks(conversation) else counted


@fault("usage/answer-costs-something", symptom=Symptom.BILL_LOW)
class CountsNoAnswer(_Recounts):
    """Reports no completion tokens, whatever was answered."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        return usage | {"completion_tokens": 0, "total_tokens": usage["prompt_tokens"]}


@fault("usage/answer-does-not-change-the-prompt", symptom=Symptom.BILL_INCONSISTENT)
class CountsTheCutAnswer(Endpoint):
    """Counts a cut-off answer among the prompt tokens, as if it had asked for the rest."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        if made["choices"][0]["finish_reason"] != "length":
            return made
        usage = made["usage"]
        spent = usage["completion_tokens"]
        more = {name: usage[name] + spent for name in ("prompt_tokens", "total_tokens")}
        return made | {"usage": usage | more}


@fault("usage/answer-does-not-change-the-prompt", symptom=Symptom.BILL_INCONSISTENT)
class BillsWhatItSetsAside(Endpoint):
    """Bills the output limit together with the prompt, as it was set aside."""

    def usage(self, conversation: Conversation, body: dict[str, Json]) -> dict[str, Json]:
        made = super().usage(conversation, body)
        limit = body.get("max_completion_tokens") or body.get("max_tokens") or 0
        return made | {"prompt_tokens": made["prompt_tokens"] + limit}


# ---------------------------------------------------------------- parts that do not add up


class _Details(_Recounts):
    """Changes the parts of the prompt tokens."""

    def parts(self, usage: dict[str, Json], parts: dict[str, Json]) -> dict[str, Json]:
        raise NotImplementedError

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        parts = usage["prompt_tokens_details"]
        return usage | {"prompt_tokens_details": parts | self.parts(usage, parts)}


@fault("usage/details-add-up", symptom=Symptom.BILL_INCONSISTENT)
class EstimatesThePartOfPictures(_Details):
    """Tells 765 tokens of pictures apart, whatever they cost."""

    def parts(self, usage: dict[str, Json], parts: dict[str, Json]) -> dict[str, Json]:
        return {"image_tokens": 765}


@fault("usage/details-name-pictures", symptom=Symptom.BILL_MISSING)
class TellsTextAlone(_Details):
    """Tells the tokens of the text apart and leaves those of pictures out."""

    def parts(self, usage: dict[str, Json], parts: dict[str, Json]) -> dict[str, Json]:
        return {"image_tokens": None}


@fault("usage/cached-tokens-are-in-the-prompt", symptom=Symptom.BILL_INCONSISTENT)
class CountsCachedTokensApart(_Details):
    """Reports cached tokens that the prompt tokens do not contain."""

    def parts(self, usage: dict[str, Json], parts: dict[str, Json]) -> dict[str, Json]:
        return {"cached_tokens": usage["prompt_tokens"] + 1024}
