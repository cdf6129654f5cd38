"""Exchanges to VCR cassettes and back, one file per case.

The files are VCR's own, so pytest-recording replays them: YAML, and where it can be, that part of
it which is JSON. What VCR has no place for (chunk times, picture fetches, attempts) stands beside
them under ``conformance``, one entry per interaction.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from pathlib import Path
from types import ModuleType
from typing import Any

from conformance.model import Case, Chunk, Exchange, Fetch, Probe, Sent, Target
from conformance.wire.chat import read_reply

FORMAT = 1
Key = tuple[str, str, bytes, str, int, tuple[tuple[str, str], ...]]
#: What a document of another shape raises when it is taken apart.
MALFORMED = (KeyError, TypeError, ValueError, AttributeError)


class CassetteError(Exception):
    """A cassette that cannot be read or written, in one sentence."""


def path_of(folder: Path, case: Case) -> Path:
    """Where the cassette of a case is: its id, below the folder."""
    return folder / f"{case.id}.yaml"


def key_of(probe: Probe, sent: Sent) -> Key:
    """What makes two requests the same one: all that goes over the wire, and the sample."""
    told = (str(probe.credential), probe.sample, probe.headers)
    return (sent.method, sent.path, sent.body, *told)


def store(folder: Path, case: Case, target: Target, exchanges: Sequence[Exchange]) -> None:
    """Writes the cassette of a case; raises CassetteError."""
    document = {
        "version": FORMAT,
        "interactions": [_interaction(exchange, target) for exchange in exchanges],
        "conformance": [_beside(exchange) for exchange in exchanges],
    }
    path = path_of(folder, case)
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(_text_of(document), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise CassetteError(f"cannot write the cassette {path}: {error.strerror}") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


class Shared:
    """Exchanges that were read: cases share them, and each cassette holds its own copy."""

    def __init__(self) -> None:
        self._known: dict[bytes, Exchange] = {}

    def exchange(
        self, probe: Probe, sent: Sent, interaction: dict[str, Any], beside: dict[str, Any]
    ) -> Exchange:
        """The exchange of a recorded interaction: the one that was read before, if any was."""
        digest = hashlib.sha256(repr((interaction, beside)).encode()).digest()
        known = self._known.get(digest)
        if known is None or (known.probe, known.sent) != (probe, sent):
            known = self._known[digest] = _exchange(probe, sent, interaction, beside)
        return known


class Cassette:
    """The recorded exchanges of one case."""

    def __init__(self, document: dict[str, Any], path: Path, shared: Shared) -> None:
        try:
            pairs = zip(document["interactions"], document["conformance"], strict=True)
            self._recorded = {_recorded_key(i, beside): (i, beside) for i, beside in pairs}
        except MALFORMED as error:
            raise _not_ours(path, error) from None
        self._path = path
        self._shared = shared

    def find(self, probe: Probe, sent: Sent) -> Exchange | None:
        """The recorded exchange of a probe, None where there is none; raises CassetteError."""
        found = self._recorded.get(key_of(probe, sent))
        try:
            return self._shared.exchange(probe, sent, *found) if found else None
        except MALFORMED as error:
            raise _not_ours(self._path, error) from None


def _not_ours(path: Path, error: Exception) -> CassetteError:
    reason = f"{type(error).__name__} {error}"[:200]
    return CassetteError(f"{path} is not a cassette of this suite ({reason}); record it again")


def load(path: Path, shared: Shared) -> Cassette | None:
    """The cassette of a file, None where there is none; raises CassetteError."""
    try:
        document = _document_of(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CassetteError(f"cannot read the cassette {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise CassetteError(f"{path} is not a cassette ({reason}); record it again") from None
    return Cassette(document, path, shared)


#: What YAML does not take as it is and JSON does not escape.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def _text_of(document: dict[str, Any]) -> str:
    """JSON, which is YAML and read ten times as fast; YAML's own form for what is no text."""
    try:
        text = "".join(_lines(document))
        text.encode()
    except (TypeError, ValueError):
        return str(_vcrform().written(document))
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _lines(document: dict[str, Any]) -> Iterator[str]:
    """A line for each interaction, which is written ten times as fast as one for each value."""
    yield f'{{"version": {document["version"]}'
    for name in ("interactions", "conformance"):
        lines = (json.dumps(each, ensure_ascii=False, allow_nan=False) for each in document[name])
        yield f',\n"{name}": [\n' + ",\n".join(lines) + "\n]"
    yield "}"


