"""``judge``: a recorded run, judged again and offline."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from conformance.commands import in_use
from conformance.commands.calls import CallError, recorded_in, refused, verify_areas
from conformance.commands.folders import writable
from conformance.commands.options import Options, arguments
from conformance.commands.stopping import STOPPING
from conformance.commands.verdict import judged


def judge(
    folder: Path, out: str | None, *, area: tuple[str, ...], keyword: str | None, level: str
) -> int:
    """Exit status as for ``run``."""
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
