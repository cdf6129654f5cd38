"""Runs the command, and writes the most memory that it had, in MB, to the file named first."""

from __future__ import annotations

import atexit
import os
import re
import resource
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from conformance.cli import main

#: Bytes of address space: what wants more is not to take the machine along.
MOST = 2 << 30


def _write(file: Path) -> None:
    """Not ``ru_maxrss``: that begins with the memory of whoever started the process."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    file.write_text(str(int(found[1]) // 1024 if found else 0))


def _leave(file: Path, leave: Callable[[int], None], status: int) -> None:
    _write(file)
    leave(status)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST, MOST))
    file = Path(sys.argv.pop(1))
    atexit.register(_write, file)
    os._exit = partial(_leave, file, os._exit)
    main()
