"""How fine print may be and still be read, and what its loss says of the way it took."""

ORDER = ("equally_legible", "hue_contrast_edges", "second_look")
