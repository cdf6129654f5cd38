"""Endpoints that differ from the official one without being wrong are not accused."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Any
from uuid import uuid4
from zlib import crc32

import pytest
from PIL import Image
from starlette.responses import Response, StreamingResponse

from conformance.drawing import codes
from conformance.model import Case, Json, Level, Verdict
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.looking import Sight
from conformance.reference.failure import ApiError
from conformance.reference.mind import NOTHING_GIVEN, NOTHING_READ, NOTHING_SEEN, Thought
from conformance.tokens.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Checks by id, SHOULD or MAY, that name what a variant does otherwise; never MUST."""

    noted: frozenset[str]
    #: Those that are UNOBSERVED, because it does as a model does that is not able to.
    left_open: frozenset[str]


#: Of the checks so many are one part; each variant meets another; the slow tests take larger parts.
SHARE = 80
#: What others are blocked by.
ALWAYS = frozenset({"base64/plain", "url/plain", "usage/counts-are-whole"})

VARIANTS: dict[type[Endpoint], Expected] = {}


def harmless(
    *noted: str, left_open: tuple[str, ...] = ()
) -> Callable[[type[Endpoint]], type[Endpoint]]:
    def register(kind: type[Endpoint]) -> type[Endpoint]:
        VARIANTS[kind] = Expected(noted=frozenset(noted), left_open=frozenset(left_open))
        return kind

    return register


@pytest.fixture(autouse=True, scope="module")
def _same_chances() -> None:
    random.seed(20261121)


