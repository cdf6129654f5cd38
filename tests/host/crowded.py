"""A picture host in a process of its own, that its memory and open files can be measured."""

from __future__ import annotations

import hashlib
import os
import resource
import sys

from conformance.host.server import HostServer
from conformance.host.witness import WitnessServer
from conformance.model import Hosted, Picture


def main(kind: str, files: int) -> None:
    """Serves until its input ends; says the URLs of a plain, a huge and an inflated picture.

    The kind "hoard" leaves few files to the host, though many may be open.
    """
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    data = b"\x89PNG\r\n\x1a\n" + bytes(5000)
    picture = Picture(
        id="p",
        file_bytes=data,
        sha256=hashlib.sha256(data).hexdigest(),
        file="p.png",
        media_type="image/png",
    )
    with WitnessServer() if kind == "witness" else HostServer() as server:
        for hosted in (Hosted(), Hosted(instead="huge"), Hosted(instead="inflated")):
            print(server.host.place(picture, hosted).url, flush=True)
        if kind == "hoard":
            hoarded = [os.open("/dev/null", os.O_RDONLY) for _ in range(files - 30)]
            assert len(hoarded) == files - 30
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
