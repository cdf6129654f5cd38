"""The most that a picture may be billed: never less than any reading of it."""

from __future__ import annotations

import pytest

from conformance.model import Made, Picture
from conformance.tokens.dearest import DETAILS, dearest
from conformance.tokens.rules import RULES


def picture(width: int, height: int, held: bytes | Made = b"x" * 5000) -> Picture:
    return Picture(
        id="p", file_bytes=held, sha256="", file="p.png", media_type="image/png",
        width=width, height=height,
    )  # fmt: skip


@pytest.mark.parametrize("size", [(1, 1), (512, 512), (300, 4000), (4096, 8192)])
def test_it_is_never_less_than_any_rule_says(size: tuple[int, int]) -> None:
    shown = picture(*size)
    unknown = dearest(shown, "", "m")
    for rule in RULES:
        costs = [rule.cost(*size, detail, 5000) for detail in DETAILS]
        assert unknown >= max(costs)
        assert unknown >= dearest(shown, rule.name, "m") >= max(costs)


def test_by_the_rule_of_the_model_it_is_no_more_than_that() -> None:
    assert dearest(picture(1024, 1024), "gpt-4o", "gpt-4o") == 765


def test_what_does_not_decode_or_is_not_made_yet_has_a_price_as_well() -> None:
    def never() -> bytes:
        raise AssertionError("nothing is drawn to know its price")

    assert dearest(picture(0, 0), "gpt-4o", "gpt-4o") >= 765
    assert dearest(picture(20_000, 20_000, Made(make=never)), "", "m") > 1_000_000
