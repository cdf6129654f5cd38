"""Inputs on which the suite was wrong, each with its right value; files are named by sections."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
