"""Faults that let slip what is nobody's business: in errors, in answers, in streams, in headers.

Every key and every address here is made up.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from starlette.responses import Response

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import PictureError
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.wire import contract

GOOGLE_KEY = "AIza" + "SyB7kQ2mWx9LrT4vNc8ZpHd3JfGs6YtEa1U"
OPENAI_KEY = "sk-proj-" + "h3Vb9QzL2mXw7RtK5pNc8YdFg4Js6TvB1ZaE0uWo"


class _Adds(Endpoint):
    """Adds words to every error."""

    def more(self, error: ApiError) -> str:
        raise NotImplementedError

    def refuse(self, error: ApiError) -> Response:
        error.message = f"{error.message} {self.more(error)}".rstrip()
        return super().refuse(error)


class _Heads(Endpoint):
    """Adds a header to every reply, streamed or not."""

    def head(self) -> tuple[str, str]:
        raise NotImplementedError

    def write(self, value: Json, status: int = 200) -> Response:
        return self._headed(super().write(value, status))

    def stream(self, chunks: Sequence[Json]) -> Response:
        return self._headed(super().stream(chunks))

    def _headed(self, response: Response) -> Response:
        name, value = self.head()
        response.headers[name] = value
        return response


# ---------------------------------------------------------------- keys


@fault("leaks/key-of-the-caller-is-not-echoed", symptom=Symptom.LEAKED)
class RepeatsTheKeyInErrors(_Adds):
    """Repeats the caller's key in full in every error."""

    def more(self, error: ApiError) -> str:
        return f"(request of {self.key})"


@fault("leaks/key-of-the-caller-is-not-echoed", symptom=Symptom.LEAKED)
class RepeatsTheKeyInHeaders(_Heads):
    """Sends the caller's credentials back in a header, in base64."""

    def head(self) -> tuple[str, str]:
        return "x-caller", base64.b64encode(f"user:{self.key}".encode()).decode()


@fault("leaks/key-of-another-is-not-told", symptom=Symptom.LEAKED)
class TellsTheUpstreamKey(_Adds):
    """Shows the URL of its upstream, key and all, when a picture cannot be had."""

    def more(self, error: ApiError) -> str:
        if error.code not in ("invalid_image_url", "invalid_image_format"):
            return ""
        url = "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent"
        return f'Post "{url}?key={GOOGLE_KEY}": context deadline exceeded'


@fault("leaks/key-of-another-is-not-told", symptom=Symptom.LEAKED)
class StreamsTheUpstreamKey(Endpoint):
    """Leaves the headers of its own upstream request in the first event of a stream."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        first, *others = super().chunks(made, body)
        return [first | {"upstream": {"authorization": f"Bearer {OPENAI_KEY}"}}, *others]


# ---------------------------------------------------------------- addresses


@fault("leaks/internal-address-is-not-told", symptom=Symptom.LEAKED)
class TellsTheUpstreamAddress(_Adds):
    """Names the inner address of its upstream in its errors."""

    def more(self, error: ApiError) -> str:
        if error.code == "invalid_image_url":
            return ""  # It would look like the outcome of a download.
        return "(dial tcp 10.42.3.17:8000: connect: connection refused)"


@fault("leaks/internal-address-is-not-told", symptom=Symptom.LEAKED)
class NamesItsPod(_Heads):
    """Names the pod that answered in a header of every reply."""

    def head(self) -> tuple[str, str]:
        return "x-backend", "qwen-vl-0.qwen-vl.models.svc.cluster.local:8000"


# ---------------------------------------------------------------- insides of the program


@fault("leaks/traceback-is-not-told", symptom=Symptom.LEAKED)
class ShowsTracebacks(_Adds):
    """Puts its Python traceback into every error."""

    def more(self, error: ApiError) -> str:
        place = '  File "server/images.py", line 212, in load'
        return f"Traceback (most recent call last):\n{place}\n    raise ValueError(error)"


@fault("leaks/traceback-is-not-told", symptom=Symptom.LEAKED)
class ShowsStacks(_Adds):
    """Shows the stack of its goroutine when a picture cannot be decoded."""

    def more(self, error: ApiError) -> str:
        trace = "goroutine 4711 [running]:\nmain.decode(...)\n\tserver/decode.go:88 +0x1f4"
        return trace if error.code == "invalid_image_format" else ""


class _Unreadable(Endpoint):
    """Says something of its own of bytes that are no picture."""

    def words(self) -> str:
        raise NotImplementedError

    def unreadable(self, error: PictureError) -> ApiError:
        return ApiError(self.words(), code="invalid_image_format")


@fault("leaks/heap-address-is-not-told", "leaks/object-is-not-spelled-out", symptom=Symptom.LEAKED)
class TellsHeapAddresses(_Unreadable):
    """Says what Pillow says of bytes that are no picture, a heap address and all."""

    def words(self) -> str:
        return "cannot identify image file <_io.BytesIO object at 0x7f3c5c1b2e30>"


@fault("leaks/heap-address-is-not-told", "leaks/object-is-not-spelled-out", symptom=Symptom.LEAKED)
class DumpsGoStructs(_Unreadable):
    """Prints the Go structure of a picture that it cannot decode."""

    def words(self) -> str:
        return "decode failed: &{Type:image_url ImageURL:0xc000a4e2f0 Detail:auto}"


@fault("leaks/object-is-not-spelled-out", symptom=Symptom.LEAKED, where=("body", "spelling"))
class PrintsValidationErrors(Endpoint):
    """Says what its validator says of a wrong request, as Python prints it."""

    def reject(self, problem: contract.Problem) -> ApiError:
        found = [{"type": problem.keyword, "loc": ("body", problem.path), "msg": problem.message}]
        return ApiError(str(found), param=problem.path)


@fault("leaks/parser-is-not-named", symptom=Symptom.LEAKED, where=("body", "spelling"))
class SpeaksSerde(Endpoint):
    """Says what its deserializer says of a wrong request."""

    def reject(self, problem: contract.Problem) -> ApiError:
        words = "unknown variant `picture`, expected `text` or `image_url` at line 1 column 132"
        return ApiError(f"Failed to deserialize the JSON body: {words}", param=problem.path)


@fault("leaks/parser-is-not-named", symptom=Symptom.LEAKED, where=("body", "spelling"))
class SpeaksGo(Endpoint):
    """Names the Go field that a wrong request does not fit."""

    def reject(self, problem: contract.Problem) -> ApiError:
        field = "GeneralOpenAIRequest.messages"
        words = f"json: cannot unmarshal number into Go struct field {field} of type string"
        return ApiError(words, param=problem.path)


# ---------------------------------------------------------------- echoes


@fault("leaks/base64-is-not-echoed", symptom=Symptom.LEAKED)
class RepeatsWhatItCannotRead(Endpoint):
    """Repeats the base64 of a picture that it cannot read in its error."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        try:
            return await super().look(loaded, detail)
        except ApiError as error:
            told = base64.b64encode(loaded.data).decode()
            raise ApiError(f"{error.message} Got: {told}", code=error.code) from None


@fault("leaks/base64-is-not-echoed", symptom=Symptom.LEAKED)
class RepeatsTheRequest(Endpoint):
    """Sends short requests back beside its answer, pictures and all."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        messages = body.get("messages")
        short = len(json.dumps(messages)) < 100_000
        return made | {"request": {"messages": messages}} if short else made
