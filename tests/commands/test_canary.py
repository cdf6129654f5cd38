"""A key that an endpoint tells in every way it can stands in no file and on no screen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from tests.canary import KEY, KEYS, Canary, Telling
from tests.searching import found
from tests.spellings import SPELLINGS

#: Characters of a spelled piece that are looked for as they were told.
LEAST = 8
MORE = ("--seed", "committed", "--patience", "1", "--timeout", "20")


def told_whole(told: Iterable[Telling], key: str) -> list[str]:
    """Pieces that hold eight characters of what is drawn of a key, twelve of one in hex."""
    forms = set()
    for telling in told:
        pieces = telling.pieces
        if key.startswith("sk-"):
            # The first may be little but words, and so may the last one of what is backwards.
            pieces = pieces[1:-1] if len(pieces) > 2 else pieces if len(pieces) == 1 else ()
        elif key == KEYS[1] and len(pieces) > 3:
            pieces = ()
        forms.update(piece for piece in pieces if len(piece) >= LEAST)
    return sorted(forms)


def leaks_of(folder: Path, screens: Iterable[str], key: str, forms: list[str]) -> dict[str, object]:
    texts = {f"screen {n}": text for n, text in enumerate(screens)}
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in (".png", ".jpg", ".webp", ".gif", ".bmp"):
            texts[str(path.relative_to(folder))] = path.read_text("utf-8", errors="replace")
    assert {"report.json", "report.html", "junit.xml", "pytest.log"} <= set(texts)
    found_in = {name: found(text, key, forms) for name, text in texts.items()}
    return {name: leaks[:5] for name, leaks in found_in.items() if leaks}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_the_search_finds_each_spelling(spell) -> None:
    assert found(f"told {spell(KEY)} so", KEY)


@pytest.mark.slow
def test_a_key_that_is_told_in_a_few_replies(command, serve, tmp_path: Path) -> None:
    canary = Canary(make_app(Endpoint(key=KEY)), statuses=(200, 200, 400), raw=[])
    url = serve(canary)
    at = ("--base-url", f"{url}/v1", "--model", "gpt-4o", "--area", "errors", "--area", "streaming")
    ended = command("run", *at, *MORE, OPENAI_API_KEY=KEY)
    forms = told_whole((told for told, _, _ in canary.told), KEY)
    assert len(canary.told) > 10, ended.stderr
    assert any(found(raw.decode("utf-8", "replace"), KEY, forms) for raw in canary.raw)
    assert leaks_of(tmp_path / "out", (ended.stdout, ended.stderr), KEY, forms) == {}


@pytest.mark.long
@pytest.mark.parametrize("round", range(5))
@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_is_told_in_each_reply(
    command, serve, tmp_path: Path, key: str, round: int
) -> None:
    """Whole runs, each of which goes on with the tellings where the one before ended."""
    canary = Canary(
        make_app(Endpoint(key=key)), statuses=(200, 200, 400), number=round * 200, every=3
    )
    url = serve(canary)
    at = ("--base-url", f"{url}/v1", "--model", "gpt-4o")
    ended = command("run", *at, *MORE, OPENAI_API_KEY=key)
    forms = told_whole((told for told, _, _ in canary.told), key)
    print(len(canary.told), "replies told the key")
    assert len(canary.told) > 100, ended.stderr
    assert leaks_of(tmp_path / "out", (ended.stdout, ended.stderr), key, forms) == {}
