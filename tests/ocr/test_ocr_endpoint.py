"""A correct endpoint with eyes that nobody here built: nothing about it is called a failure.

`make ocr` runs this, and says in OCR_PYTHON which Python has RapidOCR and in OCR_OUT where the
reports go. Without them all of it is skipped.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SERVER = Path(__file__).resolve().with_name("server.py")
PYTHON = os.environ.get("OCR_PYTHON", "")
#: Seconds. A run takes 65 to 90 where nothing else uses the two cores.
PATIENCE = 1800

pytestmark = pytest.mark.skipif(not PYTHON, reason="RapidOCR is not installed: run `make ocr`")


@dataclass(frozen=True)
class Endpoint:
    """Where the endpoint serves, and for which key."""

    base_url: str
    key: str


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """The endpoint as a process of its own, with nothing of our environment but the path."""
    key = f"sk-{secrets.token_hex(16)}"
    environ = {"PATH": os.environ.get("PATH", os.defpath), "OCR_KEY": key}
    command = [PYTHON, str(SERVER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, text=True) as server:
        try:
            assert server.stdout is not None
            base_url = server.stdout.readline().strip()
            assert base_url, "the endpoint did not start: what it printed says why"
            yield Endpoint(base_url, key)
            assert server.poll() is None, "the endpoint ended during the run"
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def report(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The suite's report.json, made by its command as a user runs it."""
    out = Path(os.environ.get("OCR_OUT") or tmp_path_factory.mktemp("ocr"))
    written = out / "report.json"
    written.unlink(missing_ok=True)
    command = [str(Path(sys.executable).with_name("vision-conformance")), "run", f"--out={out}"]
    command += [f"--base-url={endpoint.base_url}", "--model=ocr-1"]
    command += ["--api-key-env=CONFORMANCE_KEY"]
    environ = dict(os.environ) | {"CONFORMANCE_KEY": endpoint.key}
    subprocess.run(command, env=environ, timeout=PATIENCE, check=False)
    document: dict[str, Any] = json.loads(written.read_text(encoding="utf-8"))
    return document


def cases(report: dict[str, Any], verdict: str) -> list[dict[str, Any]]:
    return [finding for finding in report["findings"] if finding["verdict"] == verdict]


def test_nothing_is_called_a_failure(report: dict[str, Any]) -> None:
    failed = cases(report, "failed")
    told = [f"{f['case']}: expected {f['expected']}, actual {f['actual']}" for f in failed]
    assert not told, "\n".join(told)
    assert report["footer"]["diagnosis"] == []


def test_the_run_was_whole_and_pictures_were_read(report: dict[str, Any]) -> None:
    assert not report["footer"]["interrupted"]
    assert "base64/plain" in {finding["case"] for finding in cases(report, "passed")}
