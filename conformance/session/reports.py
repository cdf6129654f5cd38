"""The files of a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conformance.model import Pictures
from conformance.report import html, jsonfile


def write_reports(out: Path, report: dict[str, Any], pictures: Pictures) -> None:
    """Writes ``report.json`` and ``report.html``; raises OSError."""
    out.mkdir(parents=True, exist_ok=True)
    jsonfile.write(out / "report.json", report)
    with (out / "report.html").open("w", encoding="utf-8") as page:
        page.writelines(html.pieces(report, pictures))
