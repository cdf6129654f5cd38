"""Where the data folders are: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder ``schemas``, ``fixtures`` or ``cassettes``; raises FileNotFoundError."""
    candidates = (PACKAGE.parent / name, PACKAGE / "_data" / name)
    beside, packaged = candidates
    if beside.is_dir() and (PACKAGE.parent / "pyproject.toml").is_file():
        return beside
    if packaged.is_dir():
        return packaged
    raise FileNotFoundError(f"the data folder {name!r} is missing beside or inside {PACKAGE}")
