"""An open refusal above a number or a weight is a limit, whoever asks; and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rehearsed import UNVOUCHED, in_areas, run, verify_nobody_is_accused

from conformance.model import Json, Reason, Verdict
from conformance.reference.conversation import Conversation, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError

#: The areas that send several pictures, or heavy ones.
ASKING = in_areas(
    "url", "base64", "multi-image", "usage", "history", "limits", "cache", "placeholders", "tools"
)
SILENT = replace(UNVOUCHED, most_pictures=None, most_bytes=None)


def taking(*, pictures: int = 99, size: int = 10**9, status: int = 422) -> type[Endpoint]:
    """An endpoint that refuses more openly."""

    class Limited(Endpoint):
        async def gather(self, body: dict[str, Json]) -> Conversation:
            conversation = await super().gather(body)
            seen = looks(conversation)
            if len(seen) > pictures:
                raise ApiError(f"At most {pictures} pictures.", status=status)
            if any(look.size > size for look in seen):
                raise ApiError("The picture is too large.", status=413)
            return conversation

    return Limited


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("pictures", "said"), [(1, {"most_pictures": 1}), (2, {"most_pictures": 2}), (2, {}), (4, {})]
)
def test_more_pictures_than_are_taken(pictures: int, said: dict[str, int]) -> None:
    """Whether the target file says so, or the same number is refused in the plainest way."""
    seen = run(taking(pictures=pictures), ASKING, target=replace(SILENT, **said))
    verify_nobody_is_accused(seen)
    limits = [f for f in seen.with_verdict(Verdict.NOT_APPLICABLE) if f.why is Reason.LIMIT]
    assert len(limits) > 5


@pytest.mark.sampled(4)
@pytest.mark.parametrize("said", [{"most_bytes": 500_000}, {}])
def test_heavier_pictures_than_are_taken(said: dict[str, int]) -> None:
    seen = run(taking(size=500_000), ASKING, target=replace(SILENT, **said))
    verify_nobody_is_accused(seen)


@pytest.mark.slow
def test_a_number_of_pictures_that_is_promised_is_no_limit() -> None:
    seen = run(taking(pictures=2), ASKING, target=replace(SILENT, most_pictures=3))
    assert "multi-image/every-picture-is-seen" in seen.failed


class RefusesMixtures(Endpoint):
    """Refuses pictures by URL beside data URLs, however many; as many of one kind are taken."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        if len({look.source for look in looks(conversation)}) > 1:
            raise ApiError("Pictures must all be given in the same way.", status=400)
        return conversation


def test_what_is_refused_for_another_reason_is_no_limit() -> None:
    seen = run(RefusesMixtures, ASKING, target=SILENT)
    assert "multi-image/url-and-base64-mix" in seen.failed
