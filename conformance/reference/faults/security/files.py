"""Faults that open files of the machine, or tell which there are."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from conformance.model import Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault

FILE = "security/file-is-not-opened"
ORACLE = "security/file-errors-tell-nothing"


class _TakesPaths(Endpoint):
    """Takes a path for the address of a picture, where it leads to a temporary file."""

    async def load(self, url: str, path: str) -> Loaded:
        file = _path_in(url)
        return await super().load(url, path) if file is None else self.opened(file)

    def opened(self, file: Path) -> Loaded:
        raise NotImplementedError


def _path_in(url: str) -> Path | None:
    """The path that a URL is or names; None outside the folder for temporary files."""
    named = unquote(urlsplit(url).path) if url[:5].lower() == "file:" else url[:4096]
    if not named.startswith("/") or "\0" in named:
        return None
    file = Path(named)
    return file if Path(tempfile.gettempdir()).resolve() in file.parents else None


@fault(FILE, ORACLE, symptom=Symptom.LET_IN, where=("way",))
class OpensFiles(_TakesPaths):
    """Opens the file that a file:// URL or a bare path leads to, and reads the picture in it."""

    def opened(self, file: Path) -> Loaded:
        try:
            return Loaded(data=file.read_bytes(), source="http")
        except OSError as error:
            raise ApiError(f"[Errno {error.errno}] {error.strerror}") from None


@fault(ORACLE, symptom=Symptom.LEAKED)
class TellsWhichFilesExist(_TakesPaths):
    """Refuses a path in other words where there is a file than where there is none."""

    def opened(self, file: Path) -> Loaded:
        there, missing = "cannot identify image file", "No such file or directory"
        raise ApiError(f"Invalid image: {there if file.exists() else missing}.")
