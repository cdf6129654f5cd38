"""``run`` and ``judge``: pytest in a child process, then the matrix and the exit status."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import click
from rich.console import Console

from conformance import data, suite
from conformance import target as targets
from conformance.asgi.serving import ServeError, bound_socket, split_bind, url_of
from conformance.commands.serving import LISTENING
from conformance.model import area_named
from conformance.reference.endpoint import KEY, MODEL, TEXT_MODEL
from conformance.reference.fault import ComposedError, composed
from conformance.report.jsonfile import ReportError, read
from conformance.report.matrix import print_matrix

SUITE = Path(suite.__file__).parent
WRONG_CALL = 2
#: Where the key of the reference endpoint stands while it is tested.
REFERENCE_KEY_ENV = "CONFORMANCE_REFERENCE_KEY"
#: It is our own, so what its model can do is known.
REFERENCE_TARGET = data.PACKAGE / "reference" / "target.toml"


class CallError(Exception):
    """The call is wrong; one sentence says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of ``run``, as click gives them."""

    base_url: str | None = None
    model: str | None = None
    api_key_env: str | None = None
    target: str | None = None
    reference: bool = False
    fault: tuple[str, ...] = ()
    out: str = "out"
    area: tuple[str, ...] = ()
    keyword: str | None = None
    level: str = "MAY"
    concurrency: int = 16
    timeout: float = 120.0
    record_mode: str = "rewrite"
    cassettes: str | None = None
    seed: str | None = None
    picture_host_bind: str | None = None
    picture_host_url: str | None = None
    security: bool = False


def run(options: Options) -> int:
    """Exit status: 0 every MUST passed, 1 some failed, 2 wrong call, 3 some not observed."""
    try:
        verify_areas(options.area)
        out = _writable(options.out)
        if options.cassettes and options.record_mode != "none":
            _writable(options.cassettes, "--cassettes")
        if options.reference or options.fault:
            return _run_reference(options, out)
        if options.record_mode != "none":
            _verify_target(options)
        return _pytest(_arguments(options, out), out, dict(os.environ))
    except (CallError, targets.TargetError, LookupError, ComposedError) as error:
        click.echo(f"vision-conformance: {error.args[0]}", err=True)
        return WRONG_CALL


def judge(
    folder: Path, out: str | None, *, area: tuple[str, ...], keyword: str | None, level: str
) -> int:
    """Exit status as for ``run``."""
    cassettes = next(
        (c for c in (folder / "cassettes", folder) if (c / "target.json").is_file()), None
    )
    try:
        verify_areas(area)
        if cassettes is None:
            raise CallError(
                f"{folder} holds no recorded run: name a folder that `vision-conformance run "
                "--out DIR` has written, or one of cassettes with its target.json"
            )
        written = _writable(out or str(folder))
        options = Options(
            cassettes=str(cassettes), area=area, keyword=keyword, level=level, record_mode="none"
        )
        return _pytest(_arguments(options, written), written, dict(os.environ))
    except CallError as error:
        click.echo(f"vision-conformance: {error.args[0]}", err=True)
        return WRONG_CALL


def _run_reference(options: Options, out: Path) -> int:
    if options.base_url or options.target:
        raise CallError(
            "--reference tests the embedded endpoint: leave out --base-url and --target"
        )
    composed(options.fault)
    # It is our own, so it is asked everything.
    options = replace(
        options,
        target=str(REFERENCE_TARGET),
        security=True,
        picture_host_bind=_reserved(options),
    )
    with _reference(options) as url:
        environ = dict(os.environ) | {REFERENCE_KEY_ENV: KEY}
        environ.pop("OPENAI_BASE_URL", None)
        arguments = [
            *_arguments(options, out),
            f"--conformance-base-url={url}",
            f"--conformance-model={options.model or MODEL}",
            f"--conformance-text-model={TEXT_MODEL}",
            f"--conformance-api-key-env={REFERENCE_KEY_ENV}",
        ]
        return _pytest(arguments, out, environ)


def _reserved(options: Options) -> str:
    """Where the picture host will listen: known beforehand, for the endpoint is told of it."""
    bind = options.picture_host_bind or "127.0.0.1:0"
    try:
        host, port = split_bind(bind)
        with bound_socket(host, port, shown=bind, reuse=True) as sock:
            return urlsplit(url_of(sock)).netloc
    except ServeError as error:
        raise CallError(f"picture host: {error} (--picture-host-bind)") from None


@contextlib.contextmanager
def _reference(options: Options) -> Iterator[str]:
    """The reference endpoint in a process of its own; gives its base URL."""
    command = [sys.executable, "-m", "conformance.cli", "serve", "--bind=127.0.0.1:0"]
    command += [f"--plays={options.model or MODEL}"]
    command += [f"--fault={name}" for name in options.fault]
    command += [f"--pictures-from={options.picture_host_url or _url_at(options)}"]
    # A terminal's Ctrl-C must reach the suite first; the endpoint is stopped after it.
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert child.stdout is not None
        line = child.stdout.readline()
        if not line.startswith(LISTENING):
            raise CallError("the reference endpoint did not start; its reason stands above")
        yield line.removeprefix(LISTENING).strip()
    finally:
        child.terminate()
        child.wait(timeout=10)


def _url_at(options: Options) -> str:
    return f"http://{options.picture_host_bind}"


def verify_areas(areas: Sequence[str]) -> None:
    """Raises CallError for an area that does not exist."""
    try:
        for name in areas:
            area_named(name)
    except LookupError as error:
        raise CallError(error.args[0]) from None


def _writable(folder: str, option: str = "--out") -> Path:
    path = Path(folder).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".writable"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        raise CallError(
            f"the folder {path} cannot be written ({error.strerror}): name another with {option}"
        ) from None
    return path


def _verify_target(options: Options) -> None:
    """Raises TargetError before anything is started."""
    given = {
        "base_url": options.base_url,
        "model": options.model,
        "key_env": options.api_key_env,
        "picture_host.bind": options.picture_host_bind,
        "picture_host.url": options.picture_host_url,
    }
    path = Path(options.target).expanduser() if options.target else None
    loaded = targets.load(path, overrides=given, environ=os.environ)
    targets.api_key(loaded.target, os.environ)


def _arguments(options: Options, out: Path) -> list[str]:
    cassettes = Path(options.cassettes).expanduser().resolve() if options.cassettes else None
    named = {
        "base-url": options.base_url,
        "model": None if options.reference or options.fault else options.model,
        "api-key-env": options.api_key_env,
        "target": options.target,
        "level": options.level,
        "concurrency": options.concurrency,
        "timeout": options.timeout,
        "cassettes": cassettes or out / "cassettes",
        "out": out,
        "seed": options.seed,
        "picture-host-bind": options.picture_host_bind,
        "picture-host-url": options.picture_host_url,
    }
    found = [f"--conformance-{name}={value}" for name, value in named.items() if value]
    found += [f"--conformance-area={area}" for area in options.area]
    found += ["-k", options.keyword] if options.keyword else []
    found += ["--conformance-security"] if options.security else []
    return [*found, f"--record-mode={options.record_mode}", "--conformance-progress"]


def _pytest(arguments: Sequence[str], out: Path, environ: dict[str, str]) -> int:
    """Runs the suite; what pytest says goes to ``pytest.log``, what it concludes to the screen."""
    report = out / "report.json"
    report.unlink(missing_ok=True)
    command = [
        sys.executable, "-m", "pytest", "-c", str(SUITE / "pytest.ini"),
        "--rootdir", str(SUITE), "-p", "no:cacheprovider", "--capture=no",
        "-p", "conformance.plugin", "-p", "pytest_recording.plugin",
        f"--junitxml={out / 'junit.xml'}", *arguments, str(SUITE / "test_cases.py"),
    ]  # fmt: skip
    environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environ["PYTHONPATH"] = os.pathsep.join(filter(None, [_root(), environ.get("PYTHONPATH", "")]))
    environ.pop("PYTEST_ADDOPTS", None)
    log = out / "pytest.log"
    with log.open("w", encoding="utf-8") as stdout:
        child = subprocess.Popen(command, stdout=stdout, env=environ)
        status = _wait(child)
    return _conclude(status, report, log)


def _root() -> str:
    """The folder that holds the package, so that the child finds it as this process did."""
    return str(data.PACKAGE.parent)


def _wait(child: subprocess.Popen[bytes]) -> int:
    """Waits for the child, which on Ctrl-C still writes its report."""
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            click.echo("interrupted; writing the report of what was done …", err=True)


def _conclude(status: int, report: Path, log: Path) -> int:
    if not report.is_file():
        if status not in (2, 4):
            click.echo(f"vision-conformance: nothing was judged; see {log}", err=True)
        return WRONG_CALL
    try:
        document = read(report)
    except ReportError as error:
        click.echo(f"vision-conformance: {error}", err=True)
        return WRONG_CALL
    print_matrix(document, Console())
    click.echo(f"report: {report.with_suffix('.html')}")
    exit_status: int = document["footer"]["exit_status"]
    return exit_status
