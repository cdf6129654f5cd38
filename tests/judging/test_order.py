"""What became of the order of several pictures, in words."""

from __future__ import annotations

import pytest

from conformance.judging.order import describe_order


@pytest.mark.parametrize(
    ("sent", "seen", "wanted"),
    [
        ("ABC", "ABC", "in order"),
        ("ABC", "CBA", "reversed"),
        ("AB", "BA", "reversed"),
        ("ABC", "BCA", "rotated by 1"),
        ("ABC", "CAB", "rotated by 2"),
        ("ABCD", "BADC", "permuted to 2, 1, 4, 3"),
        ("ABC", "ACB", "permuted to 1, 3, 2"),
        ("ABC", "A", "the first only"),
        ("ABC", "AAA", "the first only"),
        ("ABC", "C", "the last only"),
        ("ABC", "B", "one only"),
        ("ABC", "X", "one only"),
        ("ABC", "AB", "1 missing"),
        ("ABCD", "AC", "2 missing"),
        ("ABC", "", "3 missing"),
        ("ABC", "AAB", "duplicated"),
        ("ABC", "ABCA", "duplicated"),
    ],
)
def test_the_table(sent: str, seen: str, wanted: str) -> None:
    assert describe_order(sent, seen) == wanted
