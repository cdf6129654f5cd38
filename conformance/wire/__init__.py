"""The wire: bytes and JSON to nouns and back. Pure; nothing here opens a socket."""
