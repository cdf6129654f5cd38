"""What a run tells of the cost of pictures, whatever figures an endpoint gives."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance import data
from conformance.asking import prompts
from conformance.asking.questions import ask, image
from conformance.drawing import corpus
from conformance.fingerprint.bill import ENOUGH, bill_of_fingerprint, bill_of_run
from conformance.fingerprint.marginal import MOST_COSTS, MOST_SIZES, marginal
from conformance.fingerprint.verdict import conclude
from conformance.model import (
    Exchange,
    Hosted,
    Picture,
    Probe,
    Reply,
    Sent,
    Target,
    Usage,
    Via,
    cases_of,
)
from conformance.proving.rehearsal import rehearse
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault_named
from conformance.registry import all_checks
from conformance.session.session import Session
from conformance.session.settings import ReplaySettings
from conformance.tokens.rules import claimed, rule_named
from conformance.wire import contract

TARGET = Target(name="t", base_url="http://127.0.0.1:1/v1", model="gpt-4o", rule="gpt-4o")
TEXT = 21
SIZES = (64, 200, 512, 700, 1024, 1366, 1500, 2048)
SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"{}")


def picture(width: int, height: int, data: bytes = b"x" * 5000) -> Picture:
    name = f"{width}x{height}-{len(data)}"
    return Picture(
        id=name,
        file_bytes=data,
        sha256=name,
        file=f"{name}.png",
        media_type="image/png",
        width=width,
        height=height,
    )


def exchange(probe: Probe, prompt: int | None, status: int = 200) -> Exchange:
    reply = Reply(text="K7", usage=Usage(prompt=prompt, completion=1, total=1))
    return Exchange(probe=probe, sent=SENT, status=status, reply=reply)


def question(shown: Picture, detail: str | None = "high", via: Via | None = None) -> Probe:
    part = image(shown, via, detail) if detail else image(shown, via)
    return ask(part, prompts.CODE)


def words_alone(tokens: int | None = TEXT) -> Exchange:
    return exchange(ask(prompts.CODE), tokens)


def run(
    price: Callable[[int, int, str], int], sizes: Iterable[int] = SIZES, text: int = TEXT
) -> list[Exchange]:
    """A run that shows squares and half squares at high and low."""
    shown = [(picture(s, h), d) for s in sizes for h in (s, s // 2) for d in ("high", "low")]
    asked = [exchange(question(p, d), text + price(p.width, p.height, d)) for p, d in shown]
    return [words_alone(text), *asked]


def by(name: str) -> Callable[[int, int, str], int]:
    rule = rule_named(name)
    assert rule is not None
    return lambda width, height, detail: rule.cost(width, height, detail, 5000)


def test_the_claimed_rule_is_recognised() -> None:
    bill = bill_of_run(TARGET, run(by("gpt-4o")))

    assert (bill["verdict"], bill["unexplained"]) == ("as-claimed", 0)
    assert bill["claimed"]["holds"]
    assert bill["claimed"]["ratio"] == 1
    assert all(p["tokens"] == p["claimed"] == p["best"] for p in bill["points"])


def test_another_rule_is_recognised() -> None:
    bill = bill_of_run(TARGET, run(by("qwen2.5-vl")))

    assert bill["verdict"] == "not-as-claimed"
    assert bill["best"]["rules"][0] == "qwen2.5-vl"
    assert bill["claimed"]["holds"] is False


@pytest.mark.parametrize("factor", [1.05, 1.2, 2])
def test_a_factor_is_measured(factor: float) -> None:
    plain = by("gpt-4o")
    bill = bill_of_run(TARGET, run(lambda *shown: round(factor * plain(*shown))))

    assert bill["verdict"] == "not-as-claimed"
    assert bill["claimed"]["ratio"] == pytest.approx(factor, abs=0.003)
    assert bill["best"]["factor"] == pytest.approx(factor, abs=0.003)


def test_what_each_picture_costs_besides_is_no_long_text() -> None:
    plain = by("gpt-4o")
    bill = bill_of_run(TARGET, run(lambda *shown: plain(*shown) + 150))

    assert bill["verdict"] == "not-as-claimed"
    assert bill["best"]["each"] == pytest.approx(150, abs=2)
    assert bill["text"] == TEXT


def test_a_long_hidden_prompt_is_no_picture() -> None:
    bill = bill_of_run(TARGET, run(by("gpt-4o"), text=4000))

    assert (bill["verdict"], bill["text"]) == ("as-claimed", 4000)


def test_a_model_without_a_rule() -> None:
    stranger = Target(name="t", base_url="http://127.0.0.1:1/v1", model="stranger")
    bill = bill_of_run(stranger, run(by("qwen2.5-vl")))

    assert (bill["verdict"], bill["claimed"]) == ("recognised", None)
    assert {p["claimed"] for p in bill["points"]} == {None}


def test_too_few_pictures_tell_nothing() -> None:
    few = run(by("qwen2.5-vl"), sizes=(512, 1024))[: ENOUGH - 1]
    bill = bill_of_run(TARGET, few)

    assert bill["verdict"] == "cannot-tell"
    assert bill["best"] is None
    assert bill["words"].startswith("cannot tell by which rule: the cost of 6 pictures is known")


def test_figures_made_up_follow_no_rule() -> None:
    made_up = iter([9000, 120, 3500, 88, 7001, 2222, 5, 640, 4096, 8010, 333, 6789] * 4)
    bill = bill_of_run(TARGET, run(lambda *_: next(made_up)))

    assert bill["verdict"] == "cannot-tell"


@pytest.mark.parametrize(
    "exchanges",
    [
        [],
        [words_alone()],
        [words_alone(None), exchange(question(picture(64, 64)), 300)],
        [exchange(question(picture(64, 64)), 300)],
        [words_alone(), exchange(question(picture(64, 64)), None)],
        [words_alone(), exchange(question(picture(64, 64)), 300, status=400)],
        [words_alone(), exchange(question(picture(64, 64), "ultra"), 300)],
        [words_alone(), exchange(question(picture(0, 0)), 300)],
        [words_alone(), exchange(question(picture(64, 64), via=Hosted(instead="html")), 300)],
        [words_alone(), exchange(question(picture(64, 64)), 10**12)],
    ],
    ids=[
        "nothing", "words alone", "no count", "no control", "no count of the picture", "refused",
        "an undocumented detail", "no picture", "a page instead", "impossible",
    ],
)  # fmt: skip
def test_no_bill_where_nothing_is_told(exchanges: list[Exchange]) -> None:
    assert bill_of_run(TARGET, exchanges) is None


def test_what_is_left_out_is_counted() -> None:
    corner = ask(image(picture(64, 64)), prompts.CORNER)
    more = [exchange(corner, 300), exchange(question(picture(70, 70)), 10**12)]
    found = marginal([*run(by("gpt-4o")), *more])

    assert found is not None
    assert (found.without_control, found.impossible, found.left_out) == (1, 1, 4)
    assert len(found.points) == MOST_SIZES


def test_different_costs_of_one_picture_are_kept_apart_and_bounded() -> None:
    odd = [exchange(question(picture(64, 64, bytes(n))), 100 + n % 40) for n in range(1, 120)]
    found = marginal([words_alone(), *odd])

    assert found is not None
    assert len(found.points) == MOST_COSTS
    assert [p.tokens for p in found.points][:: MOST_COSTS - 1] == [79, 118]


def test_the_way_used_more_is_taken() -> None:
    hosted = [exchange(question(picture(s, s), via=Hosted()), 40) for s in (100, 200)]
    inline = [exchange(question(picture(s, s)), 276) for s in (100, 200, 300)]
    found = marginal([words_alone(), *hosted, *inline])

    assert found is not None
    assert found.sent_as == "data URL"
    assert {p.tokens for p in found.points} == {255}


def test_an_exchange_that_cases_share_counts_once() -> None:
    one = exchange(question(picture(64, 64)), 276)
    found = marginal([words_alone(), one, one])

    assert found is not None
    assert found.points[0].requests == 1


def test_a_fingerprint_as_a_bill(play) -> None:
    bill = bill_of_fingerprint(conclude("gpt-4o", play("qwen2.5-vl"), claimed("gpt-4o")))

    assert bill["verdict"] == "not-as-claimed"
    assert bill["best"]["rules"] == ["qwen2.5-vl"]
    assert all(p["best"] == p["tokens"] for p in bill["points"])


@settings(max_examples=15, deadline=None)
@given(
    costs=st.lists(st.integers(0, 10**8) | st.integers(0, 3000), min_size=32, max_size=32),
    text=st.integers(0, 10**8),
)
def test_any_figures_give_a_bill_that_json_holds(costs: list[int], text: int) -> None:
    figures = iter(costs)
    shown = [picture(s, h) for s in SIZES for h in (s, s // 2)]
    asked = [exchange(question(p, d), next(figures)) for p in shown for d in ("high", "low")]
    bill = bill_of_run(TARGET, [words_alone(text), *asked])

    if bill is not None:
        json.dumps(bill, allow_nan=False)
        assert contract.problems("report", _report(bill)) == []


def _report(bill: object) -> object:
    target = {"name": "t", "base_url": "http://127.0.0.1/", "model": "m"}
    times = dict.fromkeys(("started", "finished"), "2026-03-01T12:30:05+00:00")
    texts = dict.fromkeys(("suite_version", "seed", "python", "platform"), "x")
    lists = {name: [] for name in ("banners", "diagnosis", "abilities")}
    counts = {"cases": 0, "verdicts": {}, "exit_status": 0, "interrupted": False}
    selection = {"selected": 0, "all": 0, "partial": False}
    header = {"format": 2, "target": target, "mode": "live", **times, **texts}
    header |= {"selection": selection, "options": {}}
    footer = {**counts, **lists, "bill": bill}
    return {"header": header, "findings": [], "footer": footer}


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [("", "as-claimed"), ("bills-five-percent-more", "not-as-claimed"), ("omits-usage", "")],
)
def test_the_bill_of_a_rehearsed_run(fault: str, verdict: str) -> None:
    wanted = ("usage/costs-follow-the-rule", "usage/picture-costs-something", "base64/size-is-read")
    cases = [case for case in cases_of(all_checks()) if case.check.id in wanted]
    pictures = corpus.load(data.folder("fixtures"))
    make = fault_named(fault).make if fault else Endpoint
    findings = asyncio.run(rehearse(cases, pictures, make))
    bill = bill_of_run(TARGET, [e for f in findings for e in f.evidence])

    assert (bill or {"verdict": ""})["verdict"] == verdict


def test_a_session_writes_the_bill_into_its_report() -> None:
    settings = ReplaySettings(cassettes=data.folder("cassettes") / "litellm")
    cases = [c for c in cases_of(all_checks()) if c.check.area in ("usage", "base64", "detail")]
    session = Session(settings, cases)
    session.prepare()
    session.begin()
    for case in cases:
        session.outcome(case)
    session.finish(interrupted=False)

    assert session.report is not None
    assert session.report["footer"]["bill"]["verdict"] == "as-claimed"
