"""Conformance suite for image input over OpenAI-compatible chat APIs."""
