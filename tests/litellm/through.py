"""Runs the suite through LiteLLM's proxy, which stands in front of the reference endpoint.

    python tests/litellm/through.py --litellm .venv-litellm/bin/litellm --out out/litellm

Everything is on loopback. The exit status is the suite's: 1 where LiteLLM violates a MUST.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import httpx

from conformance.reference.account import KEY

HERE = Path(__file__).resolve().parent
PROXY = "127.0.0.1:4000"
REFERENCE = "127.0.0.1:8399"
#: As litellm.toml says.
PICTURES = "127.0.0.1:8398"
#: Seconds. LiteLLM's imports alone have taken 25 s on two busy cores.
PATIENCE = 120.0

#: LiteLLM fetches all of these from the network unless told to use what it brought along.
LOCAL_ONLY = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_LOCAL_POLICY_TEMPLATES": "True",
    "LITELLM_LOCAL_AUTOROUTER_PRESETS": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    # Otherwise it reads the nearest .env, with keys and a database of somebody else in it.
    "LITELLM_MODE": "PRODUCTION",
    "NO_PROXY": "127.0.0.1,localhost",
}
#: Where anything that is not on loopback ends: nothing listens at the discard port.
NOWHERE = "http://127.0.0.1:9"


class ThroughError(Exception):
    """The run cannot be made; one sentence says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    master_key = f"sk-{secrets.token_hex(16)}"
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        _must_be_free(PICTURES)
        with (
            tempfile.TemporaryDirectory(prefix="litellm-") as home,
            _running(_reference(), REFERENCE, options.out / "reference.log", dict(os.environ)),
            _running(
                _litellm(options.litellm),
                PROXY,
                options.out / "litellm.log",
                _environment(master_key, home),
                ready="/health/liveliness",
            ),
        ):
            return _suite(options, master_key)
    except ThroughError as error:
        print(f"through.py: {error}", file=sys.stderr)
        return 2


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--litellm", type=Path, default=Path(".venv-litellm/bin/litellm"))
    parser.add_argument("--out", type=Path, default=Path("out/litellm"))
    parser.add_argument("--cassettes", type=Path, help="record here instead of in OUT/cassettes")
    parser.add_argument("suite", nargs="*", help="after --: further options of `run`")
    return parser.parse_args(arguments)


# ---------------------------------------------------------------- what is run


def _reference() -> list[str]:
    return [sys.executable, "-m", "conformance.cli", "serve", f"--bind={REFERENCE}"]


def _litellm(executable: Path) -> list[str]:
    if not executable.is_file():
        raise ThroughError(f"there is no {executable}: install it with `make litellm`")
    host, port = PROXY.split(":")
    config = HERE / "config.yaml"
    return [str(executable.absolute()), "--config", str(config), "--host", host, "--port", port]


def _environment(master_key: str, home: str) -> dict[str, str]:
    """LiteLLM's environment: nothing of the caller's but the path, so that no key is in reach."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": home,
        "HTTP_PROXY": NOWHERE,
        "HTTPS_PROXY": NOWHERE,
        "LITELLM_MASTER_KEY": master_key,
        "REFERENCE_URL": f"http://{REFERENCE}/v1",
        "REFERENCE_KEY": KEY,
        **LOCAL_ONLY,
    }


def _suite(options: argparse.Namespace, master_key: str) -> int:
    command = [sys.executable, "-m", "conformance.cli", "run"]
    command += [f"--target={HERE / 'litellm.toml'}", f"--out={options.out}", "--seed=committed"]
    command += ["--record-mode=rewrite"]
    command += [f"--cassettes={options.cassettes}"] if options.cassettes else []
    environ = dict(os.environ) | {"LITELLM_MASTER_KEY": master_key}
    environ.pop("OPENAI_BASE_URL", None)
    with _started([*command, *options.suite], None, environ) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:
            os.killpg(child.pid, signal.SIGINT)
            return child.wait()


# ---------------------------------------------------------------- starting and stopping


@contextlib.contextmanager
def _running(
    command: Sequence[str], address: str, log: Path, environ: Mapping[str, str], ready: str = "/"
) -> Iterator[None]:
    """The command while the ``with`` lasts, from when it answers. Raises ThroughError."""
    _must_be_free(address)
    with log.open("w", encoding="utf-8") as output, _started(command, output, environ) as child:
        _wait_until_ready(child, f"http://{address}{ready}", log)
        yield
        if child.poll() is not None:
            raise ThroughError(f"{command[0]} ended with {child.returncode} during the run: {log}")


@contextlib.contextmanager
def _started(
    command: Sequence[str], output: IO[str] | None, environ: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """The command in a process group of its own, which is ended as a whole."""
    child = subprocess.Popen(
        command, stdout=output, stderr=subprocess.STDOUT, env=environ, start_new_session=True
    )
    try:
        yield child
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is not None:
        return
    os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _must_be_free(address: str) -> None:
    """Somebody else's server at the address would be tested in the place of ours."""
    host, port = address.split(":")
    with socket.socket() as sock:
        if sock.connect_ex((host, int(port))) == 0:
            raise ThroughError(f"something listens at {address} already: stop it first")


def _wait_until_ready(child: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    with httpx.Client(trust_env=False, timeout=5) as client:
        while time.monotonic() < deadline:
            if child.poll() is not None:
                raise ThroughError(
                    f"{url} did not start: its process ended with {child.returncode}, see {log}"
                )
            with contextlib.suppress(httpx.TransportError):
                client.get(url)
                return
            time.sleep(0.2)
    raise ThroughError(f"{url} did not answer within {PATIENCE:g} s: see {log}")


if __name__ == "__main__":
    # What it starts is in process groups of its own, and ends only if this process unwinds.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
