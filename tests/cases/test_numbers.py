"""Every case of sections A, B and C has a test with its number in its name, or in its id."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
#: Cases of each section.
SECTIONS = {"a": 17, "b": 11, "c": 13}


def test_every_case_has_a_test() -> None:
    text = "\n".join(path.read_text("utf-8") for path in HERE.glob("test_[abc]_*.py"))
    numbered = set(re.findall(r"def test_([abc]\d+)_", text)) | set(re.findall(r'"(b\d)\b', text))
    every = {f"{name}{n}" for name, most in SECTIONS.items() for n in range(1, most + 1)}
    assert numbered == every
