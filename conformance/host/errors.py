"""What keeps the picture host from running."""


class HostError(Exception):
    """The picture host cannot run; the message is one sentence that says what to do."""
