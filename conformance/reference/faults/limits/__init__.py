"""Faults with requests that hold much: lost on the way, refused badly, or the end of the server."""
