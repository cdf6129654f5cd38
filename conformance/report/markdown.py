"""The checks as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from conformance.model import Check, area_named
from conformance.report.summary import title
from conformance.report.text import line

#: Characters of one cell.
LONGEST = 2000
#: What begins something in Markdown or HTML, and what GitHub makes a link of by itself. Brackets
#: alone do nothing, and within a word an underscore is only that.
_ACTING = re.compile(
    r"[\\`*<>|#&~$@]|\](?=[(\[:])|!(?=\[)|(?<![^\W_])_|_(?![^\W_])|(?<=\w):(?=/)|(?<=www)\.",
    re.IGNORECASE,
)
_IN_CODE = str.maketrans({"`": "'", "|": "\\|"})
#: What would end an address, or the cell around it.
_UNPLACED = re.compile(r"[\s<>|\\\x00-\x1f\x7f-\U0010ffff]")


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
    return f"### {cell(title(area))}\n\nAbout {about}.\n\n{head}{rows}"


def _row(check: Check) -> str:
    cells = (_code(check.id), check.level.value, cell(check.requirement), _source(check))
    return f"| {' | '.join(cells)} |"


def _source(check: Check) -> str:
    name, url = cell(check.spec.title), check.spec.url
    if not url.startswith(("https://", "http://")):
        return name
    label = name.replace("[", "\\[").replace("]", "\\]")
    return f"[{label}](<{_UNPLACED.sub(_quoted, url)}>)"


def cell(text: str) -> str:
    """``text`` as it may stand in a table: on one line, no mark-up, and nothing becomes a link."""
    return _ACTING.sub(_entities, line(text, LONGEST))


def _code(name: str) -> str:
    """A name as code, in which there are no entities; tables take a bar out of it all the same."""
    return f"`{line(name, LONGEST).translate(_IN_CODE)}`"


def _entities(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(char)};" for char in found[0])


def _quoted(found: re.Match[str]) -> str:
    return quote(found[0], safe="")
