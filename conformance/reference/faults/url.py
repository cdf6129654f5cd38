"""Faults with pictures given by http URL, and with a url that is no address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit

from starlette.responses import PlainTextResponse, Response

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Item
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, is_http, url_in, without


class _Overlooks(Endpoint):
    """Leaves a picture out where ``overlooks`` says so, and answers all the same."""

    def overlooks(self, url: str) -> bool:
        raise NotImplementedError

    async def take(self, part: Json, path: str) -> Item | None:
        url = url_in(part)
        if isinstance(url, str) and self.overlooks(url):
            return None
        return await super().take(part, path)


class _SaysNoToUrls(Endpoint):
    """Has a way to say no to a picture that is given by URL."""

    def no(self, url: str) -> ApiError | None:
        raise NotImplementedError

    async def load(self, url: str, path: str) -> Loaded:
        error = self.no(url) if is_http(url) else None
        if error is not None:
            raise error
        return await super().load(url, path)


# ---------------------------------------------------------------- all of them


@fault("url/plain", symptom=Symptom.NOT_READ, where=("way",))
class DropsUrlPictures(_Overlooks):
    """Leaves pictures that are given by URL out of the prompt, and answers all the same."""

    def overlooks(self, url: str) -> bool:
        return url.startswith("http")


@fault("url/plain", symptom=Symptom.REFUSED, where=("way",))
class RefusesUrls(Endpoint):
    """Takes data URLs only: 'url field must be a base64 encoded image'."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("http"):
            raise ApiError("'url' field must be a base64 encoded image.", param=path)
        return await super().load(url, path)


@fault("url/plain", symptom=Symptom.REFUSED, where=("way",))
class RefusesUrlsInWords(Endpoint):
    """Passes on that its upstream takes no URLs: 400 in plain text, and no error object."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        if b'"url":"http' in raw.replace(b": ", b":"):
            return PlainTextResponse("external image URLs are not supported", 400)
        return await super().chat(headers, raw)


@fault("url/plain", symptom=Symptom.SERVER_ERROR, where=("way",))
class TakesUrlsForBase64(Endpoint):
    """Hands the URL itself to the base64 decoder, and fails with a 500."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("http"):
            raise broken("InvalidCharacterError")
        return await super().load(url, path)


@fault("url/plain", symptom=Symptom.REFUSED, where=("way",))
class ForgetsTheMediaType(_SaysNoToUrls):
    """Keeps the address of a picture and not its media type, which the upstream demands."""

    def no(self, url: str) -> ApiError | None:
        return ApiError("Invalid value at 'file_data': mimeType is required")


@fault("url/plain", symptom=Symptom.REFUSED, where=("way",))
class ReachesNoHost(_SaysNoToUrls):
    """Lets a provider in another network fetch pictures, which times out on every host."""

    def no(self, url: str) -> ApiError | None:
        return ApiError("Download the media resource timed out during the data inspection process.")


@fault("url/plain", symptom=Symptom.REFUSED, where=("way",))
class EmptiesUrlPictures(Endpoint):
    """Writes no bytes at all in the place of a picture that is given by URL."""

    async def load(self, url: str, path: str) -> Loaded:
        if is_http(url):
            return Loaded(data=b"", source="http")
        return await super().load(url, path)


@fault("url/plain", symptom=Symptom.SERVER_ERROR, where=("way",))
class FailsAfterTheDownload(Endpoint):
    """Downloads a picture, and then says no more than that the upstream said 500."""

    async def load(self, url: str, path: str) -> Loaded:
        loaded = await super().load(url, path)
        if loaded.source == "http":
            raise broken("bad response status code 500")
        return loaded


# ---------------------------------------------------------------- how they are spelled


@fault("url/extension-does-not-matter", symptom=Symptom.REFUSED, where=("host",))
class TrustsTheExtension(Endpoint):
    """Goes by the extension of the URL, and refuses what does not end like a picture."""

    async def load(self, url: str, path: str) -> Loaded:
        suffix = urlsplit(url).path.rpartition(".")[2]
        if url.startswith("http") and suffix not in ("png", "jpg", "jpeg", "webp", "gif"):
            raise ApiError("Could not guess the MIME type of the image URL.", param=path)
        return await super().load(url, path)


