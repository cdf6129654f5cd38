"""Faults with the colour modes of pictures: alpha, palettes, greyscale, 16 bits, CMYK."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from conformance.model import Symptom
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import UnsupportedPicture
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken


class _Opens(Endpoint):
    """Sees the opened picture before it is made RGB; None leaves it to the right way."""

    @classmethod
    def convert(cls, image: Image.Image) -> Image.Image | None:
        raise NotImplementedError

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        right = super().decode(data)
        with Image.open(io.BytesIO(data)) as image:
            return cls.convert(image) or right


@fault("base64/encoding-is-read", symptom=Symptom.SERVER_ERROR, where=("mode",))
class CrashesOnAlpha(_Opens):
    """Expects three channels, and fails on a fourth with a 500."""

    @classmethod
    def convert(cls, image: Image.Image) -> Image.Image | None:
        if image.mode == "RGBA":
            raise broken("expected 3 channels, got 4")
        return None


@fault("base64/encoding-is-read", symptom=Symptom.NOT_READ, where=("mode",))
class TakesAlphaForThePicture(_Opens):
    """Hands the alpha channel of a transparent picture over in the place of its colours."""

    @classmethod
    def convert(cls, image: Image.Image) -> Image.Image | None:
        if not image.has_transparency_data:
            return None
        return image.convert("RGBA").getchannel("A").convert("RGB")


@fault("base64/transparent-is-not-seen", symptom=Symptom.DEGRADED)
class DropsAlpha(Endpoint):
    """Keeps three channels of four, and shows what is under the transparent ones."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        with Image.open(io.BytesIO(data)) as raw:
            return raw.convert("RGB") if raw.mode == "RGBA" else image


@fault("base64/encoding-is-read", symptom=Symptom.NOT_READ)
class Keeps8Of16Bits(_Opens):
    """Keeps the lower byte of every value of a 16-bit picture."""

    @classmethod
    def convert(cls, image: Image.Image) -> Image.Image | None:
        if not image.mode.startswith("I"):
            return None
        values = (np.asarray(image) & 255).astype(np.uint8)
        return Image.fromarray(values).convert("RGB")


@fault("base64/encoding-is-read", symptom=Symptom.NOT_READ)
class Clips16BitsToWhite(_Opens):
    """Clips every value of a 16-bit picture to 255, which leaves a white page."""

    @classmethod
    def convert(cls, image: Image.Image) -> Image.Image | None:
        if not image.mode.startswith("I"):
            return None
        return Image.fromarray(np.minimum(np.asarray(image), 255).astype(np.uint8)).convert("RGB")


@fault("base64/encoding-is-read", symptom=Symptom.NOT_READ, where=("mode",))
class ReadsPaletteIndices(_Opens):
    """Takes the indices into a palette for shades of grey."""

    @classmethod
    def convert(cls, image: Image.Image) -> Image.Image | None:
        if image.mode != "P" or image.format != "PNG":
            return None
        return Image.fromarray(np.asarray(image)).convert("RGB")


@fault("base64/encoding-is-read", symptom=Symptom.SERVER_ERROR, where=("mode",))
class CrashesOnPalettes(_Opens):
    """Fails to convert a palette picture: KeyError 'P', 500."""

    @classmethod
    def convert(cls, image: Image.Image) -> Image.Image | None:
        if image.mode == "P" and image.format == "PNG":
            raise broken("KeyError: 'P'")
        return None


@fault("base64/encoding-is-read", symptom=Symptom.SERVER_ERROR, where=("mode",))
class CrashesOnGrey(_Opens):
    """Expects three channels, and fails on greyscale with a 500."""

    @classmethod
    def convert(cls, image: Image.Image) -> Image.Image | None:
        if image.mode == "L":
            raise broken("The size of tensor a (1) must match the size of tensor b (3)")
        return None


@fault("base64/encoding-is-read", symptom=Symptom.REFUSED)
class RefusesCmyk(_Opens):
    """Refuses a CMYK JPEG."""

    @classmethod
    def convert(cls, image: Image.Image) -> Image.Image | None:
        if image.mode == "CMYK":
            raise UnsupportedPicture("CMYK is not supported")
        return None
