"""Section C, told wrongly: the right words, by symptom, trait and level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import httpx
import pytest
from between import PAGE, before, reply
from rehearsed import (
    PLAIN,
    Run,
    in_areas,
    run,
    verify_blocked_by_something,
)

from conformance.model import Json, Level, Symptom, Verdict
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault_named
from conformance.reference.mind import Thought

#: Pictures that never come to the model, or come with less in them.
LOST = {Symptom.NOT_READ, Symptom.MADE_UP, Symptom.WORDS_LOST, Symptom.DEGRADED}


# ---------------------------------------------------------------- C2, C3

STREAMING = {*in_areas("streaming"), *PLAIN, "placeholders/answer-is-not-empty"}
STREAMING |= {"history/other-scripts-are-kept", "errors/plain-text-is-answered"}


def verify_of_streams(seen: Run) -> None:
    """Everything that failed is about streams, and is told so."""
    assert seen.statements
    verify_blocked_by_something(seen)
    for found in seen.with_verdict(Verdict.FAILED):
        assert found.about is not None
        assert found.about.probe.stream, found.case.id


def test_c2_a_stream_that_breaks_text_in_mid_character() -> None:
    seen = run(fault_named("cuts-characters").make, STREAMING)
    assert "streaming/characters-arrive-whole" in seen.failed, seen.told()
    verify_of_streams(seen)
    # The pictures were seen, and the words of the request arrived.
    assert not seen.symptoms & LOST, [told.words for told in seen.statements]
    first = seen.statements[0]
    assert "stream" in first.words.lower()


class StreamsMessages(Endpoint):
    """Streams chunks that carry ``message`` where ``delta`` should be."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        chunks = super().chunks(made, body)
        return [c | {"choices": [_message(one) for one in c["choices"]]} for c in chunks]


def _message(choice: Json) -> Json:
    return {("message" if name == "delta" else name): value for name, value in choice.items()}


