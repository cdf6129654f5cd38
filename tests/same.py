"""Whether two runs found the same, case by case: ``python tests/same.py BEFORE AFTER``.

For a change that must change nothing that is found. Run the reference endpoint with the same
``--seed`` before and after, and name both ``report.json``. Addresses, ids, times and sizes that
differ from run to run are left out. Exit status 1 where anything else differs.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Ports, tokens of pictures, ids of replies, sizes and seconds.
CHANGING = re.compile(
    r"127\.0\.0\.1:\d+|/[\w-]{32}/|/[\w-]{32}\b|chatcmpl-\w+|(?<!\d)\d{10}(?!\d)"
    r"|after \d+ MB|[\d.]+ (?:s|ms|seconds)\b"
)
#: What is said of a case. Its evidence holds all that came, and so changes from run to run.
LEFT_OUT = ("evidence",)


def said(finding: dict[str, Any]) -> dict[str, str]:
    """What a report says of a case, by member."""
    told = {name: json.dumps(value) for name, value in finding.items() if name not in LEFT_OUT}
    return {name: CHANGING.sub("…", value) for name, value in told.items()}


def differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    first, second = ({f["case"]: said(f) for f in doc["findings"]} for doc in (before, after))
    yield from (f"{case}: only in one of them" for case in sorted(set(first) ^ set(second)))
    for case in [case for case in first if case in second]:
        names = {*first[case], *second[case]}
        for name in sorted(n for n in names if first[case].get(n) != second[case].get(n)):
            yield f"{case}: {name}: {first[case].get(name)} / {second[case].get(name)}"
    for name, value in before["footer"].items():
        if value != after["footer"].get(name):
            yield f"the footer: {name}"


def main(paths: list[str]) -> int:
    before, after = (json.loads(Path(path).read_text(encoding="utf-8")) for path in paths)
    found = list(differences(before, after))
    print(*found, f"{len(before['findings'])} cases, {len(found)} differences", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python tests/same.py BEFORE/report.json AFTER/report.json")
    sys.exit(main(sys.argv[1:]))
