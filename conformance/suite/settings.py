"""pytest's options as the settings of a session."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from conformance import target
from conformance.model import Json, cases_of
from conformance.recording.replay import RecordMode
from conformance.registry import all_checks
from conformance.session.settings import LiveSettings, ReplaySettings, Reporting, Settings
from conformance.suite.budget import budget_of, number

#: Options of pytest that say which cases are run, or where their replies come from.
_OF_PYTEST = {
    "keyword": "keyword",
    "markexpr": "marks",
    "deselect": "deselect",
    "record_mode": "record_mode",
}
_PREFIX = "conformance_"


def settings_of(config: pytest.Config) -> Settings:
    """Raises TargetError and pytest.UsageError, each with one sentence."""
    mode = RecordMode(config.getoption("--record-mode", default=None) or "none")
    cassettes = _path(config, "cassettes")
    concurrency = int(_number(config, "concurrency", 16, least=1))
    timeout = _number(config, "timeout", 120, least=0.1)
    reporting = Reporting(
        out=_path(config, "out"),
        options=options_of(config) | {"concurrency": concurrency, "timeout": timeout},
        all_cases=len(cases_of(all_checks())),
    )
    if cassettes is not None and mode is RecordMode.NONE:
        return ReplaySettings(cassettes=cassettes, reporting=reporting)
    loaded = _loaded(config)
    return LiveSettings(
        loaded=loaded,
        key=target.api_key(loaded.target, os.environ),
        record_mode=mode,
        cassettes=cassettes,
        seed=_text(config, "seed"),
        concurrency=concurrency,
        timeout=timeout,
        budget=budget_of(config, loaded.target),
        reporting=reporting,
    )


def _loaded(config: pytest.Config) -> target.Loaded:
    loaded = target.load(_path(config, "target"), overrides=_given(config), environ=os.environ)
    if config.getoption("--conformance-security"):
        return replace(loaded, target=replace(loaded.target, security=True))
    return loaded


def options_of(config: pytest.Config) -> dict[str, Json]:
    """Every option of the run by its name, None where it was left out. No value is secret.

    Of addresses, only what names a host and a path: a query may hold a key.
    """
    given = vars(config.option)
    ours = {n.removeprefix(_PREFIX): v for n, v in given.items() if n.startswith(_PREFIX)}
    theirs = {name: given.get(option) for option, name in _OF_PYTEST.items()}
    return {name: _written(name, value) for name, value in (ours | theirs).items()}


def _written(name: str, value: Json) -> Json:
    if isinstance(value, str) and name.endswith("url"):
        return _address(value)
    if isinstance(value, str) and Path(value).is_absolute():
        return _beside(Path(value))
    return value or None if isinstance(value, str | list) else value


def _address(text: str) -> str:
    try:
        url = urlsplit(text)
    except ValueError:
        return ""
    return f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}"


def _beside(path: Path) -> str:
    """A path as one writes it from here; those elsewhere stay whole."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _given(config: pytest.Config) -> dict[str, object]:
    names = {
        "base_url": "base-url",
        "model": "model",
        "text_model": "text-model",
        "key_env": "api-key-env",
        "picture_host.bind": "picture-host-bind",
        "picture_host.url": "picture-host-url",
    }
    return {name: _text(config, option) or None for name, option in names.items()}


def _text(config: pytest.Config, name: str) -> str:
    return str(config.getoption(f"--conformance-{name}") or "")


def _path(config: pytest.Config, name: str) -> Path | None:
    text = _text(config, name)
    return Path(text).expanduser().resolve() if text else None


def _number(config: pytest.Config, name: str, default: float, *, least: float) -> float:
    found = number(config, name, default, least=least)
    return default if found is None else found
