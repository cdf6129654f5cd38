"""Every place a picture may be fetched from: the picture host, the witness, a folder of files."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from conformance.host.app import PictureHost, Placement
from conformance.host.server import HostServer
from conformance.host.witness import WitnessServer
from conformance.model import Elsewhere, Fetch, Hosted, LocalFile, Picture, Placeable
from conformance.wire.address import AT_WITNESS, ELSEWHERE_PATH, file_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """Places pictures. The witness and the folder are needed for the area ``security`` only."""

    host: PictureHost
    witness: PictureHost | None = None
    folder: Path | None = None

    def place(self, picture: Picture, via: Placeable, /) -> Placement:
        """Makes a picture available, until it is forgotten or, for a file, the run ends."""
        if isinstance(via, Hosted):
            return self.host.place(picture, via)
        if isinstance(via, Elsewhere):
            return self._elsewhere(picture, via)
        return self._in_a_file(picture, via)

    def fetches(self, token: str) -> tuple[Fetch, ...]:
        """The fetches so far; the path of one that reached the witness says so."""
        hits = self.witness.fetches(token) if self.witness else ()
        return self.host.fetches(token) + tuple(replace(f, path=AT_WITNESS + f.path) for f in hits)

    def forget(self, token: str) -> None:
        self.host.forget(token)
        if self.witness:
            self.witness.forget(token)

    def _elsewhere(self, picture: Picture, via: Elsewhere) -> Placement:
        if self.witness is None:
            raise ValueError("there is no witness without --security")
        placed = self.witness.place(picture, Hosted(path=ELSEWHERE_PATH))
        url = _spelled(placed.url, via.spelling)
        if not via.redirects:
            return replace(placed, url=url)
        ordered = Hosted(path=ELSEWHERE_PATH, redirects=via.redirects)
        return self.host.place(picture, ordered, placed.token, onward=url)

    def _in_a_file(self, picture: Picture, via: LocalFile) -> Placement:
        if self.folder is None:
            raise ValueError("there is no folder for files without --security")
        path = self.folder / file_name(picture, via)
        if not via.missing:
            path.write_bytes(picture.data)
        return Placement(url=f"{via.scheme}{path}", token=secrets.token_urlsafe())


@contextmanager
def open_sites(bind: str, public_url: str, *, security: bool) -> Iterator[Sites]:
    """The sites on real sockets, while the ``with`` block lasts. Raises HostError."""
    with ExitStack() as stack:
        host = stack.enter_context(HostServer(bind, public_url, kind=PictureHost)).host
        if not security:
            yield Sites(host=host)
            return
        witness = stack.enter_context(WitnessServer()).host
        folder = stack.enter_context(TemporaryDirectory(prefix="conformance-"))
        yield Sites(host=host, witness=witness, folder=_open_to_all(Path(folder).resolve()))


def _open_to_all(folder: Path) -> Path:
    """An endpoint that opens files may run as another user."""
    folder.chmod(0o755)
    return folder


def _spelled(url: str, host: str) -> str:
    """The URL with its host spelled otherwise."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{host}:{parts.port}").geturl()
