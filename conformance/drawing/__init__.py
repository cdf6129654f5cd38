"""Draws the pictures of the corpus from a seed: no font file, no network, no state."""

from conformance.drawing.write import COMMITTED, draw_corpus

__all__ = ["COMMITTED", "draw_corpus"]
