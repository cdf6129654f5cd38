"""Exchanges to VCR cassettes and back, one file per case.

The files are VCR's own, so pytest-recording replays them. What VCR has no place for (chunk times,
picture fetches, attempts) stands in the cassette's metadata, one entry per interaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import yaml
from vcr.serializers import compat, yamlserializer

from conformance.model import Case, Chunk, Exchange, Fetch, Probe, Sent, Target
from conformance.wire.chat import read_reply

FORMAT = 1
Key = tuple[str, str, bytes, str, int]


class CassetteError(Exception):
    """A cassette that cannot be read or written, in one sentence."""


def path_of(folder: Path, case: Case) -> Path:
    """Where the cassette of a case is: its id, below the folder."""
    return folder / f"{case.id}.yaml"


def key_of(probe: Probe, sent: Sent) -> Key:
    """What makes two requests the same one: all that goes over the wire, and the sample."""
    return (sent.method, sent.path, sent.body, str(probe.credential), probe.sample)


def store(folder: Path, case: Case, target: Target, exchanges: Sequence[Exchange]) -> None:
    """Writes the cassette of a case; raises CassetteError."""
    document = {
        "version": FORMAT,
        "interactions": [_interaction(exchange, target) for exchange in exchanges],
        "metadata": {"conformance": [_beside(exchange) for exchange in exchanges]},
    }
    path = path_of(folder, case)
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(yamlserializer.serialize(document), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise CassetteError(f"cannot write the cassette {path}: {error.strerror}") from None


class Cassette:
    """The recorded exchanges of one case."""

    def __init__(self, document: dict[str, Any], path: Path) -> None:
        try:
            pairs = zip(document["interactions"], document["metadata"]["conformance"], strict=True)
            self._recorded = {_recorded_key(i, beside): (i, beside) for i, beside in pairs}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CassetteError(
                f"{path} is not a cassette of this suite ({error!r}); record it again"
            ) from None

    def find(self, probe: Probe, sent: Sent) -> Exchange | None:
        """The recorded exchange of a probe, None where there is none."""
        found = self._recorded.get(key_of(probe, sent))
        return _exchange(probe, sent, *found) if found else None


def load(folder: Path, case: Case) -> Cassette | None:
    """The cassette of a case, None where there is none; raises CassetteError."""
    path = path_of(folder, case)
    try:
        document = yamlserializer.deserialize(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CassetteError(f"cannot read the cassette {path}: {error}") from None
    return Cassette(document, path)


def _interaction(exchange: Exchange, target: Target) -> dict[str, Any]:
    return {
        "request": {
            "method": exchange.sent.method,
            "uri": target.base_url + exchange.sent.path,
            "body": compat.convert_body_to_unicode(exchange.sent.body),
            "headers": _many(exchange.sent.headers),
        },
        "response": compat.convert_to_unicode(
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
        "credential": str(exchange.probe.credential),
        "elapsed": exchange.elapsed,
        "attempts": exchange.attempts,
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


def _recorded_key(interaction: dict[str, Any], beside: dict[str, Any]) -> Key:
    request = interaction["request"]
    path = "/models" if request["uri"].endswith("/models") else "/chat/completions"
    body = _bytes(request["body"])
    return (request["method"], path, body, beside["credential"], beside["sample"])


def _exchange(
    probe: Probe, sent: Sent, interaction: dict[str, Any], beside: dict[str, Any]
) -> Exchange:
    response = interaction["response"]
    headers = tuple((k, v) for k, values in response["headers"].items() for v in values)
    body = _bytes(response["body"]["string"])
    status = response["status"]["code"]
    return Exchange(
        probe=probe,
        sent=sent,
        status=status,
        headers=headers,
        body=body,
        chunks=tuple(Chunk(at=at, size=size) for at, size in beside["chunks"]),
        fetches=tuple(
            Fetch(**{**fetch, "headers": tuple((k, v) for k, v in fetch["headers"])})
            for fetch in beside["fetches"]
        ),
        reply=read_reply(status, dict(headers).get("content-type", ""), body),
        elapsed=beside["elapsed"],
        attempts=beside["attempts"],
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
