"""Faults with what the words are counted as: of the request, of hidden prompts, of the answer."""

from __future__ import annotations

from typing import Any

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault


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


@fault("usage/words-cost-the-same-beside-a-picture", symptom=Symptom.BILL_INCONSISTENT)
class CountsFewWordsBesidePictures(Endpoint):
    """Counts no more than 24 tokens of words beside pictures, however long they are."""

    def text_tokens(self, conversation: Conversation) -> int:
        counted = super().text_tokens(conversation)
        return min(counted, 24) if looks(conversation) else counted


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


# ---------------------------------------------------------------- the answer


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
