"""The wheel has all it needs: built, installed into a fresh environment, run in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.asgi.serving import serve_in_thread
from conformance.data import PACKAGE
from conformance.model import cases_of
from conformance.reference.account import KEY
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.registry import all_checks
from tests import traps

pytest.importorskip("build")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*command, str(PACKAGE.parent)], check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the wheel, and otherwise what this one has."""
    place = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    python = place / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    offline = ["--no-index", "--disable-pip-version-check", "--quiet", str(wheel)]
    subprocess.run([*install, *offline], check=True)
    (site,) = place.glob("lib/python*/site-packages")
    # Named by a file in the new folder, the old one's own .pth files (the checkout's) do not count.
    (site / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python.parent


def run(program: Path, *arguments: str, folder: Path) -> str:
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON"))}
    child = subprocess.run(
        [str(program), *arguments], cwd=folder, env=environ, capture_output=True, text=True
    )
    assert child.returncode == 0, child.stdout + child.stderr
    return child.stdout


def test_what_is_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    inside = {name.split("/")[0] for name in names}
    assert {name for name in inside if not name.endswith(".dist-info")} == {"conformance"}
    for wanted in ("schemas/report.json", "fixtures/manifest.json"):
        assert f"conformance/_data/{wanted}" in names
    assert "conformance/suite/pytest.ini" in names
    assert not [name for name in names if "__pycache__" in name]


def test_it_is_the_installed_one_that_runs(programs: Path, tmp_path: Path) -> None:
    code = "import conformance; print(conformance.__file__)"
    found = run(programs / "python", "-c", code, folder=tmp_path)
    assert str(programs.parent) in found


def test_it_lists_its_checks(programs: Path, tmp_path: Path) -> None:
    assert "url/plain" in run(programs / "vision-conformance", "list", folder=tmp_path)


def test_it_passes_its_own_reference(programs: Path, tmp_path: Path) -> None:
    program = programs / "vision-conformance"
    run(program, "run", "--reference", "--area", "shape", folder=tmp_path)
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert set(report["footer"]["verdicts"]) == {"passed"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--reference", "--area", "shape"),
        ("run", "--target", "{target}", "--area", "shape"),
        ("judge", "{cassettes}", "--out", "judged", "--area", "shape"),
        ("compare", "{report}", "{report}"),
        ("prove", "drops-url-pictures"),
        ("plan",),
        ("list", "--faults"),
        ("serve", "--bind", "127.0.0.1:0"),
        ("host", "--bind", "127.0.0.1:0"),
    ],
    ids=lambda value: "-".join(value[:2]),
)
def test_no_trap_of_the_folder_is_stepped_into(
    arguments: tuple[str, ...], programs: Path, reference: str, tmp_path: Path
) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "theirs"
    folder.mkdir()
    mark = traps.lay(folder)
    program = str(programs / "vision-conformance")
    named = prepared(elsewhere, program, reference)
    call = [program, *(argument.format(**named) for argument in arguments)]
    child = subprocess.Popen(
        call,
        cwd=folder,
        env=traps.environ(OPENAI_API_KEY=KEY),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if arguments[0] in ("serve", "host"):
        time.sleep(5)
        child.terminate()
    out, err = child.communicate(timeout=120)
    assert child.returncode == 0, out + err
    assert not mark.exists(), mark.read_text()


def prepared(folder: Path, program: str, reference: str) -> dict[str, str]:
    """What the calls name: a target file, cassettes, and a report."""
    folder.mkdir()
    run(Path(program), "run", "--reference", "-k", "url/plain", folder=folder)
    target = folder / "target.toml"
    target.write_text(f'base_url = "{reference}"\nmodel = "gpt-4o"\n')
    cassettes = PACKAGE.parent / "cassettes" / "reference"
    report = folder / "out" / "report.json"
    return {"target": str(target), "cassettes": str(cassettes), "report": str(report)}


@pytest.fixture(scope="module")
def reference() -> Iterator[str]:
    with serve_in_thread(make_app(Endpoint())) as url:
        yield f"{url}/v1"


def test_it_is_collected_by_pytest(programs: Path, tmp_path: Path) -> None:
    arguments = ("-m", "pytest", "--pyargs", "conformance", "--collect-only", "-q")
    text = run(programs / "python", *arguments, folder=tmp_path)
    assert text.count("::test_case[") == len(cases_of(all_checks()))
