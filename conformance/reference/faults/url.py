"""Faults with pictures given by URL."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, url_in, without


class _Overlooks(Endpoint):
    """Leaves a picture out where ``overlooks`` says so, and answers all the same."""

    def overlooks(self, url: str) -> bool:
        raise NotImplementedError

    async def take(self, part: Json, path: str) -> Item | None:
        url = url_in(part)
        if isinstance(url, str) and self.overlooks(url):
            return None
        return await super().take(part, path)


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


@fault("url/plain", symptom=Symptom.SERVER_ERROR, where=("way",))
class TakesUrlsForBase64(Endpoint):
    """Hands the URL itself to the base64 decoder, and fails with a 500."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("http"):
            raise broken("InvalidCharacterError")
        return await super().load(url, path)


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


@fault("url/format-is-read", symptom=Symptom.REFUSED)
class KnowsTwoFormatsByUrl(Endpoint):
    """Sends only PNG and JPEG on when they come by URL, and refuses WebP and GIF."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        if loaded.source == "http" and loaded.data[:4] in (b"RIFF", b"GIF8"):
            raise ApiError("mime type is not supported by the upstream", code="invalid_image_url")
        return await super().look(loaded, detail)


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


@fault("url/costs-what-the-data-url-costs", symptom=Symptom.BILL_INCONSISTENT)
class BillsUrlsAsText(Endpoint):
    """Counts a picture given by URL as the text of its URL."""

    def price(self, look: Look) -> int:
        return 20 if look.source == "http" else super().price(look)


@fault(
    "url/reads-what-the-data-url-reads",
    "acuity/url-is-as-legible-as-data-url",
    symptom=Symptom.DEGRADED,
    where=("way",),
)
class FetchesThumbnails(Endpoint):
    """Passes pictures given by URL through a proxy that shrinks them."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        return await super().look(loaded, "low" if loaded.source == "http" else detail)


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
