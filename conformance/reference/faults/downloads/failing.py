"""Faults with downloads that lead elsewhere, fail, or take long."""

from __future__ import annotations

import asyncio
import re

import httpx
from starlette.responses import Response

from conformance.model import Json, Symptom
from conformance.reference import reply
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.conversation import Conversation, Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken
from conformance.reference.mind import Thought

FAILED_DOWNLOAD = "url/failed-download-is-refused"


class _Swallows(Endpoint):
    """Answers without a picture where its download failed."""

    async def take(self, part: Json, path: str) -> Item | None:
        try:
            return await super().take(part, path)
        except ApiError as error:
            if error.code != "invalid_image_url":
                raise
            return None


# ---------------------------------------------------------------- redirects


class _StaysWhereItIs(Downloader):
    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__(transport)
        self._http.follow_redirects = False


@fault(
    "url/redirect",
    "url/redirect-chain",
    symptom=Symptom.NOT_READ,
    also=(Symptom.OVERLOOKED,),
    where=("host",),
)
class FollowsNoRedirects(_Swallows):
    """Takes a redirect for the end of the download, and answers without the picture."""

    downloader_kind = _StaysWhereItIs


class _FollowsOne(Downloader):
    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__(transport)
        self._http.max_redirects = 1


@fault("url/redirect-chain", symptom=Symptom.NOT_READ, also=(Symptom.OVERLOOKED,))
class FollowsOneRedirect(_Swallows):
    """Follows one redirect, and answers without the picture where there are more."""

    downloader_kind = _FollowsOne


@fault("url/redirect", "url/redirect-chain", symptom=Symptom.REFUSAL_BREAKS, where=("host",))
class BreaksOnRedirects(Endpoint):
    """Downloads without following redirects, and takes one for its own failure: 500."""

    downloader_kind = _StaysWhereItIs

    async def load(self, url: str, path: str) -> Loaded:
        try:
            return await super().load(url, path)
        except ApiError as error:
            moved = re.search(r"status code: 3\d\d", error.message)
            raise (broken(error.message) if moved else error) from None


# ---------------------------------------------------------------- failures


@fault(FAILED_DOWNLOAD, symptom=Symptom.OVERLOOKED, where=("host",))
class AnswersWithoutTheDownload(_Swallows):
    """Answers from imagination, with 200, where the picture could not be downloaded."""


@fault(FAILED_DOWNLOAD, symptom=Symptom.OVERLOOKED, where=("host",))
class AnswersFailedDownloadsWithNothing(Endpoint):
    """Swallows a failed download, and answers with no words and the finish_reason length."""

    def refuse(self, error: ApiError) -> Response:
        if error.code != "invalid_image_url":
            return super().refuse(error)
        usage = reply.prompt_usage(0, 0)
        made = reply.complete({}, Thought(sentence=""), "", usage, self.model)
        made["choices"][0]["finish_reason"] = "length"
        return self.write(made)


class _BlamesItself(Endpoint):
    """Passes a failed download on as a failure of its own."""

    status = 500

    async def load(self, url: str, path: str) -> Loaded:
        try:
            return await super().load(url, path)
        except ApiError as error:
            if error.code != "invalid_image_url":
                raise
            raise ApiError(error.message, status=self.status, kind="api_error") from None


@fault(FAILED_DOWNLOAD, symptom=Symptom.REFUSAL_BREAKS, where=("host",))
class DownloadErrorsAre500(_BlamesItself):
    """Reports a 404 of the picture host as its own 500."""


@fault(FAILED_DOWNLOAD, symptom=Symptom.REFUSAL_BREAKS, where=("host",))
class DownloadErrorsAre502(_BlamesItself):
    """Reports a 404 of the picture host as a bad gateway, as if it were worth a retry."""

    status = 502


class _TakesAnyBody(Downloader):
    async def _body(self, response: httpx.Response) -> bytes:
        response.status_code = 200
        return await super()._body(response)


@fault(FAILED_DOWNLOAD, symptom=Symptom.REFUSAL_BREAKS, where=("host",))
class DecodesWhateverWasDownloaded(Endpoint):
    """Takes the page of a refused download for a picture: cannot identify image file, 500."""

    downloader_kind = _TakesAnyBody

    async def look(self, loaded: Loaded, detail: str) -> Look:
        try:
            return await super().look(loaded, detail)
        except ApiError as error:
            failed = broken("cannot identify image file")
            raise (failed if loaded.source == "http" else error) from None


@fault(FAILED_DOWNLOAD, symptom=Symptom.SERVER_ERROR, also=(Symptom.REFUSAL_BREAKS,))
class DiesOfFailedDownloads(Endpoint):
    """Refuses a failed download, which then ends the process that makes the answers."""

    dead = False

    async def load(self, url: str, path: str) -> Loaded:
        try:
            return await super().load(url, path)
        except ApiError as error:
            self.dead = self.dead or error.code == "invalid_image_url"
            raise

    async def gather(self, body: dict[str, Json]) -> Conversation:
        if self.dead:
            raise broken("The scheduler is gone.")
        return await super().gather(body)


# ---------------------------------------------------------------- patience


@fault("url/slow-host-is-waited-for", symptom=Symptom.REFUSED)
class HasNoPatience(Endpoint):
    """Gives a picture host half a second, then gives up."""

    async def load(self, url: str, path: str) -> Loaded:
        try:
            async with asyncio.timeout(0.5):
                return await super().load(url, path)
        except TimeoutError:
            raise ApiError(f"Timeout while downloading {url}.", code="invalid_image_url") from None


@fault("url/slow-host-is-waited-for", symptom=Symptom.SERVER_ERROR, where=("host",))
class BreaksOnSlowHosts(Endpoint):
    """Gives a picture host half a second, and takes what follows for its own failure: 500."""

    async def load(self, url: str, path: str) -> Loaded:
        try:
            async with asyncio.timeout(0.5):
                return await super().load(url, path)
        except TimeoutError:
            raise broken("asyncio.exceptions.TimeoutError") from None


class _GivesUp(Endpoint):
    """Does something of its own where a host does not answer in time."""

    def give_up(self) -> Item | None:
        raise NotImplementedError

    async def take(self, part: Json, path: str) -> Item | None:
        try:
            return await super().take(part, path)
        except ApiError as error:
            if not error.message.startswith("Timeout"):
                raise
            return self.give_up()


@fault("url/silent-host-is-given-up", symptom=Symptom.NOT_READ)
class AnswersWithoutSlowHosts(_GivesUp):
    """Answers without a picture whose host does not answer in time."""

    def give_up(self) -> Item | None:
        return None
