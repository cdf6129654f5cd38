"""``python -m conformance.drawing FOLDER [--seed TEXT]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from conformance.drawing.write import COMMITTED, draw_corpus


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m conformance.drawing", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write the pictures and manifest.json")
    parser.add_argument("--seed", default=COMMITTED, help="any text; decides every code")
    arguments = parser.parse_args()
    try:
        draw_corpus(arguments.folder, arguments.seed)
    except OSError as error:
        print(f"cannot write the pictures: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
