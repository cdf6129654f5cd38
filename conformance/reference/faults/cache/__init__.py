"""Faults that keep or mix up what belongs to different requests."""
