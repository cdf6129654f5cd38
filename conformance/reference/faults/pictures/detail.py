"""Faults with the member ``detail``: ignored, refused, lost, or applied to the wrong picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PIL import Image

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, Item, Look, Said, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, is_picture
from conformance.tokens.rules import Rule
from conformance.wire.jsontext import at


@fault("detail/documented-value-is-accepted", symptom=Symptom.REFUSED, where=("detail",))
class RefusesDetail(Endpoint):
    """Refuses a request that says detail: unknown member."""

    async def take(self, part: Json, path: str) -> Item | None:
        if at(part, "image_url", "detail") is not None:
            raise ApiError("Extra inputs are not permitted", param=f"{path}.image_url.detail")
        return await super().take(part, path)


@fault("base64/plain", "url/plain", symptom=Symptom.REFUSED)
class SendsAnEmptyDetailOn(Endpoint):
    """Writes an empty detail where there was none, and is refused upstream."""

    async def take(self, part: Json, path: str) -> Item | None:
        if is_picture(part) and "detail" not in part["image_url"]:
            where = f"{path}.image_url.detail"
            raise ApiError(f"{where}: Input should be 'auto', 'low' or 'high'", param=where)
        return await super().take(part, path)


@fault("detail/documented-value-is-accepted", symptom=Symptom.NOT_READ, where=("detail",))
class ShrinksLowTooFar(Endpoint):
    """Shrinks pictures to 24 pixels at low, where the guide says 512."""

    @classmethod
    def shrink(cls, image: Image.Image, detail: str, rule: Rule) -> Image.Image:
        fitted = super().shrink(image, detail, rule)
        return fitted.resize((24, 24)) if detail == "low" else fitted


class _TakesAnyDetail(Endpoint):
    """Does not look at detail while it validates a request."""

    KNOWN = (None, "auto", "low", "high")

    def validate(self, body: dict[str, Json]) -> None:
        parts = [p for m in body.get("messages") or [] for p in at(m, "content") or []]
        images = [at(p, "image_url") for p in parts if is_picture(p)]
        odd = [i for i in images if isinstance(i, dict) and i.get("detail") not in self.KNOWN]
        kept = [image.pop("detail") for image in odd]
        super().validate(body)
        for image, detail in zip(odd, kept, strict=True):
            image["detail"] = detail


@fault("detail/undocumented-value", symptom=Symptom.NOT_READ, where=("detail",))
class DropsPicturesOfOddDetail(_TakesAnyDetail):
    """Leaves a picture out whose detail it does not know, and answers all the same."""

    async def take(self, part: Json, path: str) -> Item | None:
        odd = at(part, "image_url", "detail") not in self.KNOWN
        return None if odd else await super().take(part, path)


@fault("detail/undocumented-value", symptom=Symptom.REFUSAL_BREAKS, where=("detail",))
class CrashesOnOddDetail(_TakesAnyDetail):
    """Looks detail up in a table without looking first: KeyError, 500."""

    def detail_of(self, image: Mapping[str, Json]) -> str:
        if image.get("detail") not in self.KNOWN:
            raise broken(f"KeyError: {image['detail']!r}")
        return super().detail_of(image)


@fault(
    "detail/low-and-high-differ-in-cost",
    "detail/low-costs-the-same-at-any-size",
    symptom=Symptom.BILL_INCONSISTENT,
    where=("detail",),
)
class BillsEveryDetailAsHigh(Endpoint):
    """Bills every picture as if detail were high."""

    def price(self, look: Look) -> int:
        return self.rule.cost(look.width, look.height, "high")


@fault(
    "detail/low-and-high-differ-in-cost",
    "detail/high-follows-the-size",
    "usage/costs-follow-the-rule",
    "usage/rate-is-that-of-the-guide",
    symptom=Symptom.BILL_LOW,
)
class BillsFlat(Endpoint):
    """Bills 85 tokens for every picture, whatever its detail and size."""

    def price(self, look: Look) -> int:
        return 85


@fault(
    "detail/low-costs-the-same-at-any-size",
    symptom=Symptom.BILL_INCONSISTENT,
    where=("detail", "size"),
)
class BillsLowBySize(Endpoint):
    """Bills low by the number of pixels."""

    def price(self, look: Look) -> int:
        if look.detail != "low":
            return super().price(look)
        return look.width * look.height // 750


@fault(
    "detail/high-follows-the-size",
    "usage/costs-follow-the-rule",
    symptom=Symptom.BILL_INCONSISTENT,
    where=("detail", "size"),
)
class BillsHighFlat(Endpoint):
    """Bills 765 tokens for every picture at high, whatever its size."""

    def price(self, look: Look) -> int:
        return 765 if look.detail == "high" else super().price(look)


@fault("detail/absent-means-auto", symptom=Symptom.BILL_INCONSISTENT, also=(Symptom.NOT_READ,))
class TakesAbsentForLow(Endpoint):
    """Takes low where detail is left out."""

    def detail_of(self, image: Mapping[str, Json]) -> str:
        return image.get("detail") or "low"


@fault("detail/absent-means-auto", symptom=Symptom.BILL_INCONSISTENT)
class TakesAutoForLow(Endpoint):
    """Takes low where detail is auto, and high where it is left out."""

    def detail_of(self, image: Mapping[str, Json]) -> str:
        return {"auto": "low", None: "high"}.get(image.get("detail"), super().detail_of(image))


@fault(
    "detail/fine-print-is-legible-at-high",
    "detail/low-and-high-differ-in-cost",
    "usage/costs-follow-the-rule",
    "usage/rate-is-that-of-the-guide",
    symptom=Symptom.DEGRADED,
    also=(Symptom.NOT_READ,),
    where=("detail", "size"),
)
class ForcesLow(Endpoint):
    """Treats every picture as low, whatever the request says."""

    def detail_of(self, image: Mapping[str, Json]) -> str:
        return "low"


@fault(
    "detail/low-and-high-differ-in-cost",
    "detail/low-costs-the-same-at-any-size",
    symptom=Symptom.BILL_INCONSISTENT,
    where=("detail",),
)
class LosesDetail(Endpoint):
    """Loses detail between one API and the other, so that every picture is at auto."""

    def detail_of(self, image: Mapping[str, Json]) -> str:
        return "auto"


@fault(
    "detail/fine-print-is-legible-at-high",
    "detail/each-picture-keeps-its-detail",
    symptom=Symptom.DEGRADED,
    also=(Symptom.NOT_READ,),
    where=("detail", "size"),
)
class ShrinksBehindTheBack(Endpoint):
    """Bills by detail, but shrinks every picture to 512 pixels."""

    @classmethod
    def shrink(cls, image: Image.Image, detail: str, rule: Rule) -> Image.Image:
        return super().shrink(image, "low", rule)


@fault(
    "detail/each-picture-keeps-its-detail",
    "detail/each-picture-is-billed-by-its-detail",
    symptom=Symptom.DEGRADED,
    also=(Symptom.BILL_LOW,),
)
class FirstDetailForAll(Endpoint):
    """Applies the detail of the first picture to all of a message."""

    async def hear(self, message: Json, path: str) -> Said:
        content = at(message, "content")
        images = [at(p, "image_url") for p in content] if isinstance(content, list) else []
        details = [i.get("detail", "auto") for i in images if isinstance(i, dict)]
        for image in filter(None, images):
            image["detail"] = details[0]
        return await super().hear(message, path)


@fault("detail/each-picture-is-billed-by-its-detail", symptom=Symptom.BILL_HIGH)
class BillsAllAtTheHighest(Endpoint):
    """Bills every picture of a request at the highest detail among them."""

    def bill(self, conversation: Conversation) -> int:
        seen = looks(conversation)
        highest = min((look.detail for look in seen), default="", key=_from_the_highest)
        return sum(self.price(replace(look, detail=highest)) for look in seen)


def _from_the_highest(detail: str) -> int:
    known = ("high", "auto", "low")
    return known.index(detail) if detail in known else len(known)
