"""An exchange as a shell command that sends the same request again.

The body goes in on standard input, because a picture as a data URL can be longer than the
system's limit on one argument (128 KiB on Linux).
"""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import fields
from urllib.parse import quote, urlencode

from conformance.model import (
    Credential,
    Elsewhere,
    Exchange,
    Hosted,
    ImagePart,
    Inline,
    LocalFile,
    Payload,
    Picture,
)
from conformance.report.text import INVISIBLE, one_line, visible

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: The short names that stand in a recorded body; see ``conformance.wire.address``.
_SHORT_NAME = re.compile(
    r"\{\{sha256:(?P<digest>[0-9a-f]+):[^{}\"]*?(?::(?P<style>[a-z-]+))?\}\}|\{\{picture-host\}\}"
)
#: What cannot be pasted into a terminal as it stands.
_UNPASTABLE = re.compile(rf"{INVISIBLE.pattern}|[\t\r]+")
#: Left out: set again from the credential, by curl itself, or by the connection.
_OWN_HEADERS = {"authorization", "api-key", "x-api-key", "host", "content-length"}
_OWN_HEADERS |= {"connection", "accept-encoding", "user-agent"}
#: Names of query members whose values are never written.
_SECRETIVE = re.compile(r"key|token|secret|password|sig", re.IGNORECASE)
#: An obviously wrong key, for the probes that send one.
_WRONG_KEY = "sk-conformance-wrong-key"
#: Longest body, in bytes, that is written out.
_LONGEST = 256 * 1024

_ENCODERS = {
    Payload.PADDED: "base64 < {} | tr -d '\\n'",
    Payload.UNPADDED: "base64 < {} | tr -d '=\\n'",
    Payload.URL_SAFE: "base64 < {} | tr '+/' '-_' | tr -d '\\n'",
    Payload.WRAPPED: "base64 < {} | tr -d '\\n' | fold -w 76"
    """ | awk 'NR > 1 {{ printf "\\\\r\\\\n" }} {{ printf "%s", $0 }}'""",
    Payload.GARBLED: "base64 < {} | tr -d '\\n' | cut -c 1-3000"
    " | sed 's/.\\(.\\{{0,2\\}}\\)/%\\1/g'",
}

_BEHAVIOURS = {
    "status": "answers with status {}",
    "redirects": "redirects first, by {}",
    "loop": "redirects in a circle",
    "content_type": "sends Content-Type {}",
    "chunked": "sends the body in chunks",
    "first_byte": "waits {} s before the first byte",
    "drip": "drips the body over {} s",
    "head_refused": "refuses HEAD",
    "instead": "sends this in place of the picture: {}",
    "reset": "resets the connection",
    "refused": "does not listen at all",
}


def curl(
    exchange: Exchange,
    target_base: str,
    key_env: str = "OPENAI_API_KEY",
    auth: str = "bearer",
    query: Sequence[tuple[str, str]] = (),
) -> str:
    """A command for a POSIX shell, over several lines, to be run in the folder with ``fixtures``.

    The key is read from the variable ``key_env``; its value is never written. ``auth`` is
    "bearer", "api-key" or "none"; ``query`` is what the target adds to every URL.
    Raises ValueError where ``key_env`` cannot name a variable.
    """
    if not _VARIABLE.fullmatch(key_env):
        raise ValueError(f"{key_env!r} cannot name an environment variable")
    if len(exchange.sent.body) > _LONGEST:
        return f"# The request body has {len(exchange.sent.body):,} bytes: too long to write out."
    url = _url(target_base, exchange.sent.path, query)
    words = [
        "curl --silent --show-error --no-buffer --include --globoff",
        f"--request {shlex.quote(exchange.sent.method)} {shlex.quote(url)}",
        *_headers(exchange),
        *_credential(exchange.probe.credential, key_env, auth),
    ]
    comments = "".join(f"# {visible(one_line(text))}\n" for text in _remarks(exchange))
    if not exchange.sent.body:
        return comments + " \\\n  ".join(words)
    words.append("--data-binary @-")
    packed = "gzip | " if ("content-encoding", "gzip") in exchange.sent.headers else ""
    return comments + f"{_body(exchange)} \\\n  | {packed}" + " \\\n    ".join(words)


def _url(base: str, path: str, query: Sequence[tuple[str, str]]) -> str:
    shown = [(k, "REDACTED" if _SECRETIVE.search(k) else v) for k, v in query]
    joint = "&" if "?" in path else "?"
    url = base.rstrip("/") + path + (joint + urlencode(shown) if shown else "")
    return "".join(char if visible(char) == char else quote(char) for char in url)


