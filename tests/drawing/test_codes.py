"""Codes: unmistakable, unguessable, and readable with one character wrong."""

from __future__ import annotations

import itertools
import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.drawing import codes

DRAWN = st.integers(0, 2**32).map(lambda seed: codes.draw(random.Random(seed)))


@given(DRAWN, st.integers(0, 5), st.characters(codec="utf-8"))
def test_any_one_character_may_be_wrong(code: str, place: int, wrong: str) -> None:
    spoilt = code[:place] + wrong + code[place + 1 :]
    if len(codes.fold(spoilt)) == codes.LENGTH:
        assert codes.decode(spoilt) == code


@given(DRAWN)
def test_case_does_not_matter(code: str) -> None:
    assert codes.decode(code.lower()) == code == codes.decode(code)
    assert codes.is_exact(code.lower())


@given(st.text(max_size=8))
def test_decode_takes_any_text(text: str) -> None:
    code = codes.decode(text)
    assert code is None or codes.is_drawable(code)


@given(DRAWN, DRAWN)
def test_two_codes_differ_in_three_places(one: str, other: str) -> None:
    assert one == other or codes.distance(one, other) >= 3


def test_stated_chances_are_the_real_ones() -> None:
    words = itertools.product(range(len(codes.ALPHABET)), repeat=4)
    drawable = sum(codes.is_drawable(codes._complete(list(word))) for word in words)
    assert drawable == codes.DRAWABLE
    assert codes.GUESS < codes.INFORMED_GUESS < 1e-4


def test_random_strings_hit_a_code_as_often_as_stated() -> None:
    """Over all codes the rate must be near DRAWABLE * GUESS; a single code is hit too rarely."""
    rng = random.Random(7)
    hits = sum(
        codes.decode("".join(rng.choices(codes.ALPHABET, k=6))) is not None for _ in range(20_000)
    )
    assert hits / 20_000 == pytest.approx(codes.DRAWABLE * codes.GUESS, rel=0.1)


@pytest.mark.parametrize("family", ["0ODQ", "1ILJ", "2Z", "5S", "8B", "6G", "UV", "CG", "AEIOUY"])
def test_the_alphabet_has_no_look_alikes_and_no_vowels(family: str) -> None:
    most = 0 if family == "AEIOUY" else 1
    assert sum(character in codes.ALPHABET for character in family) <= most


def test_the_alphabet_is_of_prime_size() -> None:
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET) == 17


@pytest.mark.parametrize("text", ["", "KX74M", "KX74MPP", "222222", "HHHHHH", "\x00" * 6, "ßßßßßß"])
def test_what_is_no_code_decodes_to_nothing(text: str) -> None:
    assert codes.decode(text) is None


def test_words_without_a_digit_never_decode() -> None:
    rng = random.Random(3)
    letters = string.ascii_uppercase.replace("Z", "")
    words = ("".join(rng.choices(letters, k=6)) for _ in range(20_000))
    assert [word for word in words if codes.decode(word)] == []


def test_drawing_is_deterministic_and_never_plain() -> None:
    first = [codes.draw(random.Random(n)) for n in range(500)]
    assert first == [codes.draw(random.Random(n)) for n in range(500)]
    assert len(set(first)) > 490
    assert not [code for code in first if len(set(code)) < 4]
