"""The suite as pytest runs it."""
