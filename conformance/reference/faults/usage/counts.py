"""Faults with the counts themselves: missing, made up, or at odds with each other."""

from __future__ import annotations

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault


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


@fault("usage/stream-costs-the-same", symptom=Symptom.BILL_INCONSISTENT)
class CountsStreamsWithoutPictures(Endpoint):
    """Counts the pictures of a plain request and not those of a streamed one."""

    def usage(self, conversation: Conversation, body: dict[str, Json]) -> dict[str, Json]:
        made = super().usage(conversation, body)
        if body.get("stream"):
            made["prompt_tokens"] = made["prompt_tokens_details"]["text_tokens"]
        return made


# ---------------------------------------------------------------- made up


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


@fault("usage/answer-costs-something", symptom=Symptom.BILL_LOW)
class CountsNoAnswer(_Recounts):
    """Reports no completion tokens, whatever was answered."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        return usage | {"completion_tokens": 0, "total_tokens": usage["prompt_tokens"]}


# ---------------------------------------------------------------- what does not add up


@fault("usage/total-is-the-sum", symptom=Symptom.BILL_INCONSISTENT)
class ForgetsPicturesInTheTotal(_Recounts):
    """Adds up the total without the tokens of the pictures."""

    def recount(self, usage: dict[str, Json]) -> dict[str, Json]:
        pictures = usage["prompt_tokens_details"]["image_tokens"]
        return usage | {"total_tokens": usage["total_tokens"] - pictures}


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
