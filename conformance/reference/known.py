"""What an endpoint of this process has worked out before: the zoo asks hundreds the same things.

Everything here follows from the very bytes that are asked about; nothing is forgotten wrongly, and
what is kept is bounded.
"""

from __future__ import annotations

from collections.abc import Hashable
from hashlib import blake2b

from PIL import Image

from conformance.model import Json, canonical
from conformance.reference.eyes.looking import Sight, see
from conformance.wire import contract

#: Entries that are kept of each kind.
MOST = 4096
#: Characters of a text that its verdict may depend on; the longest that the schema names is 64.
_ABRIDGED = 512
#: Characters of an address: of any, the schema asks only that it is there.
_ADDRESS = 8

_problems: dict[bytes, contract.Problem | None] = {}
_sights: dict[bytes, Sight] = {}
_looked: set[int] = set()


def problem(body: Json) -> contract.Problem | None:
    """What the schema of requests has against a body; None where it conforms."""
    try:
        written = canonical(_abridged(body)).encode("utf-8", "surrogatepass")
    except RecursionError:
        return contract.first_problem("chat_request", body)
    digest = blake2b(written).digest()
    if digest not in _problems:
        if len(_problems) >= MOST:
            _problems.clear()
        _problems[digest] = contract.first_problem("chat_request", body)
    return _problems[digest]


def _abridged(value: Json) -> Json:
    if isinstance(value, str):
        return value[:_ABRIDGED]
    if isinstance(value, dict):
        kept = {name: _abridged(member) for name, member in value.items()}
        address = kept.get("url")
        return kept | {"url": address[:_ADDRESS]} if isinstance(address, str) else kept
    return [_abridged(member) for member in value] if isinstance(value, list) else value


def sight(image: Image.Image) -> Sight:
    """What is to be seen: most pictures of a fault that alters some look as they always did."""
    shape = f"{image.mode} {image.width} {image.height} ".encode()
    digest = blake2b(shape + image.tobytes()).digest()
    if digest not in _sights:
        if len(_sights) >= MOST:
            _sights.clear()
        _sights[digest] = see(image)
    return _sights[digest]


def is_looked_at(key: Hashable) -> bool:
    """True from the second time on: then a thread of its own is not worth its while."""
    mark = hash(key)
    if mark in _looked:
        return True
    if len(_looked) >= MOST:
        _looked.clear()
    _looked.add(mark)
    return False
