"""Faults with requests that are wrong: what is refused, and how it is said."""
