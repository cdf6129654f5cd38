"""Several faults in one endpoint: who may stand beside whom, and in which order."""

from __future__ import annotations

import asyncio
import json
from itertools import permutations

import pytest
from click.testing import CliRunner

from conformance.cli import main
from conformance.commands import proving, running
from conformance.model import Json, Symptom
from conformance.reference import fault as faults
from conformance.reference.account import KEY, MODEL
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import ComposedError, composed, fault


@pytest.fixture(autouse=True)
def _made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults of this file, beside the real ones, until the test ends."""
    known = faults.all_faults()
    monkeypatch.setattr(faults, "_found", dict(known))
    _register()
    together = dict(faults._found)
    monkeypatch.setattr(faults, "all_faults", lambda: together)


def _register() -> None:
    @fault("base64/plain", symptom=Symptom.NOT_READ)
    class Shouts(Endpoint):
        """Writes in capitals."""

        def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
            made = super().finish(made, body)
            message = made["choices"][0]["message"]
            message["content"] = message["content"].upper()
            return made

    @fault("base64/plain", symptom=Symptom.NOT_READ)
    class Sighs(Endpoint):
        """Sighs at the end."""

        def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
            made = super().finish(made, body)
            made["choices"][0]["message"]["content"] += " sigh"
            return made

    @fault("base64/plain", symptom=Symptom.NOT_READ)
    class Mumbles(Endpoint):
        """Says nothing else."""

        def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
            made["choices"][0]["message"]["content"] = "mm"
            return made

    @fault("base64/plain", symptom=Symptom.NOT_READ)
    class Grumbles(Endpoint):
        """Says nothing else either."""

        def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
            made["choices"][0]["message"]["content"] = "grr"
            return made

    @fault("base64/plain", symptom=Symptom.NOT_READ)
    class SighsLouder(Sighs):
        """Sighs in another way as well."""

    @fault("base64/plain", symptom=Symptom.NOT_READ)
    class TeapotErrors(Endpoint):
        """Refuses with 418."""

        def refuse(self, error: ApiError):
            return super().refuse(ApiError(error.message, status=418))


def said_by(*names: str) -> str:
    """What an endpoint with these faults answers to a few words."""
    endpoint = composed(names)()
    raw = json.dumps({"model": MODEL, "messages": [{"role": "user", "content": "hi"}]}).encode()
    response = asyncio.run(endpoint.chat({"authorization": f"Bearer {KEY}"}, raw))
    return json.loads(response.body)["choices"][0]["message"]["content"]


def test_none_is_the_endpoint_and_one_is_the_fault() -> None:
    assert composed([]) is Endpoint
    assert composed(["shouts"]) is faults.fault_named("shouts").make
    assert composed(["shouts", "shouts"]) is faults.fault_named("shouts").make


def test_the_first_is_the_outermost() -> None:
    assert said_by("shouts", "sighs").endswith(" SIGH")
    assert said_by("sighs", "shouts").endswith(" sigh")
    assert said_by("sighs", "shouts").upper() == said_by("shouts", "sighs")


def test_three_of_them() -> None:
    make = composed(["shouts", "teapot-errors", "sighs"])
    assert [kind.__name__ for kind in make.__mro__[1:4]] == ["Shouts", "TeapotErrors", "Sighs"]
    assert make.__name__ == "Both"


def test_one_that_replaces_the_other_stands_last() -> None:
    with pytest.raises(ComposedError, match=r"mumbles replaces .* shouts .* name shouts first"):
        composed(["mumbles", "shouts"])
    assert said_by("shouts", "mumbles") == "MM"


def test_two_that_replace_the_same_are_no_pair() -> None:
    for names in permutations(["mumbles", "grumbles"]):
        with pytest.raises(ComposedError, match="choose others"):
            composed(names)


def test_one_that_hides_a_third() -> None:
    with pytest.raises(ComposedError, match="mumbles replaces what shouts does"):
        composed(["sighs", "mumbles", "teapot-errors", "shouts"])


def test_one_that_stands_on_the_other_comes_first() -> None:
    assert issubclass(composed(["sighs-louder", "sighs"]), Endpoint)
    with pytest.raises(ComposedError, match="sighs and sighs-louder cannot be joined in this ord"):
        composed(["sighs", "sighs-louder"])


def test_an_unknown_one_is_told_with_the_nearest() -> None:
    with pytest.raises(LookupError, match="no fault 'shout'; did you mean 'shouts'"):
        composed(["sighs", "shout"])


@pytest.mark.parametrize(
    "names",
    [
        ("errors-are-200", "reverses-pictures"),
        ("errors-are-200", "sees-the-first-only"),
        ("errors-are-200", "counts-base64-as-text"),
        ("answers-with-the-error", "asks-for-no-key"),
        ("cuts-the-margin", "drops-emoji"),
        ("keeps-the-first-text", "drops-emoji"),
    ],
    ids="+".join,
)
def test_real_pairs(names: tuple[str, str]) -> None:
    first, second = (faults.fault_named(name).make for name in names)
    make = composed(names)
    assert issubclass(make, first)
    assert issubclass(make, second)
    assert make().model == MODEL


def test_a_real_pair_of_which_one_would_not_be_there() -> None:
    for names in permutations(["sees-the-first-only", "reverses-pictures"]):
        with pytest.raises(ComposedError, match=r"change\(\)"):
            composed(names)


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize("command", [("run", "--reference"), ("run",), ("serve",)], ids=" ".join)
def test_a_pair_that_cannot_be_is_a_wrong_call(command: tuple[str, ...], tmp_path) -> None:
    out = ("--out", str(tmp_path)) if command[0] == "run" else ()
    named = ("--fault", "mumbles", "--fault", "shouts")
    ended = CliRunner().invoke(main, [*command, *named, *out])
    assert ended.exit_code == 2
    assert ended.stderr.startswith("vision-conformance: mumbles replaces what shouts does")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("shouts", "sighs"), ("shouts", "sighs")),
        (("--fault", "shouts", "--fault", "sighs"), ("shouts", "sighs")),
        (("mumbles", "--fault", "shouts"), ("mumbles", "shouts")),
        ((), ()),
    ],
)
def test_prove_takes_them_one_by_one(
    arguments: tuple[str, ...], names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(proving, "prove", lambda wanted, out: asked.append(wanted) or 0)
    assert CliRunner().invoke(main, ["prove", *arguments]).exit_code == 0
    assert asked == [names]


def test_all_of_them_reach_the_endpoint(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    def popen(command: list[str], **_: object) -> None:
        started.append(command)
        raise running.CallError("far enough")

    monkeypatch.setattr(running.subprocess, "Popen", popen)
    named = ("--fault", "shouts", "--fault", "sighs")
    CliRunner().invoke(main, ["run", "--reference", *named, "--out", str(tmp_path)])
    (command,) = started
    assert [part for part in command if part.startswith("--fault")] == [
        "--fault=shouts",
        "--fault=sighs",
    ]
