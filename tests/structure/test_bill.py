"""The picture of a bill in docs/ is what the command draws, and shows itself by night as by day."""

from __future__ import annotations

import importlib.util
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from conformance.data import PACKAGE
from conformance.reference.account import KEY

ROOT = PACKAGE.parent
PICTURE = ROOT / "docs" / "bill.svg"


@pytest.mark.slow
def test_it_is_what_the_command_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    spec = importlib.util.spec_from_file_location("bill", ROOT / "tests" / "bill.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    script.draw(tmp_path / "bill.svg")

    drawn = (tmp_path / "bill.svg").read_text(encoding="utf-8")
    assert PICTURE.read_text(encoding="utf-8") == drawn, "run `make bill`"


def test_it_brings_its_own_ground_and_both_palettes() -> None:
    text = PICTURE.read_text(encoding="utf-8")
    root = ET.fromstring(text)

    assert [child.get("class") for child in root].count("ground") == 1
    assert "prefers-color-scheme: dark" in text
    assert [e for e in root.iter() if e.tag.endswith(("script", "image", "foreignObject"))] == []
