"""A command line, read and run by a shell whose ``curl`` only writes down what it was given."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CURL = """#!/bin/sh
n=$(cat "$PLACE/number"); echo $((n + 1)) > "$PLACE/number"
printf '%s\\0' "$@" > "$PLACE/$n.arguments"
cat > "$PLACE/$n.input"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What ``curl`` was given: its arguments and its standard input."""

    arguments: list[str]
    body: bytes


def run(commands: Sequence[str], folder: Path, fixtures: Path | None = None) -> list[Called]:
    """Each command, one after the other, in one shell. Raises AssertionError where it is no
    command, or where one of them runs anything of its own. ``fixtures`` stand where it runs."""
    place, work = folder / "place", folder / "work"
    for made in (place, work, folder / "bin"):
        made.mkdir(parents=True)
    if fixtures:
        (work / "fixtures").symlink_to(fixtures)
    before = [p.name for p in work.iterdir()]
    fake = folder / "bin" / "curl"
    fake.write_text(_CURL)
    fake.chmod(0o755)
    (place / "number").write_text("0")
    script = folder / "script.sh"
    script.write_text("\n".join(f"( {command}\n) < /dev/null" for command in commands), "utf-8")
    environ = {
        "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
        "PLACE": str(place),
        "OPENAI_API_KEY": "sk-from-the-environment",
        "PICTURE_HOST": "http://127.0.0.1:9",
    }
    for words in (["bash", "--norc", "-n"], ["bash", "--norc"]):
        done = subprocess.run(
            [*words, str(script)], cwd=work, env=environ, capture_output=True, timeout=120
        )
        assert (done.returncode, done.stderr) == (0, b""), done.stderr[:500]
    assert [p.name for p in work.iterdir()] == before, "a command of the text was run"
    assert int((place / "number").read_text()) == len(commands)
    return [_called(place, number) for number in range(len(commands))]


def _called(place: Path, number: int) -> Called:
    given = (place / f"{number}.arguments").read_bytes().decode().split("\0")[:-1]
    return Called(arguments=given, body=(place / f"{number}.input").read_bytes())
