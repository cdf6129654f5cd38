"""An exchange as one line of a cassette, and back.

The line is an item of YAML's list of interactions, and VCR's own. What VCR has no place for (chunk
times, picture fetches, tries) stands in it under ``conformance``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from conformance import outlets
from conformance.model import Chunk, Exchange, Fetch, Probe, Sent, Target
from conformance.wire.chat import read_reply

Key = bytes
ITEM = "- "
#: YAML's tag of bytes. It stands before a text, where JSON has none, and within a text no quote
#: that is not escaped can follow it.
BINARY = "!!binary"
_TAGGED = re.compile(rf'{BINARY} ("[A-Za-z0-9+/=]*")')
#: What a line of another shape raises when it is taken apart.
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, RecursionError)
#: Half a character each, which libyaml does not take even where it is escaped.
_SURROGATES = re.compile("[\ud800-\udfff]")
#: What YAML does not take as it is and JSON does not escape.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def key_of(probe: Probe, sent: Sent) -> Key:
    """What makes two requests the same one: all that goes over the wire, and the sample."""
    told = (str(probe.credential), probe.sample, probe.headers)
    return _digest(sent.method, sent.path, sent.body, *told)


def _digest(method: str, path: str, body: bytes, *told: object) -> Key:
    return hashlib.sha256(repr((method, path, body, *told)).encode()).digest()


def line_of(exchange: Exchange, target: Target, run: str) -> bytes:
    """The line of an exchange, of the run named."""
    document = {**_interaction(exchange, target), "conformance": _beside(exchange, run)}
    return outlets.looked_at(f"{ITEM}{_text_of(document)}\n").encode()


def head_of(line: bytes) -> tuple[Key, str]:
    """The request of a line, and the run that stored it. Raises MALFORMED."""
    document = _document_of(line)
    request, beside = document["request"], document["conformance"]
    headers = tuple((name, value) for name, value in beside["headers"])
    told = (beside["credential"], beside["sample"], headers)
    body = _bytes(request["body"])
    return _digest(request["method"], beside["path"], body, *told), str(beside["run"])


def exchange_of(line: bytes, probe: Probe, sent: Sent) -> Exchange:
    """The exchange of a line, in answer to this request. Raises MALFORMED."""
    document = _document_of(line)
    response, beside = document["response"], document["conformance"]
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


def _text_of(document: dict[str, Any]) -> str:
    """JSON, which is YAML as well, but for bytes that are no text: those have YAML's tag."""
    mark = secrets.token_hex(8)

    def tagged(value: bytes) -> str:
        return mark + base64.b64encode(value).decode()

    text = json.dumps(document, ensure_ascii=False, allow_nan=False, default=tagged)
    text = _SURROGATES.sub("\ufffd", text)
    text = text.replace(f'"{mark}', f'{BINARY} "')
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _document_of(line: bytes) -> Any:
    text = line.decode().removeprefix(ITEM)
    if BINARY in text:
        text = _TAGGED.sub(r'{"base64": \1}', text)
    return json.loads(text)


def _interaction(exchange: Exchange, target: Target) -> dict[str, Any]:
    return {
        "request": {
            "method": exchange.sent.method,
            "uri": target.base_url + exchange.sent.path,
            "body": _text_or_bytes(exchange.sent.body),
            "headers": _many(exchange.sent.headers),
        },
        "response": {
            "status": {"code": exchange.status, "message": _reason(exchange.status)},
            "headers": _many(exchange.headers),
            "body": {"string": _text_or_bytes(exchange.body)},
        },
    }


def _beside(exchange: Exchange, run: str) -> dict[str, Any]:
    return {
        "run": run,
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


def _text_or_bytes(body: bytes) -> str | bytes:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    return base64.b64decode(value["base64"], validate=True)
