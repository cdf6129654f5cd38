"""``run``: the suite against an endpoint, or against the reference endpoint."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path

from conformance.commands import embedded, in_use
from conformance.commands.calls import CallError, refused, verify_areas, verify_prices
from conformance.commands.folders import writable
from conformance.commands.options import Options, arguments
from conformance.commands.stopping import STOPPING
from conformance.commands.verdict import judged
from conformance.reference.account import KEY, MODEL


def run(options: Options) -> int:
    """Exit status: 0 every MUST passed, 1 some failed, 2 wrong call, 3 some not observed."""
    try:
        verify_areas(options.area)
        out = writable(options.out)
        with ExitStack() as stack:
            stack.enter_context(in_use.held(out))
            if options.cassettes:
                stack.enter_context(_cassettes(options, out))
            status = _run_reference(options, out) if options.is_reference else _run(options, out)
    except CallError as error:
        return refused(error)
    return STOPPING.left(status)


def _cassettes(options: Options, out: Path) -> AbstractContextManager[None]:
    """Held where they stand elsewhere than reports. Raises CallError."""
    folder = Path(options.cassettes or "").expanduser().resolve()
    if folder == out:
        return nullcontext()
    if options.record_mode == "none":
        return in_use.read(folder)
    return in_use.held(writable(str(folder), "--cassettes"))


def _run(options: Options, out: Path) -> int:
    if options.record_mode != "none":
        _verify_target(options)
    return judged(arguments(options, out), out)


def _run_reference(options: Options, out: Path) -> int:
    if options.base_url or options.target:
        raise CallError(
            "--reference tests the embedded endpoint: leave out --base-url and --target"
        )
    if options.fault or options.model or options.picture_host_url:
        _verify_reference(options)
    bind = embedded.reserved(options.picture_host_bind)
    # It is our own, so it is asked everything.
    asked = replace(options, target=str(embedded.TARGET), security=True, picture_host_bind=bind)
    origin = options.picture_host_url or f"http://{bind}"
    with embedded.reference(model=options.model, faults=options.fault, pictures_from=origin) as url:
        return judged(arguments(replace(asked, base_url=url), out), out, {embedded.KEY_ENV: KEY})


def _verify_reference(options: Options) -> None:
    """Raises CallError where its process would not start."""
    # Imported here: most runs are of the endpoint as it is.
    from conformance.commands.serving import endpoint_of

    origins = [options.picture_host_url] if options.picture_host_url else []
    try:
        endpoint_of(options.model or MODEL, options.fault, origins)
    except (LookupError, ValueError) as error:
        raise CallError(error.args[0]) from None


def _verify_target(options: Options) -> None:
    """Raises CallError before anything is started."""
    # Imported here: the reference endpoint is described by a file that is right.
    from conformance import target as targets

    given = {
        "base_url": options.base_url,
        "model": options.model,
        "key_env": options.api_key_env,
        "picture_host.bind": options.picture_host_bind,
        "picture_host.url": options.picture_host_url,
    }
    path = Path(options.target).expanduser() if options.target else None
    try:
        loaded = targets.load(path, overrides=given, environ=os.environ)
        targets.api_key(loaded.target, os.environ)
        verify_prices(loaded.target, options.max_cost)
    except targets.TargetError as error:
        raise CallError(error.args[0]) from None
