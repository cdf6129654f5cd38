"""``judge``: a recorded run, judged again and offline."""

from __future__ import annotations

import contextlib
from contextlib import nullcontext
from pathlib import Path

from conformance.commands import in_use
from conformance.commands.calls import CallError, recorded_in, refused, verify_areas
from conformance.commands.folders import writable
from conformance.commands.options import Options, arguments
from conformance.commands.stopping import STOPPING
from conformance.commands.verdict import judged
from conformance.model import Level
from conformance.report import jsonfile
from conformance.report.jsonfile import ReportError


def judge(
    folder: Path, out: str | None, *, area: tuple[str, ...], keyword: str | None, level: str
) -> int:
    """Exit status as for ``run``. Where nothing is chosen, it judges what was chosen to be run."""
    if not area and not keyword and level.upper() == Level.MAY:
        area, keyword, level = _chosen(folder)
    try:
        verify_areas(area)
        written = writable(out or str(folder / "judged"))
        options = Options(
            cassettes=str(recorded_in(folder)),
            area=area,
            keyword=keyword,
            level=level,
            record_mode="none",
        )
        elsewhere = folder.expanduser().resolve() != written
        with in_use.held(written), in_use.read(folder) if elsewhere else nullcontext():
            status = judged(arguments(options, written), written)
    except CallError as error:
        return refused(error)
    return STOPPING.left(status)


def _chosen(folder: Path) -> tuple[tuple[str, ...], str | None, str]:
    """Areas, keyword and level of the run that wrote into the folder; all where nobody knows."""
    everything = ((), None, Level.MAY.value)
    with contextlib.suppress(ReportError, KeyError, TypeError, AttributeError, ValueError):
        header = jsonfile.read(folder.expanduser() / "report.json")["header"]
        options = header["options"]
        if header["mode"] != "live" or not header["selection"]["partial"]:
            return everything
        areas = tuple(map(str, options["area"] or ()))
        keyword = str(options["keyword"]) if options["keyword"] else None
        return areas, keyword, Level[str(options["level"]).upper()].value
    return everything
