"""Faults with the token counts of a reply."""
