"""Draws the picture of a bill in docs/; ``make bill`` runs it.

What is seen is the fingerprint of the reference endpoint while it counts as a relay in use does.
"""

from __future__ import annotations

import os
from pathlib import Path

from conformance.asgi.serving import serve_in_thread
from conformance.commands.fingerprinting import fingerprint
from conformance.reference.account import KEY, MODEL
from conformance.reference.app import make_app
from conformance.reference.fault import fault_named

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "bill.svg"
FAULT = "enlarges-before-counting"


def draw(file: Path) -> None:
    """Writes the picture to ``file``; needs the key in OPENAI_API_KEY."""
    endpoint = fault_named(FAULT).make()
    with serve_in_thread(make_app(endpoint), "127.0.0.1:0") as url:
        status = fingerprint(f"{url}/v1", MODEL, chart=str(file))
    assert status == 0, "the fingerprint did not recognise the fault"


if __name__ == "__main__":
    os.environ["OPENAI_API_KEY"] = KEY
    draw(PICTURE)
