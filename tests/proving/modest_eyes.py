"""Manners of seeing: print that is too small or too faint, and files that come out as a mess.

What is seen is cut after the faultless eye has looked: the picture arrives, and is billed, as ever.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
from modest import Modest, modest, no_code
from PIL import Image

from conformance.model import Ability
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Look
from conformance.reference.eyes.decode import open_picture
from conformance.reference.eyes.looking import SeenCode, Sight
from conformance.reference.seeing import model_size
from conformance.tokens.rules import Rule

#: Pixels of height, in the picture as the model gets it, below which print is small.
SMALL: Final = 28
#: Grey levels of 255 between what is dark and what is light, below which print is faint.
FAINT: Final = 60
#: Part of the height of a picture, from its upper or lower edge, in which print is at its rim.
RIM: Final = 0.02

Sees = Callable[[Look, Loaded, SeenCode, Rule], bool]


def is_small(look: Look, _: Loaded, seen: SeenCode, rule: Rule) -> bool:
    height = model_size((look.width, look.height), look.detail, rule)[1]
    return seen.height * height < SMALL


def is_at_the_rim(_: Look, __: Loaded, seen: SeenCode, ___: Rule) -> bool:
    return min(seen.y, 1 - seen.y) - seen.height / 2 < RIM


def is_in_hue_alone(_: Look, loaded: Loaded, __: SeenCode, ___: Rule) -> bool:
    grey, colour = _contrasts(loaded.data)
    return grey < FAINT <= colour


def is_weak(_: Look, loaded: Loaded, __: SeenCode, ___: Rule) -> bool:
    return max(_contrasts(loaded.data)) < FAINT


@lru_cache(maxsize=1024)
def _contrasts(data: bytes) -> tuple[int, int]:
    """Between dark and light, in grey and in the strongest of red, green and blue, of 255."""
    image = open_picture(data)
    image = image.reduce(max(1, max(image.size) // 1024))
    return _spread(image.convert("L")), max(map(_spread, image.split()))


def _spread(band: Image.Image) -> int:
    """Grey levels from the darkest to the lightest thousandth.

    No more than that is left out: the print of a long picture covers less than a hundredth of it.
    """
    below = np.cumsum(band.histogram())
    dark, light = np.searchsorted(below, [0.001 * below[-1], 0.999 * below[-1]])
    return int(light - dark)


class _Overlooks(Modest):
    """Does not make some print out."""

    def sorts(self) -> tuple[Sees, ...]:
        """Of which print that is so; those of all manners that are joined."""
        return ()

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        seen = (self._made_out(look, loaded, code) for code in look.sight.codes)
        codes = tuple(code for code in seen if code is not None)
        return replace(look, sight=replace(look.sight, codes=codes))

    def _made_out(self, look: Look, loaded: Loaded, seen: SeenCode) -> SeenCode | None:
        hidden = any(sort(look, loaded, seen, self.rule) for sort in self.sorts())
        return self.instead(seen) if hidden else seen

    def instead(self, seen: SeenCode) -> SeenCode | None:
        """What is taken for print that is not made out; None leaves it out."""
        return None


class _Guesses(_Overlooks):
    """Reads something else in its place, the same each time."""

    def instead(self, seen: SeenCode) -> SeenCode | None:
        return replace(seen, code=no_code(random.Random(f"{self.seed}/{seen.code}")))


class _Small(_Overlooks):
    def sorts(self) -> tuple[Sees, ...]:
        return (*super().sorts(), is_small)


class _Faint(_Overlooks):
    def sorts(self) -> tuple[Sees, ...]:
        return (*super().sorts(), is_in_hue_alone, is_weak)


class _Rim(_Overlooks):
    def sorts(self) -> tuple[Sees, ...]:
        return (*super().sorts(), is_at_the_rim)


@modest(Ability.SMALL_PRINT)
class LeavesSmallPrintOut(_Small):
    """Reads no print under 28 pixels of height, in any picture, and leaves it out."""


@modest(Ability.SMALL_PRINT, by_chance=True)
class GuessesSmallPrint(_Small, _Guesses):
    """Reads no print under 28 pixels of height, in any picture, and makes something of it."""


@modest(Ability.FAINT_PRINT)
class LeavesFaintPrintOut(_Faint):
    """Leaves out print in weak contrast, or in hue alone."""


@modest(Ability.FAINT_PRINT, by_chance=True)
class GuessesFaintPrint(_Faint, _Guesses):
    """Makes something of print in weak contrast, or in hue alone."""


@modest(Ability.FAINT_PRINT)
class SeesPrintInGrey(_Overlooks):
    """Reads no print that differs from its ground in hue alone; knows colours all the same."""

    def sorts(self) -> tuple[Sees, ...]:
        return (*super().sorts(), is_in_hue_alone)


@modest(Ability.FAINT_PRINT)
class NeedsContrast(_Overlooks):
    """Reads no print in weak contrast."""

    def sorts(self) -> tuple[Sees, ...]:
        return (*super().sorts(), is_weak)


@modest(Ability.EDGES)
class OverlooksTheRim(_Rim):
    """Leaves out print at the upper and the lower rim of a picture."""


@modest(Ability.EDGES, by_chance=True)
class GuessesTheRim(_Rim, _Guesses):
    """Makes something of print at the upper and the lower rim of a picture."""


# ---------------------------------------------------------------- files

Sort = Callable[[Image.Image], bool]


def is_of_16_bits(image: Image.Image) -> bool:
    return image.mode.startswith("I")


def is_cmyk(image: Image.Image) -> bool:
    return image.mode == "CMYK"


def is_clear_palette(image: Image.Image) -> bool:
    return image.mode == "P" and image.format == "PNG" and "transparency" in image.info


def is_interlaced(image: Image.Image) -> bool:
    return image.format == "PNG" and bool(image.info.get("interlace"))


@lru_cache(maxsize=1024)
def _is(sort: Sort, data: bytes) -> bool:
    with Image.open(io.BytesIO(data)) as image:
        return sort(image)


class _Decodes(Modest):
    """Makes a mess of one sort of files, and nobody is told; what it can do is not documented."""

    #: Which files those are.
    sort: Sort

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        return replace(look, sight=self.mess()) if _is(self.sort, loaded.data) else look

    def mess(self) -> Sight:
        return Sight()


@modest(Ability.ENCODINGS)
class DecodesNo16Bits(_Decodes):
    """Sees nothing legible in a PNG of 16 bits."""

    sort = staticmethod(is_of_16_bits)


@modest(Ability.ENCODINGS)
class DecodesNoCmyk(_Decodes):
    """Sees nothing legible in a JPEG in CMYK."""

    sort = staticmethod(is_cmyk)


@modest(Ability.ENCODINGS)
class DecodesNoClearPalettes(_Decodes):
    """Sees nothing legible in a PNG with a palette and transparency."""

    sort = staticmethod(is_clear_palette)


@modest(Ability.ENCODINGS)
class DecodesNothingInterlaced(_Decodes):
    """Sees nothing legible in an interlaced PNG."""

    sort = staticmethod(is_interlaced)


def is_odd(image: Image.Image) -> bool:
    return any(sort(image) for sort in (is_of_16_bits, is_cmyk, is_clear_palette, is_interlaced))


@modest(Ability.ENCODINGS, by_chance=True)
class DecodesOddFilesWrong(_Decodes):
    """Makes something of what it sees in any of these."""

    sort = staticmethod(is_odd)

    def mess(self) -> Sight:
        return Sight(
            codes=(SeenCode(code=no_code(random.Random(self.seed)), x=0.5, y=0.5, height=0.2),)
        )
