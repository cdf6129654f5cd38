"""The reference endpoint, killed without a word when so many requests have arrived.

    python dying.py NUMBER

Prints its URL when it listens.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from itertools import count

from starlette.types import Receive, Scope, Send

from conformance.asgi.serving import serve_in_thread
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint


def main(number: int) -> None:
    inner, arrived = make_app(Endpoint()), count(1)

    async def dying(scope: Scope, receive: Receive, send: Send) -> None:
        if next(arrived) > number:
            os.kill(os.getpid(), signal.SIGKILL)
        await inner(scope, receive, send)

    with serve_in_thread(dying) as url:
        print(url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]))
