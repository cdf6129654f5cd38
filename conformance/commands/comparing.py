"""``compare``: several reports side by side."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conformance import outlets
from conformance.commands.telling import complain
from conformance.report.comparison import lacks, print_comparison
from conformance.report.jsonfile import ReportError, read
from conformance.report.screen import Screen

WRONG_CALL = 2


def compare(paths: Sequence[str]) -> int:
    """Exit status 0, or 2 where a file is no report. A folder stands for its ``report.json``."""
    try:
        if len(paths) < 2:
            raise ReportError("name two reports or more: files, or folders that `run` wrote.")
        docs = [_report(Path(path).expanduser()) for path in paths]
    except ReportError as error:
        complain(f"{error}")
        return WRONG_CALL
    outlets.know([os.environ.get("OPENAI_API_KEY", "")])
    print_comparison(docs, Screen(), paths)
    return 0


def _report(path: Path) -> dict[str, Any]:
    file = path / "report.json" if path.is_dir() else path
    doc = read(file)
    if reason := lacks(doc):
        raise ReportError(f"{file} is not a report of this suite: {reason}.")
    return doc
