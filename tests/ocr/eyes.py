"""Reads the lines of text in a picture, with RapidOCR and the models in its wheel.

Pictures are decoded the plainest way, as an ordinary developer would: no special care for
transparency, 16 bit, or a turned camera. What that costs, the model cannot see.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rapidocr import RapidOCR
from rapidocr.utils.output import RapidOCROutput
from rapidocr.utils.process_img import ResizeImgError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
OPTIONS = {
    # More threads would only take the processor from the suite that waits for the answer.
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    # The longest side, in pixels, as PaddleOCR has it. RapidOCR enlarges until the shortest has
    # 736, which takes 28 s for 100 x 4000, and seven times as long on the whole; of 64 codes
    # both misread 9.
    "Det.limit_type": "max",
    "Det.limit_side_len": 960,
    "Global.log_level": "error",
}


class UnreadableError(Exception):
    """A picture that cannot be read; the message is what a sentence about it ends with."""


class Eyes:
    """Reads one picture after another in a thread of its own, and each picture once only."""

    def __init__(self) -> None:
        self._engine = RapidOCR(params=OPTIONS)
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._known: dict[bytes, tuple[str, ...]] = {}

    async def lines(self, data: bytes) -> tuple[str, ...]:
        """The lines of text, from the upper left to the lower right. Raises UnreadableError."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._lines, data)

    def _lines(self, data: bytes) -> tuple[str, ...]:
        digest = hashlib.sha256(data).digest()
        if digest not in self._known:
            self._known[digest] = self._read(decoded(data))
        return self._known[digest]

    def _read(self, pixels: NDArray[np.uint8]) -> tuple[str, ...]:
        # RapidOCR sorts the lines itself, and takes arrays as OpenCV has them: blue first.
        try:
            found = self._engine(pixels[:, :, ::-1])
        except ResizeImgError as error:
            raise UnreadableError("is too narrow to be read") from error
        assert isinstance(found, RapidOCROutput)
        return tuple(found.txts or ())


def decoded(data: bytes) -> NDArray[np.uint8]:
    """The picture as an array of height x width x 3, red first. Raises UnreadableError."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            return np.asarray(picture.convert("RGB"))
    # Pillow's decoders raise about everything on damaged bytes.
    except Exception as error:
        raise UnreadableError("is no valid PNG, JPEG, WebP or GIF") from error
