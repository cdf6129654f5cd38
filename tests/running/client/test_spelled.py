"""Every spelling of a long key is known; what is told of nobody's key is left as it is."""

from __future__ import annotations

import base64
import hashlib

import pytest

from conformance.redact import Redactor
from tests.spellings import SPELLINGS, Spell

KEY = "sk-proj-h3Vb9QzL2mXw7RtK5pNc8YdFg4Js6TvB1ZaE0uWo"


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_a_spelling_is_known(spell: Spell) -> None:
    told = f"before {spell(KEY)} after"
    redactor = Redactor([KEY])
    assert redactor.leaks(told)
    assert not redactor.leaks(redactor.text(told))
    assert not redactor.leaks(redactor.written(told))


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-h3V************************0uWo.",
        "The reference endpoint has a key.",
        base64.b64encode(hashlib.sha512(b"a picture").digest() * 900).decode(),
        hashlib.sha512(b"a digest").hexdigest() * 9,
    ],
)
def test_what_tells_no_key_stays(text: str) -> None:
    for key in (KEY, hashlib.md5(b"a key").hexdigest(), "sk-reference-endpoint-key"):
        assert Redactor([key]).text(text) == text