def _document_of(text: str) -> Any:
    return json.loads(text) if text.startswith("{") else _vcrform().read(text)


def _vcrform() -> ModuleType:
    # Imported here: a replay of what is JSON needs neither VCR nor YAML, which take their time.
    from conformance.recording import vcrform

    return vcrform


def _interaction(exchange: Exchange, target: Target) -> dict[str, Any]:
    form = _vcrform()
    return {
        "request": {
            "method": exchange.sent.method,
            "uri": target.base_url + exchange.sent.path,
            "body": form.body(exchange.sent.body),
            "headers": _many(exchange.sent.headers),
        },
        "response": form.response(
            {
                "status": {"code": exchange.status, "message": _reason(exchange.status)},
                "headers": _many(exchange.headers),
                "body": {"string": exchange.body},
            }
        ),
    }


def _beside(exchange: Exchange) -> dict[str, Any]:
    return {
        "sample": exchange.probe.sample,
        "path": exchange.sent.path,
        "credential": str(exchange.probe.credential),
        "headers": [list(pair) for pair in exchange.probe.headers],
        "elapsed": exchange.elapsed,
        **_troubled(exchange),
        "chunks": [[chunk.at, chunk.size] for chunk in exchange.chunks],
        "fetches": [
            {
                "at": fetch.at,
                "method": fetch.method,
                "path": fetch.path,
                "headers": [list(pair) for pair in fetch.headers],
                "status": fetch.status,
                "bytes_sent": fetch.bytes_sent,
            }
            for fetch in exchange.fetches
        ],
    }


def _troubled(exchange: Exchange) -> dict[str, Any]:
    """What was in trouble before this reply came, or why none did; nothing where all went well."""
    told = {
        "troubles": list(exchange.troubles),
        "trouble": exchange.trouble,
        "failure": exchange.failure,
        "reproduced": exchange.reproduced,
        "was_the_end": exchange.was_the_end,
    }
    return {name: value for name, value in told.items() if value}


def _recorded_key(interaction: dict[str, Any], beside: dict[str, Any]) -> Key:
    request = interaction["request"]
    known = "/models" if request["uri"].endswith("/models") else "/chat/completions"
    # Cassettes of before there were other doors do not name theirs.
    path = beside.get("path", known)
    body = _bytes(request["body"])
    headers = tuple((name, value) for name, value in beside.get("headers", ()))
    return (request["method"], path, body, beside["credential"], beside["sample"], headers)


def _exchange(
    probe: Probe, sent: Sent, interaction: dict[str, Any], beside: dict[str, Any]
) -> Exchange:
    response = interaction["response"]
    headers = tuple((str(k), str(v)) for k, vs in response["headers"].items() for v in vs)
    body = _bytes(response["body"]["string"])
    status = int(response["status"]["code"])
    return Exchange(
        probe=probe,
        sent=sent,
        status=status,
        headers=headers,
        body=body,
        chunks=tuple(Chunk(at=float(at), size=int(size)) for at, size in beside["chunks"]),
        fetches=tuple(
            Fetch(**{**fetch, "headers": tuple((k, v) for k, v in fetch["headers"])})
            for fetch in beside["fetches"]
        ),
        reply=read_reply(status, dict(headers).get("content-type", ""), body, probe.service),
        elapsed=float(beside["elapsed"]),
        troubles=tuple(map(str, beside.get("troubles", ()))),
        trouble=str(beside.get("trouble", "")),
        failure=str(beside.get("failure", "")),
        reproduced=beside.get("reproduced") is True,
        was_the_end=beside.get("was_the_end") is True,
    )


def _many(headers: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return found


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _bytes(value: str | bytes | None) -> bytes:
    if value is None:
        return b""
    return value.encode() if isinstance(value, str) else value
