"""The reference endpoint in a process of its own, for as long as it is tested."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from conformance import data
from conformance.asgi.sockets import ServeError, bound_socket, listening_socket, split_bind, url_of
from conformance.commands.calls import CallError
from conformance.commands.surroundings import command_line

#: Its model is our own, so what it can do is known.
TARGET = data.PACKAGE / "reference" / "target.toml"
#: Variable in which its key stands, as its target file says.
KEY_ENV = "CONFORMANCE_REFERENCE_KEY"


@contextlib.contextmanager
def reference(*, model: str | None, faults: Sequence[str], pictures_from: str) -> Iterator[str]:
    """Gives its base URL. It listens at once, and answers as soon as its process is ready.

    The process is ended when the block is left.
    """
    sock = listening_socket("127.0.0.1:0")
    url = url_of(sock)
    wanted = [f"--plays={model}"] if model else []
    wanted += [f"--fault={name}" for name in faults]
    command = command_line(
        "serve", f"--fd={sock.fileno()}", *wanted, f"--pictures-from={pictures_from}"
    )
    # A terminal's Ctrl-C must reach the suite first; the endpoint is stopped after it. It serves
    # as long as its standard input is open, so that it ends with this process in any case.
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=[sock.fileno()],
    )
    # Held by the child alone: should it not start, connections are refused, and none waits.
    sock.close()
    try:
        yield f"{url}/v1"
    finally:
        # It has nothing to put in order.
        child.kill()
        child.communicate()


def reserved(bind: str | None) -> str:
    """Host and port at which the picture host will listen: the endpoint is told beforehand."""
    bind = bind or "127.0.0.1:0"
    try:
        host, port = split_bind(bind)
        with bound_socket(host, port, shown=bind, reuse=True) as sock:
            return urlsplit(url_of(sock)).netloc
    except ServeError as error:
        raise CallError(f"picture host: {error} (--picture-host-bind)") from None
