"""A folder full of traps: files that Python or pytest might take up. Each leaves a mark."""

from __future__ import annotations

import os
from pathlib import Path

#: Modules that are imported somewhere on the way, by their names.
MODULES = (
    "click", "httpx", "json", "rich/__init__", "conformance/__init__", "conformance/cli", "re",
    "asyncio/__init__", "multiprocessing/__init__", "pickle", "yaml", "PIL/__init__", "numpy",
    "uvicorn", "starlette/__init__", "pytest", "_pytest/__init__", "vcr/__init__", "jinja2",
    "openai/__init__", "sitecustomize", "usercustomize", "conftest", "trap_plugin",
)  # fmt: skip
#: What a folder may say to pytest.
SETTINGS = {
    "pytest.ini": "[pytest]\naddopts = --no-such-option -p trap_plugin\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--no-such-option'\n",
    "setup.cfg": "[tool:pytest]\naddopts = --no-such-option\n",
    "tox.ini": "[pytest]\naddopts = --no-such-option\n",
    ".env": "OPENAI_BASE_URL=http://127.0.0.1:1/v1\nPYTHONPATH=.\n",
}
#: What an environment may say; without PYTHONPATH, which speaks to Python before anybody else.
VARIABLES = {
    "PYTEST_ADDOPTS": "--no-such-option",
    "PYTEST_PLUGINS": "trap_plugin",
    "PYTHONSTARTUP": "conftest.py",
}


def lay(folder: Path) -> Path:
    """Lays them. Gives the file that is not there as long as none was executed."""
    mark = folder / "executed.txt"
    for name in MODULES:
        file = folder / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"open({str(mark)!r}, 'a').write({name!r} + '\\n')\n")
    for name, text in SETTINGS.items():
        (folder / name).write_text(text)
    return mark


def environ(**more: str) -> dict[str, str]:
    """Ours without what is about Python and pytest, and with what is laid."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON"))}
    return kept | VARIABLES | more
