"""How fast the suite is. ``make bench`` prints each figure beside its limit.

Exit status 1 where one is over its limit. Machines are noisy: what is compared with an ideal of the
same run is a ratio; what is in seconds is meant for two quiet cores.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from figures import Figure
from live import live
from processes import begins, judged, rejudged, whole


def figures(folder: Path) -> Iterator[Figure]:
    """In order, each as soon as it is measured."""
    yield from whole(folder)
    yield from begins(folder)
    yield from judged(folder)
    yield from rejudged(folder)
    for concurrency in (16, 64):
        yield from live(folder / f"live-{concurrency}", concurrency)


def main() -> int:
    over = 0
    with tempfile.TemporaryDirectory() as folder:
        for figure in figures(Path(folder)):
            over += figure.is_over
            print(figure, flush=True)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