class StreamsBareLines(Endpoint):
    """Streams lines of JSON, without ``data:``."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        return (event.removeprefix("data: ") for event in super().events(chunks))


@pytest.mark.parametrize("make", [StreamsMessages, StreamsBareLines])
def test_c3_a_stream_of_which_no_text_can_be_read(make: type[Endpoint]) -> None:
    seen = run(make, {*STREAMING, *in_areas("errors")})
    assert "streaming/picture-is-read" in seen.failed, seen.told()
    verify_of_streams(seen)
    # No error comes as an answer.
    assert Symptom.ERROR_AS_ANSWER not in seen.symptoms
    assert not [check for check in seen.failed if check.startswith("errors/")]
    first = seen.statements[0]
    assert first.level is Level.MUST
    assert any(case.startswith("streaming/") for case in first.cases)
    assert "stream" in first.words.lower()
    assert not seen.symptoms & LOST, [told.words for told in seen.statements]


# ---------------------------------------------------------------- C4


class TakesNoPng(Endpoint):
    """Takes JPEG, WebP and GIF, and refuses PNG."""

    async def load(self, url: str, path: str) -> Loaded:
        loaded = await super().load(url, path)
        if loaded.data[:4] == b"\x89PNG":
            raise ApiError("PNG images are not supported.", code="invalid_image_format")
        return loaded


def test_c4_png_is_refused_and_jpeg_is_read() -> None:
    areas = in_areas("base64", "url", "multi-image", "history", "streaming", "usage")
    seen = run(TakesNoPng, areas)
    assert seen.failed >= PLAIN
    first = seen.statements[0]
    assert (first.level, first.symptom) == (Level.MUST, Symptom.REFUSED)
    assert "format" in first.dimensions
    assert "PNG" in first.words
    # What is about pictures of any format goes on with one that works.
    for check in ("multi-image/order-is-kept", "history/picture-after-examples-is-read"):
        assert seen.verdicts(check) == {Verdict.PASSED}, seen.told()
    others = seen.with_verdict(Verdict.BLOCKED, Verdict.UNOBSERVED)
    assert len(others) <= 0.05 * len(seen.findings), seen.told(Verdict.BLOCKED, Verdict.UNOBSERVED)


# ---------------------------------------------------------------- C5


class SeesACat(Endpoint):
    """A converter puts words of its own in the place of every picture."""

    def think(self, conversation: Conversation) -> Thought:
        if looks(conversation):
            return Thought(sentence="The picture shows a cute cat.")
        return super().think(conversation)


@pytest.mark.parametrize("make", [SeesACat, fault_named("guesses-blindly").make])
def test_c5_an_invention_in_the_place_of_every_picture(make: type[Endpoint]) -> None:
    seen = run(make, {*in_areas("base64", "detail", "acuity", "multi-image"), *PLAIN})
    assert seen.failed >= PLAIN
    first = seen.statements[0]
    assert (first.level, first.symptom) in {
        (Level.MUST, Symptom.NOT_READ),
        (Level.MUST, Symptom.MADE_UP),
    }
    assert set(first.cases) >= PLAIN
    # It does not see less: it sees nothing.
    assert Symptom.DEGRADED not in seen.symptoms, seen.told(Verdict.FAILED)


# ---------------------------------------------------------------- C7


class MasksKeys(Endpoint):
    """Masks what looks like a key in a request, the base64 of pictures included."""

    secret: ClassVar[re.Pattern[str]] = re.compile("(?i)key[a-z0-9]{12}")

    async def load(self, url: str, path: str) -> Loaded:
        return await super().load(self.secret.sub(lambda found: "*" * len(found[0]), url), path)


def test_c7_a_run_that_looks_like_a_key_is_masked_in_the_base64_of_pictures() -> None:
    seen = run(MasksKeys, in_areas("base64", "multi-image", "url", "detail"))
    assert seen.symptoms == {Symptom.REFUSED}, seen.told(Verdict.FAILED)
    # By URL no picture is spoiled, and as data URLs some: both counts say so.
    first = seen.statements[0]
    assert {"way", "spelling"} & set(first.dimensions)
    assert 0 < first.red < first.judged
    assert first.red_without == 0 < first.judged_without
    assert PLAIN.isdisjoint(seen.failed)


# ---------------------------------------------------------------- C9


def test_c9_created_in_milliseconds() -> None:
    seen = run(fault_named("tells-milliseconds").make, {*in_areas("shape"), *PLAIN})
    assert seen.failed == {"shape/created-is-in-seconds"}, seen.told()
    (told,) = seen.statements
    assert (told.level, told.symptom) == (Level.SHOULD, Symptom.MALFORMED)
    assert "seconds" in told.words


# ---------------------------------------------------------------- C11


def _is_streamed(body: dict[str, Any]) -> bool:
    return body.get("stream") is True


def _is_low(body: dict[str, Any]) -> bool:
    return '"detail": "low"' in str(body).replace("'", '"')


def _has_tools(body: dict[str, Any]) -> bool:
    return "tools" in body


@pytest.mark.parametrize(
    ("kind", "dimension"),
    [(_is_streamed, "stream"), (_is_low, "detail"), (_has_tools, "parameter")],
)
def test_c11_one_kind_of_request_always_gets_502(kind: Any, dimension: str) -> None:
    def gateway(body: dict[str, Any], _: httpx.Request) -> httpx.Response | None:
        return reply(502, PAGE, "text/html") if kind(body) else None

    areas = in_areas("streaming", "detail", "base64", "tools")
    seen = run(checks={*areas, *PLAIN}, around=before(gateway))
    broken = [f for f in seen.with_verdict(Verdict.FAILED) if f.symptom is Symptom.SERVER_ERROR]
    assert broken, seen.told()
    assert all(found.about is not None and found.about.status == 502 for found in broken)
    (told,) = [s for s in seen.about(Symptom.SERVER_ERROR) if s.traits]
    assert told.dimensions == (dimension,)
    assert told.red == told.judged
    # Neither busy nor dying: it is this kind of request alone.
    assert seen.banners == {}
    assert PLAIN.isdisjoint(seen.failed)


# ---------------------------------------------------------------- C12


class LeaksABitOfMoney(fault_named("drops-urls-of-dialects").make):  # type: ignore[misc]
    """Loses pictures by URL at other doors, and counts no picture at all."""

    def bill(self, conversation: Conversation) -> int:
        return 0


def test_c12_what_parts_the_form_that_is_lost_and_a_may_below_a_must() -> None:
    seen = run(LeaksABitOfMoney, {*in_areas("dialects", "usage", "url"), *PLAIN})
    levels = [statement.level for statement in seen.statements]
    assert levels == sorted(levels, key=list(Level).index)
    assert Level.MUST in levels
    (lost,) = [s for s in seen.about(Symptom.NOT_READ) if s.traits]
    assert set(lost.dimensions) == {"door", "way"}, lost.words
    assert lost.red == lost.judged
    assert lost.red_without == 0


def test_c12_the_plain_form_is_not_called_lost() -> None:
    seen = run(fault_named("drops-urls-of-dialects").make, {*in_areas("dialects"), *PLAIN})
    assert seen.failed == {"dialects/picture-is-read"}
    assert seen.with_verdict(Verdict.PASSED)
    for told in seen.statements:
        assert told.level is Level.MAY
        assert replace(told, cases=()).red_without == 0
