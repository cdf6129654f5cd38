"""The pytest plugin: options and markers, nothing else. The hooks are in ``conformance.suite``."""

from __future__ import annotations

import pytest

from conformance.model import AREAS, Level, area_named

#: Options that bound what a run takes: the name, what stands for its value, and the help.
BUDGET = (
    ("max-requests", "N", "send no more requests than these, retries included"),
    ("max-tokens", "N", "send nothing that could take more tokens than these in all"),
    ("max-cost", "AMOUNT", "the same by the prices of the target file, in their currency"),
    ("deadline", "SECONDS", "send nothing after so many seconds, and report"),
    ("rpm", "N", "at most so many requests in any 60 s"),
    ("tpm", "N", "at most so many tokens in any 60 s, reckoned before they are sent"),
    ("patience", "SECONDS", "longest wait that the endpoint may ask for (default 60)"),
)

#: Options that take a value: the name, what stands for its value, and the help.
OPTIONS = (
    ("base-url", "URL", "the endpoint, up to and without /chat/completions"),
    ("model", "NAME", "the model to ask for"),
    ("text-model", "NAME", "a model of the endpoint that takes no pictures"),
    ("target", "FILE", "a target file (TOML) that says how the endpoint differs"),
    ("api-key-env", "NAME", "the environment variable that holds the key"),
    ("level", "LEVEL", "the lowest level to judge: MUST, SHOULD or MAY (default MAY)"),
    ("concurrency", "N", "requests under way at once (default 16)"),
    ("timeout", "SECONDS", "most time for one request (default 120)"),
    *BUDGET,
    ("cassettes", "DIR", "replay from, or with --record-mode record to, this folder"),
    ("out", "DIR", "write report.json and report.html here"),
    ("seed", "TEXT", "draws the pictures; 'committed' takes the committed ones"),
    ("picture-host-bind", "ADDRESS", "where the picture host listens (127.0.0.1:0)"),
    ("picture-host-url", "URL", "the picture host's address as the endpoint sees it"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Every option is prefixed, because ``--base-url`` belongs to another plugin."""
    group = parser.getgroup("conformance", "image input conformance (vision-conformance)")
    for name, metavar, text in OPTIONS:
        group.addoption(f"--conformance-{name}", metavar=metavar, help=text)
    group.addoption(
        "--conformance-area",
        metavar="AREA",
        action="append",
        default=[],
        help="judge this area only; may be given several times",
    )
    group.addoption(
        "--conformance-security",
        action="store_true",
        help="also send what could do harm, to an endpoint of your own: URLs and redirects that "
        "lead to another port of this machine, paths of files, pictures too large to be taken "
        "whole, a decompression bomb",
    )
    group.addoption(
        "--conformance-progress",
        action="store_true",
        help="show a progress line on a terminal (needs --capture=no)",
    )


def pytest_configure(config: pytest.Config) -> None:
    _verify(config)
    for level in Level:
        config.addinivalue_line("markers", f"{level.lower()}: a requirement of the level {level}")
    for area in AREAS:
        config.addinivalue_line("markers", f"{area.mark}: a check about {area.subject}")


def _verify(config: pytest.Config) -> None:
    """Raises UsageError here, because raised while collecting it would be told as a traceback."""
    for name in config.getoption("--conformance-area"):
        try:
            area_named(name)
        except LookupError as error:
            raise pytest.UsageError(error.args[0]) from None
    level = str(config.getoption("--conformance-level") or "MAY")
    if level.upper() not in list(Level):
        raise pytest.UsageError(f"there is no level {level!r}: there are {', '.join(Level)}")