@fault("url/extension-does-not-matter", symptom=Symptom.NOT_READ)
class SeesBase64InUrls(_Overlooks):
    """Takes any URL with 'base64,' in it for a data URL, and loses the picture."""

    def overlooks(self, url: str) -> bool:
        return url.startswith("http") and "base64," in url


class _ChangesUrls(Endpoint):
    def changed(self, url: str) -> str:
        raise NotImplementedError

    async def load(self, url: str, path: str) -> Loaded:
        return await super().load(self.changed(url) if url.startswith("http") else url, path)


@fault("url/query-string-is-kept", symptom=Symptom.REFUSED)
class StripsTheQuery(_ChangesUrls):
    """Cuts the query string off the URL, signature and all."""

    def changed(self, url: str) -> str:
        return url.partition("?")[0]


@fault("url/query-string-is-kept", symptom=Symptom.REFUSED)
class DecodesTheQuery(_ChangesUrls):
    """Percent-decodes the query string, which breaks signatures."""

    def changed(self, url: str) -> str:
        head, mark, query = url.partition("?")
        return head + mark + unquote(query)


@fault("url/query-string-is-kept", symptom=Symptom.REFUSED)
class RefusesUrlsWithAQuery(_SaysNoToUrls):
    """Hands URLs on to an upstream that can make nothing of one with a query string."""

    def no(self, url: str) -> ApiError | None:
        return ApiError("Unable to process input image") if "?" in url else None


@fault("url/percent-encoded-path-is-kept", symptom=Symptom.REFUSED)
class DecodesThePath(_ChangesUrls):
    """Percent-decodes the path, and asks for what stands before its first space."""

    def changed(self, url: str) -> str:
        head, mark, query = url.partition("?")
        return unquote(head).partition(" ")[0] + mark + query


@fault("url/percent-encoded-path-is-kept", symptom=Symptom.REFUSED)
class EncodesThePathTwice(_ChangesUrls):
    """Percent-encodes a path that is encoded already."""

    def changed(self, url: str) -> str:
        return quote(url, safe=":/?&=")


@fault("url/non-ascii-path", symptom=Symptom.NOT_READ)
class DropsNonAsciiUrls(_Overlooks):
    """Fails to encode a Chinese path, swallows the error and answers without the picture."""

    def overlooks(self, url: str) -> bool:
        return not url.isascii()


# ---------------------------------------------------------------- what is no address


@fault("base64/missing-image-url-is-refused", symptom=Symptom.OVERLOOKED)
class OverlooksEmptyParts(Endpoint):
    """Leaves a picture part without image_url out, and answers all the same."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        return without(super().parse(raw), lambda part: "image_url" not in part)


@fault("url/empty-url-is-refused", symptom=Symptom.OVERLOOKED)
class OverlooksEmptyUrls(Endpoint):
    """Leaves a picture with an empty url out, and answers all the same."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        return without(super().parse(raw), lambda part: url_in(part) == "")


@fault("url/url-that-is-no-string-is-refused", symptom=Symptom.OVERLOOKED, where=("spelling",))
class OverlooksUrlsOfOtherTypes(Endpoint):
    """Leaves a picture out whose url is null, a number or a list, and answers all the same."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        return without(super().parse(raw), lambda part: not isinstance(url_in(part), str))


@fault("url/url-that-is-no-string-is-refused", symptom=Symptom.REFUSAL_BREAKS, where=("spelling",))
class CrashesOnUrlsOfOtherTypes(Endpoint):
    """Calls a method of strings on whatever url is: AttributeError, 500."""

    def validate(self, body: dict[str, Json]) -> None:
        without(body, _is_no_string_url)
        super().validate(body)


def _is_no_string_url(part: Json) -> bool:
    if not isinstance(url_in(part), str):
        message = f"'{type(url_in(part)).__name__}' object has no attribute 'startswith'"
        raise broken(message)
    return False


@fault("url/url-that-is-no-address-is-refused", symptom=Symptom.OVERLOOKED, where=("spelling",))
class OverlooksWhatIsNoAddress(_Overlooks):
    """Leaves a picture out whose url is a bare path or words, and answers all the same."""

    def overlooks(self, url: str) -> bool:
        return re.match(r"(?i)https?://|data:", url) is None


@fault("url/bare-string-as-image-url", symptom=Symptom.NOT_READ)
class OverlooksBareStrings(Endpoint):
    """Leaves a picture out whose image_url is a bare string, and answers all the same."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        return without(super().parse(raw), lambda part: isinstance(part.get("image_url"), str))
