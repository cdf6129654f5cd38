"""``host``: the pictures of a run under their recorded paths, to repeat its requests by hand."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import click

from conformance import data
from conformance.drawing import corpus
from conformance.host.server import HostError, HostServer
from conformance.model import Hosted, ImagePart, Picture, Probe, cases_of
from conformance.proving.rehearsal import rehearse
from conformance.registry import all_checks
from conformance.wire.address import recorded_token


def host(folder: str | None, bind: str) -> int:
    """Serves until Ctrl-C. Exit status 0, or 2 where the call is wrong."""
    try:
        pictures = corpus.load(Path(folder) / "fixtures" if folder else data.folder("fixtures"))
        with HostServer(bind) as server:
            placed = asyncio.run(_hosted(pictures))
            for token, (picture, hosted) in placed.items():
                server.host.place(picture, hosted, token)
            click.echo(f"export PICTURE_HOST={server.url}")
            click.echo(f"{len(placed)} pictures; Ctrl-C to stop")
            threading.Event().wait()
    except (corpus.CorpusError, HostError) as error:
        click.echo(f"vision-conformance: {error}", err=True)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


async def _hosted(pictures: corpus.Corpus) -> dict[str, tuple[Picture, Hosted]]:
    """Every picture that any check sends by URL, by the token that stands in the record."""
    probes: list[Probe] = []
    await rehearse(cases_of(all_checks()), pictures, sent=probes.append)
    return {
        recorded_token(part.picture, part.via): (part.picture, part.via)
        for probe in probes
        for turn in probe.turns
        for part in turn.parts
        if isinstance(part, ImagePart) and isinstance(part.via, Hosted) and part.picture
    }
