"""The files of a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conformance import outlets
from conformance.model import Pictures
from conformance.report import html, jsonfile


def write_reports(out: Path, report: dict[str, Any], pictures: Pictures) -> None:
    """Writes ``report.html`` and then ``report.json``, and into that how large all else is.

    Raises OSError.
    """
    out.mkdir(parents=True, exist_ok=True)
    with outlets.opened(out / "report.html") as page:
        page.writelines(html.pieces(report, pictures))
    files = (path for path in out.rglob("*") if path.is_file())
    report["footer"]["folder_bytes"] = sum(path.stat().st_size for path in files)
    jsonfile.write(out / "report.json", report)
