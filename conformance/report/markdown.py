"""The checks as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.model import Check, area_named
from conformance.report.summary import title


def checks_table(checks: Sequence[Check]) -> str:
    """One Markdown table per area, in the order given: id, level, requirement, source."""
    by_area: dict[str, list[Check]] = {}
    for check in checks:
        by_area.setdefault(check.area, []).append(check)
    return "\n".join(_table(area, members) for area, members in by_area.items())


def _table(area: str, checks: Sequence[Check]) -> str:
    rows = "".join(f"{_row(check)}\n" for check in checks)
    head = "| Check | Level | Requirement | Source |\n| --- | --- | --- | --- |\n"
    about = area_named(area).subject
    return f"### {_cell(title(area))}\n\nAbout {about}.\n\n{head}{rows}"


def _row(check: Check) -> str:
    cells = (f"`{_cell(check.id)}`", check.level.value, _cell(check.requirement), _source(check))
    return f"| {' | '.join(cells)} |"


def _source(check: Check) -> str:
    name, url = _cell(check.spec.title), check.spec.url
    if not url.startswith(("https://", "http://")):
        return name
    label = name.replace("[", "\\[").replace("]", "\\]")
    return f"[{label}](<{_cell(url)}>)"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
