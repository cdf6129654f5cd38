"""The options of ``run``, and what they are called in the suite."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: Options that bound what a run takes.
BUDGET = ("max-requests", "max-tokens", "max-cost", "deadline", "rpm", "tpm", "patience")


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
    max_requests: int | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    deadline: float | None = None
    rpm: int | None = None
    tpm: int | None = None
    patience: float | None = None
    record_mode: str = "rewrite"
    cassettes: str | None = None
    seed: str | None = None
    picture_host_bind: str | None = None
    picture_host_url: str | None = None
    security: bool = False

    @property
    def is_reference(self) -> bool:
        return self.reference or bool(self.fault)


def arguments(options: Options, out: Path) -> list[str]:
    """The same as arguments of pytest; reports go to ``out``."""
    cassettes = Path(options.cassettes).expanduser().resolve() if options.cassettes else None
    named = {
        "base-url": options.base_url,
        "model": options.model,
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
    budget = {name: getattr(options, name.replace("-", "_")) for name in BUDGET}
    found += [f"--conformance-{n}={value}" for n, value in budget.items() if value is not None]
    found += [f"--conformance-area={area}" for area in options.area]
    found += ["-k", options.keyword] if options.keyword else []
    found += ["--conformance-security"] if options.security else []
    return [*found, f"--record-mode={options.record_mode}", "--conformance-progress"]
