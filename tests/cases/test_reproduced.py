"""What decides must be reproduced: one refusal is chance; what is lost each time is lost."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from rehearsed import UNVOUCHED, in_areas, quick, run, verify_nobody_is_accused
from starlette.responses import HTMLResponse, JSONResponse, Response

from conformance.model import Json
from conformance.reference.conversation import Conversation, Said, looks
from conformance.reference.endpoint import Endpoint

#: What counts how many of equal requests are answered, and so tells such shares as they are.
SHARES = "cache/equal-requests-are-answered-alike"
GUARD = HTMLResponse("<html>Request blocked</html>", 403)
FILTER = JSONResponse(
    {"error": {"message": "Inappropriate.", "code": "data_inspection_failed"}}, 400
)
CHANNEL = JSONResponse({"error": {"message": "No available channel."}}, 400)


def now_and_then(refusal: Response, share: float) -> type[Endpoint]:
    class Chancy(Endpoint):
        rolls = random.Random(20261130)

        async def answer(self, body: dict[str, Json], conversation: Conversation) -> Response:
            made = await super().answer(body, conversation)
            return refusal if self.rolls.random() < share else made

    return Chancy


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("refusal", "share"),
    [(GUARD, 0.02), (FILTER, 0.08), (CHANNEL, 0.03)],
    ids=("guard", "filter", "channel"),
)
def test_a_refusal_now_and_then_is_held_against_nobody(refusal: Response, share: float) -> None:
    seen = run(now_and_then(refusal, share), quick() - {SHARES}, target=UNVOUCHED)
    verify_nobody_is_accused(seen)


class LosesTheThirdTurn(Endpoint):
    """Of four or more pictures in turns of their own the third is lost."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        shown = [n for n, said in enumerate(conversation) if looks((said,))]
        return tuple(
            _blind(said) if len(shown) > 3 and n == shown[2] else said
            for n, said in enumerate(conversation)
        )


def _blind(said: Said) -> Said:
    return replace(said, items=tuple(item for item in said.items if isinstance(item, str)))


def test_of_many_pictures_one_that_is_always_lost_is_lost() -> None:
    seen = run(LosesTheThirdTurn, in_areas("multi-image", "base64"), target=UNVOUCHED)
    assert "multi-image/order-is-kept-across-turns" in seen.failed
