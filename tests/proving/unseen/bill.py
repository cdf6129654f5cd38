"""Token counts that are wrong under some conditions only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from conformance.model import Json, Symptom, canonical
from conformance.reference.conversation import Conversation, Look, looks
from conformance.reference.dialects import RESPONSES, Dialect
from conformance.reference.endpoint import Endpoint
from conformance.reference.faults._parts import has_picture
from conformance.wire.jsontext import at, items_at, text_at
from unseen._parts import unseen

MEGA = 1_000_000
#: Member in which a converter tells the rest of a gateway what it has counted.
COUNTED = "counted_elsewhere"
PROMPT, PARTS = "prompt_tokens", "prompt_tokens_details"


def _with_more(usage: dict[str, Json], more: int) -> dict[str, Json]:
    """The prompt side of usage with more tokens of pictures."""
    parts = usage[PARTS]
    return usage | {
        PROMPT: usage[PROMPT] + more,
        PARTS: parts | {"image_tokens": parts["image_tokens"] + more},
    }


# ---------------------------------------------------------------- too high, too low


@unseen(
    "usage/different-pictures-cost-their-sum",
    "multi-image/same-picture-twice-costs-twice",
    "detail/each-picture-is-billed-by-its-detail",
    symptom=Symptom.BILL_HIGH,
    where=("number",),
)
class CountsThePromptForEveryPicture(Endpoint):
    """Counts the whole prompt once for each of its pictures, so that two cost four times one."""

    def usage(self, conversation: Conversation, body: dict[str, Json]) -> dict[str, Json]:
        usage = super().usage(conversation, body)
        again = max(0, len(looks(conversation)) - 1)
        return _with_more(usage, again * usage[PROMPT])


@unseen("usage/bytes-do-not-count", symptom=Symptom.BILL_HIGH, where=("weight",))
class BillsWhatIsOverOneMegabyte(Endpoint):
    """Bills a picture by the rule, and a token for each kilobyte beyond the first thousand."""

    def price(self, look: Look) -> int:
        return super().price(look) + max(0, look.size - MEGA) // 1000


@unseen(
    "detail/low-costs-the-same-at-any-size", symptom=Symptom.BILL_HIGH, where=("size", "detail")
)
class BillsLargeLowAsHigh(Endpoint):
    """Bills a picture of 2000 pixels a side as high where it is sent at low."""

    def price(self, look: Look) -> int:
        is_large = look.detail == "low" and max(look.width, look.height) >= 2000
        return super().price(replace(look, detail="high") if is_large else look)


@unseen("usage/costs-follow-the-rule", symptom=Symptom.BILL_LOW, where=("size", "detail"))
class BillsWideHighAsLow(Endpoint):
    """Bills a picture that is far wider than high as low where it is sent at high."""

    def price(self, look: Look) -> int:
        is_wide = look.detail == "high" and look.width >= 1.7 * look.height
        return super().price(replace(look, detail="low") if is_wide else look)


@unseen("dialects/bytes-do-not-count", symptom=Symptom.BILL_HIGH, where=("door", "role"))
class BillsWhatToolsShowAsText(Endpoint):
    """Counts the base64 of a picture in the result of a tool at /responses as text besides."""

    def translate(self, dialect: Dialect, body: Mapping[str, Json]) -> dict[str, Json]:
        asked = super().translate(dialect, body)
        results = [i for i in items_at(body, "input") if at(i, "type") == "function_call_output"]
        urls = [text_at(p, "image_url") for r in results for p in items_at(r, "output")]
        found = sum(len(url) // 4 for url in urls)
        return asked | {COUNTED: found} if dialect is RESPONSES and found else asked

    def usage(self, conversation: Conversation, body: dict[str, Json]) -> dict[str, Json]:
        return _with_more(super().usage(conversation, body), body.get(COUNTED, 0))


# ---------------------------------------------------------------- at odds, or not there


@unseen("usage/stream-costs-the-same", symptom=Symptom.BILL_INCONSISTENT, where=("stream",))
class CountsTheAnswerIntoThePromptOfStreams(Endpoint):
    """Counts the words of a streamed answer among the prompt tokens as well."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        if not body.get("stream"):
            return made
        usage, spent = made["usage"], made["usage"]["completion_tokens"]
        more = {name: usage[name] + spent for name in (PROMPT, "total_tokens")}
        return made | {"usage": usage | more}


@unseen("usage/total-is-the-sum", symptom=Symptom.BILL_INCONSISTENT)
class AddsHiddenThoughtsToTheTotal(Endpoint):
    """Adds 64 tokens of thought about a picture to the total, and to no other count."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        if not has_picture(body):
            return made
        usage = made["usage"]
        return made | {"usage": usage | {"total_tokens": usage["total_tokens"] + 64}}


@unseen("usage/equal-requests-cost-the-same", symptom=Symptom.BILL_INCONSISTENT, where=("repeat",))
class DeductsWhatCameBefore(Endpoint):
    """Counts half of the tokens of pictures where an equal request came before."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.known: set[str] = set()

    def usage(self, conversation: Conversation, body: dict[str, Json]) -> dict[str, Json]:
        usage, written = super().usage(conversation, body), canonical(body)
        came_before = written in self.known
        self.known.add(written)
        return _with_more(usage, -(usage[PARTS]["image_tokens"] // 2) if came_before else 0)


@unseen("streaming/usage-when-asked", symptom=Symptom.BILL_MISSING, where=("stream",))
class StreamsCountsThatAreNull(Endpoint):
    """Ends a stream about a picture with a chunk of usage in which every count is null."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        found = list(super().chunks(made, body))
        if has_picture(body) and found[-1].get("usage"):
            found[-1] = found[-1] | {"usage": dict.fromkeys(found[-1]["usage"])}
        return found
