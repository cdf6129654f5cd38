"""``serve``: the reference endpoint until Ctrl-C."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Sequence

from conformance.asgi.serving import serve_in_thread
from conformance.asgi.sockets import ServeError
from conformance.commands.stopping import until_stopped
from conformance.commands.telling import complain, tell
from conformance.reference.account import KEY
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import composed
from conformance.reference.voice import STYLES, VARIED


def serve(
    bind: str,
    *,
    fd: int | None = None,
    plays: str,
    style: str,
    fault: Sequence[str] = (),
    latency: float,
    pictures_from: Sequence[str] = (),
) -> int:
    """The endpoint with all these faults, at ``bind`` or on a socket that listens already.

    With ``fd`` it ends with its standard input, which whoever started it holds open. Exit status
    0 once it is stopped, 2 where the call is wrong.
    """
    if fd is not None:
        threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        endpoint = endpoint_of(plays, fault, pictures_from, style)
        app = make_app(endpoint, latency=latency)
        where = bind if fd is None else socket.socket(fileno=fd)
        with until_stopped(), serve_in_thread(app, where) as url:
            tell(f"listening at {url}/v1")
            tell(f"model {plays}, key {KEY}; Ctrl-C to stop")
            threading.Event().wait()
    except (ServeError, LookupError, ValueError) as error:
        complain(f"{error.args[0]}")
        return 2
    return 0


def _end_with_input() -> None:
    """It closes when whoever holds it ends, be it killed."""
    while os.read(0, 1024):
        pass
    os._exit(0)


def endpoint_of(
    plays: str, faults: Sequence[str], pictures_from: Sequence[str], style: str = VARIED
) -> Endpoint:
    """The endpoint as it is called for. Raises LookupError and ValueError, each one sentence."""
    if style not in STYLES and style != VARIED:
        raise ValueError(f"there is no style {style!r}: there are {', '.join(STYLES)}, {VARIED}")
    return composed(faults)(model=plays, style=style, pictures_from=pictures_from)
