"""``report.json`` on disk: valid JSON, one finding per line, never half a file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conformance import foreign, outlets
from conformance.foreign import ForeignError, SyntaxFault
from conformance.report.document import FORMAT

_OPENING = '{"header":'
_FINDINGS = '"findings":['


class ReportError(Exception):
    """A report cannot be read; the message is one sentence for the person who asked."""


def write(path: Path, doc: Mapping[str, Any]) -> None:
    """Write ``doc`` (see ``document``) to ``path`` in one step; raises OSError.

    The text is pure ASCII, so that showing it in a terminal is harmless.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with outlets.opened(part, encoding="ascii") as file:
            file.writelines(_pieces(doc))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read(path: Path) -> dict[str, Any]:
    """The document at ``path``; raises ReportError."""
    text = _contents(path)
    try:
        doc = foreign.json_of(text)
    except SyntaxFault as error:
        raise ReportError(_why(path, text)) from error
    except ForeignError as error:
        raise ReportError(f"{path} is not a report: {error}; name one that `run` wrote.") from error
    if not isinstance(doc, dict) or not {"header", "findings", "footer"} <= doc.keys():
        raise ReportError(f"{path} is JSON but not a report: it lacks header, findings or footer.")
    found = doc["header"].get("format") if isinstance(doc["header"], dict) else None
    if found != FORMAT:
        raise ReportError(f"{path} has report format {found!r}; {_way_out(found)}.")
    return doc


def _way_out(found: object) -> str:
    if isinstance(found, int) and found < FORMAT:
        return (
            f"this version reads {FORMAT}: judge the recorded run again, with "
            "`vision-conformance judge DIR`"
        )
    return f"this version reads {FORMAT}"


def _pieces(doc: Mapping[str, Any]) -> Iterator[str]:
    yield f"{_OPENING}{_line(doc['header'])},\n{_FINDINGS}\n"
    for number, finding in enumerate(doc["findings"]):
        yield ",\n" * (number > 0) + _line(finding)
    yield f'\n],\n"footer":{_line(doc["footer"])}}}\n'


def _line(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _contents(path: Path) -> str:
    try:
        return foreign.text(path)
    except ForeignError as error:
        raise ReportError(f"{path} cannot be read: {error}; name one that `run` wrote.") from error


def _why(path: Path, text: str) -> str:
    if not text.strip():
        return f"{path} is empty."
    if not text.startswith(_OPENING[: len(text)]):
        return f"{path} is not a report: it is not JSON as this suite writes it."
    whole = sum(map(_is_finding, text.splitlines()))
    found = "1 whole finding" if whole == 1 else f"{whole} whole findings"
    return f"{path} is truncated: it ends in the middle, after {found}."


def _is_finding(line: str) -> bool:
    if not line.startswith('{"case":'):
        return False
    try:
        json.loads(line.removesuffix(","))
    except ValueError:
        return False
    return True
