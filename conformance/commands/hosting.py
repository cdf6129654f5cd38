"""``host``: the pictures of a run under their recorded paths, to repeat its requests by hand."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from conformance import data
from conformance.commands import in_use
from conformance.commands.calls import CallError, recorded_in, refused
from conformance.commands.stopping import until_stopped
from conformance.commands.telling import tell
from conformance.drawing.corpus import CorpusError
from conformance.drawing.shelf import Shelf
from conformance.host.errors import HostError
from conformance.host.late import LateHost
from conformance.host.server import HostServer
from conformance.model import Case, Exchange, Hosted, ImagePart, Lab, Probe, cases_of
from conformance.recording import origin
from conformance.recording.cassette import Cassette, CassetteError
from conformance.recording.replay import Replay
from conformance.registry import all_checks
from conformance.running.engine import judge
from conformance.session.pictures import pictures_of
from conformance.wire.address import recorded_token


def host(folder: str | None, bind: str) -> int:
    """Serves until Ctrl-C. Exit status 0, or 2 where the call is wrong."""
    try:
        cassettes = recorded_in(Path(folder)) if folder else data.folder("cassettes") / "reference"
        if folder:
            # It goes on reading, but a run that follows need not wait for it.
            with in_use.read(Path(folder)):
                pass
        recorded = origin.read(cassettes)
        lab = Lab(target=recorded.target, pictures=pictures_of(recorded.seed, cassettes, out=None))
        with until_stopped(), HostServer(bind, kind=LateHost) as server:
            placing = _Placing(Cassette(cassettes), lab, server.host)
            threading.Thread(target=placing.place_all, daemon=True).start()
            if isinstance(lab.pictures, Shelf):
                threading.Thread(target=lab.pictures.write_all, daemon=True).start()
            tell(f"export PICTURE_HOST={server.url}")
            tell("Ctrl-C to stop")
            threading.Event().wait()
    except (CallError, CassetteError, CorpusError, HostError) as error:
        return refused(error)
    return 0


class _Placing:
    """Asks what was recorded once more, and places each picture that is asked by URL."""

    def __init__(self, cassette: Cassette, lab: Lab, host: LateHost) -> None:
        self._replay = Replay(cassette, lab.target)
        self._lab = lab
        self._host = host

    def place_all(self) -> None:
        try:
            asyncio.run(self._judge_all())
        finally:
            self._host.is_complete = True

    async def _judge_all(self) -> None:
        for case in cases_of(all_checks()):
            await judge(case, self._lab, self)

    async def send(self, case: Case, probe: Probe) -> Exchange:
        for turn in probe.turns:
            for part in turn.parts:
                if isinstance(part, ImagePart) and isinstance(part.via, Hosted) and part.picture:
                    token = recorded_token(part.picture, part.via)
                    self._host.place(part.picture, part.via, token)
        return await self._replay.send(case, probe)