@pytest.mark.parametrize("share", [SHARE, pytest.param(3, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", VARIANTS, ids=lambda kind: kind.__name__)
def test_nothing_is_held_against(kind: type[Endpoint], share: int, run, quick: set[str]) -> None:
    expected = VARIANTS[kind]
    turn = list(VARIANTS).index(kind)
    asked = {check for check in quick if (crc32(check.encode()) + turn) % share == 0}
    findings = run(kind, asked | expected.noted | expected.left_open | ALWAYS)
    failed = {f.case.check.id: f for f in findings if f.verdict is Verdict.FAILED}
    unseen = [f for f in findings if f.verdict in (Verdict.UNOBSERVED, Verdict.BLOCKED)]
    told = "\n".join(f"{f.case.id}: {f.actual}" for f in (*failed.values(), *unseen))
    assert set(failed) == expected.noted, told
    assert {f.case.check.id for f in unseen} == expected.left_open, told
    assert all(f.ability for f in unseen), told
    assert all(f.case.check.level is not Level.MUST for f in failed.values()), told


_SHARED = Endpoint()


class _SameEyes(Endpoint):
    """Sees what the faultless endpoint has seen: looking takes longer than all the rest."""

    def look_at(self, data: bytes, detail: str) -> tuple[Sight, tuple[int, int]]:
        return _SHARED.look_at(data, detail)


class _Edits(_SameEyes):
    """Changes the choices of a plain reply."""

    def edit(self, choice: Json) -> Json:
        return choice

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        return made | {"choices": [self.edit(choice) for choice in made["choices"]]}


@harmless()
class SaysMore(_SameEyes):
    """Members that no schema knows, at every level."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        for choice in made["choices"]:
            choice |= {"content_filter_results": {}, "stop_reason": None}
            more = {"annotations": [], "audio": None, "tool_calls": None}
            choice["message"] = more | choice["message"]
        more = {"provider": "x", "service_tier": None, "prompt_filter_results": [{}]}
        return made | more | {"usage": made["usage"] | {"cost": 0.001, "is_byok": False}}

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        return [c | {"obfuscation": "kD8s", "provider": "x"} for c in super().chunks(made, body)]


@harmless("shape/reply-is-complete")
class SaysLess(_Edits):
    """No refusal, no logprobs, no system_fingerprint: most compatible servers."""

    def edit(self, choice: Json) -> Json:
        message = {k: v for k, v in choice["message"].items() if k != "refusal"}
        return {k: v for k, v in choice.items() if k != "logprobs"} | {"message": message}

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        found = super().chunks(made, body)
        for chunk in found:
            del chunk["system_fingerprint"]
            for choice in chunk["choices"]:
                del choice["logprobs"]
                choice["delta"].pop("refusal", None)
        return found


@harmless()
class FiltersFirst(_SameEyes):
    """A first chunk without choices, as Azure sends for its filter of prompts."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        found = super().chunks(made, body)
        head = {"id": "", "object": "chat.completion.chunk", "created": 0, "model": ""}
        return [head | {"choices": [], "prompt_filter_results": []}, *found]


@harmless()
class AlwaysCounts(_SameEyes):
    """A usage chunk at the end of every stream, asked for or not."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        return super().chunks(made, body | {"stream_options": {"include_usage": True}})


@harmless()
class CountsAsItGoes(_SameEyes):
    """Usage on every chunk, growing, and none of its own at the end."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        usage = made["usage"]
        found = [c for c in super().chunks(made, body) if c["choices"]]
        for spent, chunk in enumerate(found):
            total = usage["prompt_tokens"] + spent
            counts = {"completion_tokens": spent, "total_tokens": total}
            chunk["usage"] = usage | counts
        return found


@harmless("sdk/framing-is-understood")
class WritesEventsOtherwise(_SameEyes):
    """CRLF, comments, event names, ids, retry, no space after the colon."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        yield ": PROCESSING\r\n\r\nretry: 3000\r\n\r\n"
        for number, chunk in enumerate(chunks):
            yield f"id: {number}\r\nevent: message\r\ndata:{json.dumps(chunk)}\r\n\r\n"
            yield ": ping\r\n\r\n"
        yield "data:[DONE]\r\n\r\n"


@harmless("streaming/long-answer-comes-in-pieces")
class SendsOneChunk(_SameEyes):
    """The whole answer in one delta, together with its role."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        role, *words, end = [c for c in super().chunks(made, body) if c["choices"]]
        if any("tool_calls" in word["choices"][0]["delta"] for word in words):
            return super().chunks(made, body)
        text = "".join(w["choices"][0]["delta"].get("content", "") for w in words)
        role["choices"][0]["delta"]["content"] = text
        counted = [c for c in super().chunks(made, body) if not c["choices"]]
        return [role, end, *counted]


@harmless()
class ThinksAloud(_Edits):
    """Reasoning beside the answer, and before it in the stream."""

    def edit(self, choice: Json) -> Json:
        thoughts = "First I guess 2C4F7H, then NC22W9; let me look again."
        return choice | {"message": choice["message"] | {"reasoning_content": thoughts}}

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        role, *others = super().chunks(made, body)
        thought = json.loads(json.dumps(role))
        thought["choices"][0]["delta"] = {"content": None, "reasoning_content": "2C4F7H?"}
        return [role, thought, *others]


@harmless()
class DatesItsModel(_SameEyes):
    """The dated name of the model in the reply."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        return made | {"model": f"{self.model}-2024-08-06"}


class _Words(_SameEyes):
    """Changes the words of an answer, but not inside JSON."""

    def reword(self, text: str) -> str:
        raise NotImplementedError

    def phrase(self, thought: Thought, body: dict[str, Json]) -> str:
        text = super().phrase(thought, body)
        return text if body.get("response_format") else self.reword(text)


@harmless()
class Chatters(_Words):
    """A preamble and a closing word around every answer."""

    def reword(self, text: str) -> str:
        before = "Certainly! I have looked at what you sent. Here is what I can make out:"
        return f"{before}\n\n{text}\n\nLet me know if there is anything else you need!"


@harmless()
class FencesAnswers(_Words):
    """Every answer in a Markdown code block."""

    def reword(self, text: str) -> str:
        return f"```text\n{text}\n```\n"


@harmless()
class ThinksInWords(_Words):
    """An empty block of thoughts before every answer."""

    def reword(self, text: str) -> str:
        return f"<think>\n\n</think>\n\n{text}"


class _Misreads(_SameEyes):
    """Misreads three codes in a hundred."""

    def misread(self, code: str) -> str:
        raise NotImplementedError

    def think(self, conversation: Conversation) -> Thought:
        thought = super().think(conversation)
        read = (self.misread(c) if random.random() < 0.03 else c for c in thought.codes)
        return Thought(codes=tuple(read), sentence=thought.sentence)


@harmless()
class MisreadsACharacter(_Misreads):
    """One character wrong in three codes of a hundred: a B for an 8."""

    def misread(self, code: str) -> str:
        at = random.randrange(len(code))
        return code[:at] + random.choice("0B8ZS5GQ") + code[at + 1 :]


@harmless()
class MisreadsACode(_Misreads):
    """Three codes in a hundred wholly wrong."""

    def misread(self, code: str) -> str:
        return codes.draw(random.Random(random.random()))


@harmless()
class RefusesWith422(_SameEyes):
    """422 where the official API says 400."""

    def refuse(self, error: ApiError) -> Response:
        error.status = 422 if error.status == 400 else error.status
        return super().refuse(error)


@harmless()
class RefusesWithManyStatuses(_SameEyes):
    """413, 415 and 422 for bad requests, 403 for a wrong key, 400 for an unknown model."""

    def refuse(self, error: ApiError) -> Response:
        bad = {400: 413 + sum(error.message.encode()) % 3 * 2, 401: 403, 404: 400}
        error.status = bad.get(error.status, error.status)
        return super().refuse(error)


@harmless()
class AddsACharset(_SameEyes):
    """A charset behind every content type, in capitals."""

    def write(self, value: Json, status: int = 200) -> Response:
        response = super().write(value, status)
        response.headers["Content-Type"] = "Application/JSON; Charset=UTF-8"
        return response

    def stream(self, chunks: Sequence[Json]) -> Response:
        response = super().stream(chunks)
        response.headers["Content-Type"] = "text/event-stream; charset=utf-8"
        return response


@harmless()
class CountsSeparators(_SameEyes):
    """Two tokens more around every picture."""

    def bill(self, conversation: Conversation) -> int:
        return sum(
            self.price(item) + 2
            for said in conversation
            for item in said.items
            if not isinstance(item, str)
        )


@harmless()
class FlattensOnBlack(Endpoint):
    """Transparent pictures on black, where the guide does not say on what."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        with Image.open(io.BytesIO(data)) as raw:
            if not raw.has_transparency_data:
                return image
            paper = Image.new("RGBA", raw.size, (0, 0, 0, 255))
            return Image.alpha_composite(paper, raw.convert("RGBA")).convert("RGB")


@harmless()
class OverlooksOddDetail(_SameEyes):
    """Any value of detail it does not know is auto."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        known = re.compile(rb'"detail": ?(?!"(?:auto|low|high)")(?:"[^"]*"|\d+|null)')
        return super().parse(known.sub(b'"detail": "auto"', raw))


@harmless()
class NeverShrinks(Endpoint):
    """Sees every picture in full, whatever its detail, and bills by the rule."""

    @classmethod
    def shrink(cls, image: Image.Image, detail: str, rule: Rule) -> Image.Image:
        return image


@harmless("base64/image-jpg-is-a-jpeg")
class ReadsTheRightWayOnly(_SameEyes):
    """Refuses whatever may be refused: redirects, odd spellings, odd roles."""

    async def load(self, url: str, path: str) -> Any:
        plain = re.match(r"data:image/(png|jpeg|webp|gif);base64,[^\r\n]|http", url)
        if not plain or not url.isascii():
            raise ApiError("Invalid image URL.", param=path, code="invalid_image_url")
        return await super().load(url, path)


@harmless()
class KeepsWhatItSaw(_SameEyes):
    """What was seen is kept, by all that matters: the bytes and the detail."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: dict[Any, Look] = {}

    async def look(self, loaded: Loaded, detail: str) -> Look:
        key = sha256(loaded.data).digest(), loaded.source, detail
        if key not in self.kept:
            self.kept[key] = await super().look(loaded, detail)
        return self.kept[key]


@harmless()
class RefusesTooMuch(_SameEyes):
    """More than 24 pictures, and bodies beyond four megabytes, refused in so many words."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        if len(raw) > 6_000_000:
            return self.refuse(ApiError("The request is too large.", status=413))
        return await super().chat(headers, raw)

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        if len(looks(conversation)) > 24:
            raise ApiError("At most 24 image(s) may be provided in one prompt.")
        return conversation


@harmless(
    "history/consecutive-messages-are-accepted",
    "history/picture-without-text-is-accepted",
    # The call that is before the result stands in a message without words.
    "tools/picture-before-a-tool-result",
)
class RefusesOddHistories(_SameEyes):
    """Consecutive messages of one role, the role developer, and messages without words refused."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        roles = [said.role for said in conversation]
        if any(one == other for one, other in pairwise(roles)) or "developer" in roles:
            raise ApiError("Conversation roles must alternate user/assistant/user/assistant/…")
        if not all(said.words and "" not in said.items for said in conversation):
            raise ApiError("messages: text content blocks must be non-empty")
        return conversation


@harmless(left_open=("base64/exif-orientation",))
class LeavesPhotographsOnTheirSide(Endpoint):
    """Does not look at the orientation of a photograph, and reads nothing that is on its side."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        right = super().decode(data)
        with Image.open(io.BytesIO(data)) as raw:
            return raw.convert("RGB") if raw.getexif().get(0x0112, 1) != 1 else right


@harmless()
class GivesOtherIds(_SameEyes):
    """Ids of another form, and the name of a model behind a vendor and before a date."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        return made | {"id": str(uuid4()), "model": f"vendor/{self.model}:2024-08-06"}


@harmless()
class BreathesFirst(_SameEyes):
    """White space before and after the JSON of a plain reply, to keep the line alive."""

    def write(self, value: Json, status: int = 200) -> Response:
        text = json.dumps(value, indent=2)
        return Response(f"\n\n   \n{text}\n", status, media_type="application/json")


@harmless()
class WritesEventsOverLines(_SameEyes):
    """Each event over several data lines, as the format of streams allows."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        for chunk in chunks:
            lines = json.dumps(chunk, indent=1).splitlines()
            yield "".join(f"data: {line}\n" for line in lines) + "\n"
        yield "data: [DONE]\n\n"


@harmless()
class SendsEventsTogether(_SameEyes):
    """A whole stream in one piece of the body."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        yield "".join(super().events(chunks))


@harmless()
class CutsEventsAnywhere(_SameEyes):
    """A stream in pieces of seven bytes, whatever stands there."""

    def stream(self, chunks: Sequence[Json]) -> Response:
        whole = "".join(self.events(chunks)).encode()
        pieces = (whole[i : i + 7] for i in range(0, len(whole), 7))
        return StreamingResponse(pieces, media_type="text/event-stream")


@harmless()
class TakesItsTime(_SameEyes):
    """Every answer takes a moment."""

    async def answer(self, body: dict[str, Json], conversation: Conversation) -> Response:
        await asyncio.sleep(0.05)
        return await super().answer(body, conversation)


@harmless()
class IsBusyOnce(_SameEyes):
    """Every tenth request is first told to come back at once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.requests = 0

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        self.requests += 1
        if self.requests % 10 == 3:
            busy = self.refuse(ApiError("Rate limit reached.", status=429))
            busy.headers["retry-after"] = "0"
            return busy
        return await super().chat(headers, raw)


@harmless()
class Zips(_SameEyes):
    """Plain replies compressed, as the client says it takes them."""

    def write(self, value: Json, status: int = 200) -> Response:
        packed = gzip.compress(json.dumps(value).encode())
        headers = {"content-encoding": "gzip"}
        return Response(packed, status, headers, media_type="application/json")


@harmless("errors/error-object-is-complete")
class ExplainsOtherwise(_SameEyes):
    """Honest errors in other words and another language; the code is a number."""

    def refuse(self, error: ApiError) -> Response:
        body: Json = {
            "message": f"请求无效（{error.status}）。 The request cannot be served as it is.",
            "type": "BadRequestError" if error.status == 400 else "error",
            "param": None,
            "code": error.status,
            "metadata": {"provider_name": "x", "raw": ""},
        }
        return self.write({"error": body, "user_id": "u-1"}, error.status)


@harmless()
class DeclinesPolitely(_SameEyes):
    """What cannot be answered is declined with an apology."""

    def think(self, conversation: Conversation) -> Thought:
        thought = super().think(conversation)
        if thought in (NOTHING_SEEN, NOTHING_GIVEN, NOTHING_READ):
            return Thought(sentence="I'm sorry, but I can't help with that.")
        return thought


@harmless()
class DeclinesInAMember(_Edits):
    """What cannot be answered is declined in the member for refusals, without content."""

    def edit(self, choice: Json) -> Json:
        if choice["message"]["content"] != NOTHING_SEEN.sentence:
            return choice
        declined = {"content": None, "refusal": "I'm sorry, I can't help with that."}
        return choice | {"message": choice["message"] | declined}


@harmless()
class CountsOtherwise(_SameEyes):
    """Usage without the details that are documented, and with others; a price among them."""

    def usage(self, conversation: Conversation, body: dict[str, Json]) -> dict[str, Json]:
        counted = super().usage(conversation, body)
        counted["prompt_tokens_details"] = {"cached_tokens": 0, "video_tokens": 0}
        return counted | {"cost": 0.25, "queue_time": 0.1, "prompt_cache_hit_tokens": 0}


@harmless()
class CountsNoDetails(_SameEyes):
    """Usage of three numbers and nothing else."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        counts = {k: v for k, v in made["usage"].items() if k.endswith("_tokens")}
        return made | {"usage": counts}


@harmless()
class CountsAHiddenPrompt(_SameEyes):
    """Forty tokens of a chat template before every request."""

    def text_tokens(self, conversation: Conversation) -> int:
        return 40 + super().text_tokens(conversation)


@harmless()
class CallsNoTools(_Edits):
    """An empty list of tool calls beside every answer in words, and no function call."""

    def edit(self, choice: Json) -> Json:
        more: Json = {"tool_calls": [], "function_call": None, "annotations": []}
        return choice | {"message": more | choice["message"]}


def test_the_variants_are_many() -> None:
    assert len(VARIANTS) >= 40


def test_what_most_servers_leave_out_is_no_more_than_noted(every_case: list[Case]) -> None:
    """Optional members of replies: clients must cope without them."""
    levels = {case.check.id: case.check.level for case in every_case}
    assert VARIANTS[SaysLess].noted == {"shape/reply-is-complete"}
    assert levels["shape/reply-is-complete"] is Level.MAY
    noted = {check for expected in VARIANTS.values() for check in expected.noted}
    assert Level.MUST not in {levels[check] for check in noted}
