"""What stands in a request where a picture goes: the real address, or a short name for it.

The short names keep cassettes small and equal from run to run:
``data:image/png;base64,{{sha256:<digest>:<picture id>}}`` and
``{{picture-host}}/<picture id>.<digest of the behaviour>/<path>``, and ``{{witness-port}}`` and
``{{folder}}`` where a picture is elsewhere on this machine.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
from dataclasses import fields
from urllib.parse import urlsplit

from conformance.model import (
    Elsewhere,
    Hosted,
    ImagePart,
    Inline,
    Json,
    LocalFile,
    Payload,
    Picture,
    Verbatim,
)

#: Where the picture of an ``Elsewhere`` is, below its token, at either host.
ELSEWHERE_PATH = "picture.png"
#: Stands for the folder of the files that are sent as pictures.
FOLDER = "{{folder}}"
#: How the path of a fetch begins that reached the witness.
AT_WITNESS = "{{witness}}"


def data_url(picture: Picture, via: Inline) -> str:
    """The data URL, bent as ``via`` says."""
    return _prefix(picture, via) + _payload(picture.data, via.payload)


def symbolic(part: ImagePart) -> Json:
    """The short name of a part's picture; a verbatim value stands as it is."""
    via, picture = part.via, part.picture
    if isinstance(via, Verbatim):
        return json.loads(via.json)
    if picture is None:
        raise ValueError("an inline or hosted part needs a picture")
    if isinstance(via, Hosted):
        return f"{{{{picture-host}}}}/{recorded_token(picture, via)}/{via.path}{_query(via)}"
    if isinstance(via, Elsewhere):
        at_witness = f"http://{via.spelling}:{{{{witness-port}}}}"
        base = "{{picture-host}}" if via.redirects else at_witness
        return f"{base}/{recorded_token(picture, via)}/{ELSEWHERE_PATH}"
    if isinstance(via, LocalFile):
        return f"{via.scheme}{FOLDER}/{file_name(picture, via)}"
    style = "" if via.payload is Payload.PADDED else f":{via.payload}"
    return _prefix(picture, via) + f"{{{{sha256:{picture.sha256}:{picture.id}{style}}}}}"


def _prefix(picture: Picture, via: Inline) -> str:
    declared = picture.media_type if via.media_type is None else via.media_type
    return f"{via.scheme}{declared}{via.parameters}{via.marker}{via.comma}"


def _payload(data: bytes, style: Payload) -> str:
    if style is Payload.EMPTY:
        return ""
    if style is Payload.URL_SAFE:
        return base64.urlsafe_b64encode(data).decode()
    text = base64.b64encode(data).decode()
    if style is Payload.UNPADDED:
        return text.rstrip("=")
    if style is Payload.WRAPPED:
        return "\r\n".join(text[start : start + 76] for start in range(0, len(text), 76))
    if style is Payload.GARBLED:
        return "!!!" + "".join("%" if i % 3 == 0 else c for i, c in enumerate(text[:3000]))
    return text


def _query(via: Hosted) -> str:
    return f"?{via.query}" if via.query else ""


def file_name(picture: Picture, via: LocalFile) -> str:
    """Name of the file of a picture, in the folder that is made for such files."""
    return f"missing-{picture.file}" if via.missing else picture.file


def without_folder(body: bytes, folder: str) -> bytes:
    """A reply that does not tell where on this machine the files of a run are."""
    if not folder:
        return body
    for spelled in (folder, folder.replace("/", "\\/")):
        body = body.replace(spelled.encode(), FOLDER.encode())
    return body


def recorded_token(picture: Picture, via: Hosted | Elsewhere) -> str:
    """What stands in a record for the token of a URL: the picture, and how the host behaves."""
    ordered = {f.name: getattr(via, f.name) for f in fields(via) if f.name not in ("path", "query")}
    # Younger than the records of all others.
    for name in ("twin", "once", "recoded"):
        if not ordered.get(name):
            ordered.pop(name, None)
    text = json.dumps([picture.sha256, ordered], sort_keys=True)
    return f"{picture.id}.{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def is_loopback(url: str) -> bool:
    """True where a URL stays on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
