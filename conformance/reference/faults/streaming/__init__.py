"""Faults with streamed replies."""
