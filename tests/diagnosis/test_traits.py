"""What a request is made of: a table of requests, what they have, and what they have not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn import odd_probes
from hypothesis import HealthCheck, given, settings
from made_up import looking
from table_of_pictures import OF_PICTURES, Named, Row
from table_of_requests import OF_REQUESTS

from conformance.asking.questions import READY
from conformance.asking.traits import DIMENSIONS, traits
from conformance.model import Probe

TABLE: dict[str, Row] = {**OF_REQUESTS, **OF_PICTURES}


def found(probe: Probe, named: Named) -> list[str]:
    dimension, words = named
    return [
        trait.words
        for trait in traits(probe)
        if trait.dimension == dimension and words in trait.words
    ]


@pytest.mark.parametrize("name", TABLE)
def test_table(name: str) -> None:
    probe, has, has_not = TABLE[name]
    assert [named for named in has if not found(probe, named)] == []
    assert {named: found(probe, named) for named in has_not if found(probe, named)} == {}


def test_every_dimension_is_in_the_table() -> None:
    assert {dimension for _, has, _ in TABLE.values() for dimension, _ in has} == set(DIMENSIONS)


def test_a_request_has_the_same_traits_however_often_and_in_whatever_crowd_it_is_sent() -> None:
    probe = looking(stream=True)
    other = replace(probe, sample=7, crowd=(READY, looking(3)), is_risky=True)
    assert traits(other) == traits(probe)


@given(odd_probes())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_request_has_traits_in_words(probe: Probe) -> None:
    first = traits(probe)
    assert first
    assert {trait.dimension for trait in first} <= set(DIMENSIONS)
    assert all(trait.words.strip() for trait in first)
    traits.cache_clear()
    assert traits(probe) == first
