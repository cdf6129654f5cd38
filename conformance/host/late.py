"""A picture host that answers before all its pictures are placed."""

from __future__ import annotations

import asyncio

from starlette.types import Receive, Scope, Send

from conformance.host import address
from conformance.host.app import PictureHost

#: Seconds between two looks whether a picture is there by now.
PAUSE = 0.05


class LateHost(PictureHost):
    """Lets a fetch of an unknown picture wait until ``is_complete``."""

    def __init__(self, public_url: str = "", *, refused_url: str = "") -> None:
        super().__init__(public_url, refused_url=refused_url)
        #: Set by whoever places the pictures, once the last one is placed.
        self.is_complete = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token, _ = address.split_target(address.raw_target(scope), self.public_url)
        while not (self.is_complete or self.is_placed(token)):
            await asyncio.sleep(PAUSE)
        await super().__call__(scope, receive, send)
