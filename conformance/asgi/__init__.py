"""Apps of our own, on a real socket or without any."""
