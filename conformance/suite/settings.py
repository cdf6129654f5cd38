"""pytest's options as the settings of a session."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from conformance import target
from conformance.senders import RecordMode
from conformance.session import Settings


def settings_of(config: pytest.Config) -> Settings:
    """Raises TargetError and pytest.UsageError, each with one sentence."""
    mode = RecordMode(config.getoption("--record-mode", default=None) or "none")
    cassettes = _path(config, "cassettes")
    replays = cassettes is not None and mode is RecordMode.NONE
    loaded = (
        None
        if replays
        else target.load(_path(config, "target"), overrides=_given(config), environ=os.environ)
    )
    if loaded is not None and config.getoption("--conformance-security"):
        loaded = replace(loaded, target=replace(loaded.target, security=True))
    return Settings(
        loaded=loaded,
        key=target.api_key(loaded.target, os.environ) if loaded else "",
        record_mode=mode,
        cassettes=cassettes,
        out=_path(config, "out"),
        seed=_text(config, "seed"),
        concurrency=int(_number(config, "concurrency", 16, least=1)),
        timeout=_number(config, "timeout", 120, least=0.1),
    )


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
    text = _text(config, name)
    try:
        number = float(text) if text else default
    except ValueError:
        number = float("nan")
    if not number >= least:
        raise pytest.UsageError(f"--conformance-{name} takes a number from {least:g}, not {text!r}")
    return number
