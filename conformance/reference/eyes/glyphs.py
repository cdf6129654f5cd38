"""Which character a small patch of grey resembles most: correlation with drawn templates."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
from PIL import Image

from conformance.drawing import lettering
from conformance.drawing.codes import ALPHABET

Patch: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

#: Patches are compared at this size, in pixels: width, height.
GRID: Final = (20, 28)
#: Correlation below which a patch is no character, and lead over the second best below which it
#: is doubtful which one. Clean print scores above 0.95; the two closest templates, M and N, agree
#: to about 0.7.
RESEMBLANCE: Final = 0.8
LEAD: Final = 0.05
#: How far the logarithm of width over height may be from the template's before it counts, and
#: what each further unit costs.
SLACK: Final = 0.08
PRICE: Final = 0.6
#: Stands for a character that is there and cannot be told.
DOUBTFUL: Final = "?"


def name(patch: Image.Image) -> str:
    """The character of an "L" patch, light print on dark, cut to its print; "?" if in doubt.

    Returns "" for a patch that resembles no character.
    """
    if patch.width < 2 or patch.height < 2:
        return ""
    scores = _scores(patch)
    best, second = np.argsort(scores)[::-1][:2]
    if scores[best] < RESEMBLANCE:
        return DOUBTFUL if scores[best] > RESEMBLANCE - 0.15 else ""
    return ALPHABET[best] if scores[best] - scores[second] >= LEAD else DOUBTFUL


def _scores(patch: Image.Image) -> Patch:
    templates, slopes = _templates()
    flat = _flat(patch)
    distance = np.abs(slopes - np.log(patch.width / patch.height))
    scores: Patch = templates @ flat - PRICE * np.maximum(distance - SLACK, 0)
    return scores


@cache
def _templates() -> tuple[Patch, Patch]:
    """One row of GRID pixels for each character, and the logarithms of width over height."""
    cut = [lettering.master(character) for character in ALPHABET]
    tight = [mask.crop(mask.point([0] * 128 + [255] * 128).getbbox()) for mask in cut]
    slopes: Patch = np.log([mask.width / mask.height for mask in tight])
    return np.stack([_flat(mask) for mask in tight]), slopes


def _flat(patch: Image.Image) -> Patch:
    """A patch as a vector of mean zero and length one."""
    small = patch.resize(GRID, Image.Resampling.BOX)
    values: Patch = np.asarray(small, dtype=np.float64).ravel()
    values = values - values.mean()
    length = float(np.linalg.norm(values))
    return values / length if length > 0 else values
