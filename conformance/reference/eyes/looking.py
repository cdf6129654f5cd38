"""What the reference model sees, from pixels alone.

Print is found as connected shapes that are darker or lighter than their surroundings, lined up in
sixes, and named by correlation with templates. Nothing here knows which picture it looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image, ImageChops, ImageFilter, ImageOps

from conformance.drawing import codes
from conformance.reference.eyes import glyphs
from conformance.reference.eyes.counts import colours, tally
from conformance.reference.eyes.lines import lines
from conformance.reference.eyes.shapes import Mask, Shape, largest, shapes

#: The longest side that is looked at, in pixels; larger pictures are reduced first.
LONGEST: Final = 2048
#: Lines whose characters are lower than this, in pixels, are not legible to this eye: below it
#: the strokes of the alphabet's characters run together.
LEGIBLE: Final = 8.5
#: Characters lower than this, in pixels, are magnified before they are compared.
SMALL: Final = 32
#: Reductions tried in turn until a code is found: averaging is what makes noise bearable.
REDUCTIONS: Final = (1, 2, 4)
#: A picture with less contrast than this, in grey levels of 255, shows nothing.
CONTRAST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCode:
    """A code, its centre as fractions of width and height, and its height as one of height."""

    code: str
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Everything seen in one picture; empty tuples for what it does not show."""

    #: In reading order.
    codes: tuple[SeenCode, ...] = ()
    #: Colour names where the picture is a grid of three by three or eight by eight.
    colours: tuple[str, ...] = ()
    #: Discs in each row where the picture shows rows of discs.
    tally: tuple[int, ...] = ()


def see(image: Image.Image) -> Sight:
    """What an RGB image of any size shows. It is flattened, upright and shrunk already."""
    page = image.convert("RGB")
    if max(page.size) > LONGEST:
        page.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX, reducing_gap=2.0)
    found = _codes(ImageOps.grayscale(page))
    if found:
        return Sight(codes=found)
    sight = Sight(colours=colours(page), tally=tally(page))
    return sight if sight != Sight() else Sight(codes=_coloured(page))


def _coloured(page: Image.Image) -> tuple[SeenCode, ...]:
    """Codes that differ from their ground in hue alone: seen in one of red, green and blue."""
    parts = page.split()
    apart = ImageChops.subtract(parts[0], parts[2], offset=128).getextrema()
    if np.ptp(apart) < CONTRAST:
        return ()
    return next(filter(None, map(_codes, parts)), ())


def _codes(page: Image.Image) -> tuple[SeenCode, ...]:
    for factor in REDUCTIONS:
        small = page.reduce(factor) if factor > 1 else page
        if min(small.size) < LEGIBLE:
            break
        found = [*_printed(small), *_printed(ImageOps.invert(small))]
        if found:
            return _in_reading_order(found)
    return ()


def _printed(page: Image.Image) -> Iterator[SeenCode]:
    """Codes that are printed dark on light."""
    grey = np.asarray(page)
    threshold = _threshold(grey)
    if threshold is None:
        return
    least = int(LEGIBLE)
    letters = [shape for shape in shapes(grey < threshold, least) if _may_be_letter(shape, page)]
    for line in lines(letters):
        height = float(np.mean([shape.height for shape in line]))
        code = _read(page, line, threshold) if height >= LEGIBLE else None
        if code:
            yield _seen(code, line, page)


def _threshold(grey: np.ndarray[Any, np.dtype[np.uint8]]) -> int | None:
    """The grey level that parts dark from light best (Otsu 1979); None where all is alike."""
    counts = np.bincount(grey.ravel(), minlength=256).astype(np.float64)
    levels = np.arange(256)
    below, weight = np.cumsum(counts * levels), np.cumsum(counts)
    total, mass = below[-1], weight[-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (total * weight - mass * below) ** 2 / (weight * (mass - weight))
    cut = int(np.nanargmax(np.where(np.isfinite(spread), spread, -1)))
    dark = below[cut] / max(weight[cut], 1)
    light = (total - below[cut]) / max(mass - weight[cut], 1)
    return round((dark + light) / 2) if light - dark >= CONTRAST else None


def _may_be_letter(shape: Shape, page: Image.Image) -> bool:
    inside = (
        shape.left > 0 and shape.top > 0 and shape.right < page.width and shape.bottom < page.height
    )
    return inside and 0.25 < shape.width / shape.height < 2.2 and 0.15 < shape.fill < 0.9


def _read(page: Image.Image, line: Sequence[Shape], threshold: int) -> str | None:
    """The code of six shapes; at most one of them may be doubtful, or wrong."""
    names = [glyphs.name(_patch(page, shape, threshold)) for shape in line]
    if "" in names or names.count(glyphs.DOUBTFUL) > 1:
        return None
    return codes.decode("".join(names))


def _patch(page: Image.Image, shape: Shape, threshold: int) -> Image.Image:
    """The print of one shape, light on dark, without what else is dark inside its box."""
    crop = _magnified(page, shape)
    mask = np.asarray(crop) < threshold
    own = largest(mask) if shape.height < SMALL or mask.sum() != shape.area else mask
    crop = _alone(crop, mask, own).crop(Image.fromarray(own).getbbox())
    return ImageOps.autocontrast(ImageOps.invert(crop), cutoff=2)


def _magnified(page: Image.Image, shape: Shape) -> Image.Image:
    """The box of a shape; small print four times as large, so that its edges lie between pixels."""
    if shape.height >= SMALL:
        return page.crop((shape.left, shape.top, shape.right, shape.bottom))
    crop = page.crop((shape.left - 1, shape.top - 1, shape.right + 1, shape.bottom + 1))
    return crop.resize((crop.width * 4, crop.height * 4), Image.Resampling.BICUBIC)


def _alone(crop: Image.Image, mask: Mask, own: Mask) -> Image.Image:
    """A crop in which dark parts away from the shape's own are as light as the lightest."""
    if own is mask:
        return crop
    near = np.asarray(Image.fromarray(own).convert("L").filter(ImageFilter.MaxFilter(5)))
    elsewhere = Image.fromarray(mask & (near == 0)).convert("L")
    rim = elsewhere.filter(ImageFilter.MaxFilter(3))
    return Image.composite(Image.new("L", crop.size, crop.getextrema()[1]), crop, rim)


def _seen(code: str, line: Sequence[Shape], page: Image.Image) -> SeenCode:
    left, right = min(s.left for s in line), max(s.right for s in line)
    top, bottom = min(s.top for s in line), max(s.bottom for s in line)
    return SeenCode(
        code=code,
        x=(left + right) / 2 / page.width,
        y=(top + bottom) / 2 / page.height,
        height=float(np.mean([shape.height for shape in line])) / page.height,
    )


def _in_reading_order(found: list[SeenCode]) -> tuple[SeenCode, ...]:
    """Row by row; codes whose middles differ by less than half their height are in one row."""
    rows: list[list[SeenCode]] = []
    for seen in sorted(found, key=lambda seen: seen.y):
        if rows and seen.y - rows[-1][0].y < max(seen.height, rows[-1][0].height) / 2:
            rows[-1].append(seen)
        else:
            rows.append([seen])
    return tuple(seen for row in rows for seen in sorted(row, key=lambda seen: seen.x))
