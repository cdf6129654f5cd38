"""The pictures that are measured: drawn when needed, each with a short code."""

from __future__ import annotations

import hashlib
import io
import random
from functools import lru_cache

import numpy as np
from PIL import Image

from conformance.drawing import codes, lettering
from conformance.fingerprint.shots import Request, Shot
from conformance.model import Facts, Picture

PAPER = (250, 250, 247)
INK = (22, 30, 46)


@lru_cache(maxsize=64)
def picture(shot: Shot) -> Picture:
    """The picture of a shot: a code on plain paper, or on a plate before noise.

    The same shot is the same picture, whatever its ``detail``.
    """
    name = f"fingerprint-{shot.width}x{shot.height}{'-noise' if shot.heavy else ''}"
    code = codes.draw(random.Random(name))
    ground = _noise(shot, name) if shot.heavy else Image.new("RGB", _size(shot), PAPER)
    _write(ground, code)
    out = io.BytesIO()
    ground.save(out, "PNG", compress_level=1 if shot.heavy else 9)
    data = out.getvalue()
    return Picture(
        id=name,
        file_bytes=data,
        sha256=hashlib.sha256(data).hexdigest(),
        file=f"{name}.png",
        media_type="image/png",
        width=shot.width,
        height=shot.height,
        mode="RGB",
        facts=Facts(code=code),
        purpose="to be billed",
    )


def weighed(request: Request) -> Request:
    """The request with the true number of bytes of each picture."""
    return tuple(shot.weighing(len(picture(shot.weighing(0)).data)) for shot in request)


def _size(shot: Shot) -> tuple[int, int]:
    return shot.width, shot.height


def _noise(shot: Shot, name: str) -> Image.Image:
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    grains = np.random.default_rng(seed).integers(0, 256, (shot.height, shot.width, 3))
    return Image.fromarray(grains.astype(np.uint8))


def _write(ground: Image.Image, code: str) -> None:
    capital = min(96, lettering.fit(code, ground.width * 0.8, ground.height * 0.5))
    mask = lettering.line(code, capital)
    left, top = (ground.width - mask.width) // 2, (ground.height - mask.height) // 2
    margin = max(2, capital // 3)
    plate = (left - margin, top - margin, left + mask.width + margin, top + mask.height + margin)
    ground.paste(PAPER, plate)
    ground.paste(INK, (left, top), mask)
