"""The file of rules, and which model goes by which."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conformance.tokens.catalogue import KINDS, load
from conformance.tokens.rules import (
    RULES,
    claimed,
    is_of_the_guide,
    rule_name_for,
    rule_named,
    versions,
)

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_every_rule_says_where_it_is_from(rule) -> None:
    assert rule.source
    assert rule.family
    for month in (rule.valid_from, rule.valid_to):
        assert not month or MONTH.fullmatch(month)
    if rule.valid_to:
        assert rule.valid_from < rule.valid_to
    assert rule.valid_from or rule.estimates


def test_every_kind_is_used() -> None:
    assert {type(rule) for rule in RULES} == set(KINDS.values())


@pytest.mark.parametrize(
    ("model", "rule"),
    [
        ("gpt-4o", "gpt-4o"),
        ("openai/gpt-4o-2024-11-20", "gpt-4o"),
        ("gpt-4o-mini", "gpt-4o-mini"),
        ("gpt-4.1", "gpt-4o"),
        ("gpt-4.1-mini", "gpt-4.1-mini"),
        ("gpt-4.1-nano", ""),
        ("gpt-5", "gpt-5"),
        ("gpt-5-2025-08-07", "gpt-5"),
        ("gpt-5.1-chat-latest", "gpt-5"),
        ("gpt-5-mini", ""),
        ("gpt-5.2", "gpt-5.2"),
        ("gpt-5.4-mini", "gpt-5.4"),
        ("gpt-5.6-sol", "gpt-5.6"),
        ("o1", "o1"),
        ("o3", "o1"),
        ("o4-mini", ""),
        ("claude-sonnet-4-5", "claude"),
        ("claude-3-5-sonnet-20241022", "claude"),
        ("claude-opus-4-7", "claude-high"),
        ("claude-sonnet-5", "claude-high"),
        ("gemini-2.5-flash", "gemini-2"),
        ("gemini-1.5-pro", ""),
        ("Qwen/Qwen2.5-VL-72B-Instruct", ""),
        ("meta-llama/Llama-3.2-11B-Vision-Instruct", ""),
        ("a-model-nobody-knows", ""),
        ("", ""),
    ],
)
def test_rule_of_a_model(model: str, rule: str) -> None:
    assert rule_name_for(model) == rule


@pytest.mark.parametrize(
    ("model", "rules"),
    [
        ("gpt-5-mini", ["gpt-5-mini", "gpt-4.1-mini@2025"]),
        ("gpt-4.1-mini", ["gpt-4.1-mini", "gpt-4.1-mini@2025"]),
        ("qwen2.5-vl-72b-instruct", ["qwen2.5-vl", "qwen2.5-vl@dashscope"]),
        ("claude-opus-4-7", ["claude-high", "claude@2024"]),
        ("gpt-9", []),
    ],
)
def test_every_rule_that_is_claimed_for_a_model(model: str, rules: list[str]) -> None:
    assert [rule.name for rule in claimed(model)] == rules


def test_no_estimator_is_a_models_own_rule() -> None:
    for rule in RULES:
        if rule.estimates and rule.models:
            assert rule.disputed, rule.name


def test_a_name_that_does_not_exist() -> None:
    assert rule_named("gpt-4o") is RULES[0]
    assert rule_named("gpt-4x") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[rule]]\nname = 'a'\nkind = 'odd'", "of no known kind"),
        ("[[rule]]\nname = 'a'\nkind = 'tiles'\nbase = 1", "incomplete"),
        ("[[rule]]\nname = 'a'\nkind = 'flat'\ntokens = 1\nodd = 2", "incomplete"),
        ("[[rule]]\nname = 'a'\nkind = 'flat'\ntokens = 1\n" * 2, "twice"),
    ],
)
def test_an_entry_that_is_no_rule(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=reason):
        load(path)


@pytest.mark.parametrize(
    ("name", "model", "rules"),
    [
        ("gpt-4o", "gpt-4o-2024-11-20", ["gpt-4o"]),
        ("gpt-4.1-mini", "gpt-4.1-mini", ["gpt-4.1-mini", "gpt-4.1-mini@2025"]),
        ("gpt-4.1-mini@2025", "gpt-4.1-mini", ["gpt-4.1-mini@2025", "gpt-4.1-mini"]),
        # A rule that the target file names, of another model: that one alone.
        ("gpt-5", "gpt-4.1-mini", ["gpt-5"]),
        ("", "gpt-4o", []),
        ("nobody", "gpt-4o", []),
    ],
)
def test_versions_of_a_rule(name: str, model: str, rules: list[str]) -> None:
    assert [rule.name for rule in versions(name, model)] == rules


@pytest.mark.parametrize(
    ("name", "is_guided"),
    [
        ("gpt-4o", True),
        ("gpt-5.6", True),
        ("gpt-4.1-mini@2025", True),
        ("o4-mini", False),
        ("claude", False),
    ],
)
def test_which_rules_the_guide_gives_to_the_token(name: str, is_guided: bool) -> None:
    rule = rule_named(name)
    assert rule is not None
    assert is_of_the_guide(rule) is is_guided