def _headers(exchange: Exchange) -> list[str]:
    named = ((k, v) for k, v in exchange.sent.headers if k.lower() not in _OWN_HEADERS)
    sent = [(k, v) for k, v in named if (k.lower(), v) != ("accept", "*/*")]
    lines = [f"--header {shlex.quote(f'{k}: {v}' if v else f'{k};')}" for k, v in sent]
    untyped = "content-type" not in {k.lower() for k, _ in sent}
    # Without this curl would call the body a form.
    return [*lines, "--header 'Content-Type:'"] if untyped and exchange.sent.body else lines


def _credential(credential: Credential, key_env: str, auth: str) -> list[str]:
    if auth == "none" or credential is Credential.NONE:
        return []
    key = _WRONG_KEY if credential is Credential.WRONG else f"${key_env}"
    name = "api-key: " if auth == "api-key" else "Authorization: Bearer "
    name = "x-api-key: " if credential is Credential.X_API_KEY else name
    return [f'--header "{name}{key}"']


def _body(exchange: Exchange) -> str:
    """A command that prints the body, byte for byte."""
    body = exchange.sent.body
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _encoded(body)
    if "\0" in text or (_UNPASTABLE.search(text) and not _SHORT_NAME.search(text)):
        return _encoded(body)
    return f"printf %s {_quoted(text, _inline_pictures(exchange))}"


def _encoded(body: bytes) -> str:
    return f"printf %s {base64.b64encode(body).decode()} | base64 --decode"


def _quoted(text: str, pictures: dict[str, Picture]) -> str:
    """One shell word that expands to ``text`` with its short names resolved."""
    out, at = [], 0
    for found in _SHORT_NAME.finditer(text):
        expansion = _expansion(found, pictures)
        if expansion is None:
            continue
        out += [_literal(text[at : found.start()]), expansion]
        at = found.end()
    return "".join([*out, _literal(text[at:])]) or "''"


def _literal(text: str) -> str:
    """``text`` in quotes, and what cannot be pasted as what ``printf`` makes of its bytes."""
    out, at = [], 0
    for found in _UNPASTABLE.finditer(text):
        spelt = "".join(f"\\{byte:03o}" for byte in found[0].encode())
        out += [_plain(text[at : found.start()]), f"\"$(printf '{spelt}')\""]
        at = found.end()
    return "".join([*out, _plain(text[at:])])


def _plain(text: str) -> str:
    return shlex.quote(text) if text else ""


def _expansion(found: re.Match[str], pictures: dict[str, Picture]) -> str | None:
    """The shell's spelling of a short name; None where it only looks like one."""
    if found["digest"] is None:
        return '"$PICTURE_HOST"'
    picture, style = pictures.get(found["digest"]), found["style"] or Payload.PADDED
    if picture is None or style not in list(Payload):
        return None
    if style == Payload.EMPTY:
        return "''"
    command = _ENCODERS[Payload(style)].format(shlex.quote(f"fixtures/{picture.file}"))
    return ("'!!!'" if style == Payload.GARBLED else "") + f'"$({command})"'


def _image_parts(exchange: Exchange) -> Iterator[ImagePart]:
    for turn in exchange.probe.turns:
        yield from (part for part in turn.parts if isinstance(part, ImagePart))


def _inline_pictures(exchange: Exchange) -> dict[str, Picture]:
    parts = _image_parts(exchange)
    return {p.picture.sha256: p.picture for p in parts if p.picture and isinstance(p.via, Inline)}


def _remarks(exchange: Exchange) -> Iterator[str]:
    if any(isinstance(part.via, Elsewhere | LocalFile) for part in _image_parts(exchange)):
        yield "The port or file that this leads to was there during the run only; to send it again,"
        yield "run the suite again with --security."
    hosted = [p for p in _image_parts(exchange) if isinstance(p.via, Hosted)]
    if not hosted:
        return
    yield "PICTURE_HOST: where vision-conformance host serves the pictures. For this request it"
    yield from dict.fromkeys(_served(part) for part in hosted)


def _served(part: ImagePart) -> str:
    assert isinstance(part.via, Hosted)
    name = part.picture.id if part.picture else "nothing"
    return f"serves {name} as {part.via.path}" + "".join(f", {b}" for b in _behaviour(part.via))


def _behaviour(via: Hosted) -> Iterator[str]:
    plain = Hosted()
    for field in fields(via):
        value = getattr(via, field.name)
        if field.name in _BEHAVIOURS and value != getattr(plain, field.name):
            yield _BEHAVIOURS[field.name].format(_worded(value))


def _worded(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "(none)" if value == "" else str(value)
