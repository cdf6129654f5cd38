"""Streamed replies about pictures: the same answer, in well-formed pieces."""

ORDER = ("pictures", "events", "chunks", "ends", "not_streamed", "pieces")
