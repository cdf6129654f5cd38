"""Which rule a model's name leads to, however a relay writes it, and which names lead to none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.tokens.names import readings
from conformance.tokens.rules import RULES, claimed, guess, how_known, rule_name_for

#: As its maker writes it, a namespace before it apart.
EXACT = {
    "gpt-4o": "gpt-4o",
    "GPT-4o": "gpt-4o",
    "gpt-4o-2024-08-06": "gpt-4o",
    "gpt-4o-latest": "gpt-4o",
    "openai/gpt-4o": "gpt-4o",
    "openrouter/openai/gpt-4o-2024-11-20": "gpt-4o",
    "gpt-4-turbo-2024-04-09": "gpt-4o",
    "gpt-4-vision-preview": "gpt-4o",
    "gpt-4.1": "gpt-4o",
    "gpt-4.1-2025-04-14": "gpt-4o",
    "gpt-4.5-preview": "gpt-4o",
    "gpt-4o-mini": "gpt-4o-mini",
    "gpt-4o-mini-2024-07-18": "gpt-4o-mini",
    "gpt-4.1-mini": "gpt-4.1-mini",
    "gpt-5": "gpt-5",
    "gpt-5-chat-latest": "gpt-5",
    "gpt-5.2": "gpt-5.2",
    "gpt-5.4-mini": "gpt-5.4",
    "gpt-5.6-sol": "gpt-5.6",
    "o1": "o1",
    "o1-pro-2025-03-19": "o1",
    "o3-2025-04-16": "o1",
    "claude-3-haiku-20240307": "claude",
    "claude-3.5-sonnet": "claude",
    "claude-3-7-sonnet-latest": "claude",
    "claude-opus-4-20250514": "claude",
    "claude-opus-4-1": "claude",
    "claude-4-sonnet": "claude",
    "claude-sonnet-4-6": "claude",
    "claude-opus-4-7": "claude-high",
    "claude-opus-4.8": "claude-high",
    "claude-4.7-opus": "claude-high",
    "claude-sonnet-5": "claude-high",
    "models/gemini-2.5-flash": "gemini-2",
    "google/gemini-2.5-flash-lite": "gemini-2",
    "gemini-2.0-flash-001": "gemini-2",
    "meta-llama/llama-4-scout": "llama-4",
    "mistralai/pixtral-12b": "pixtral",
    "mistral-small-2506": "mistral-small-3.2",
    "mistral-medium-3.1": "mistral-small-3.2",
    "ministral-8b-2512": "mistral-small-3.2",
    "liuhaotian/llava-v1.5-7b": "llava-1.5",
    "doubao-1-5-vision-pro-32k": "doubao",
    "moonshot-v1-8k-vision-preview": "kimi",
}
#: With something of a relay's around it.
GUESSED = {
    "openai:gpt-4o": "gpt-4o",
    "azure/gpt-4o@2024": "gpt-4o",
    "vendor.gpt-4o-v1:0": "gpt-4o",
    "openrouter/openai/gpt-4o:free": "gpt-4o",
    "openai/gpt-4o:extended": "gpt-4o",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0": "claude",
    "anthropic.claude-3-haiku-20240307-v1:0": "claude",
    "arn:aws:bedrock:us-east-1:12:inference-profile/us.anthropic.claude-opus-4-7": "claude-high",
    "claude-sonnet-4-5@20250929": "claude",
    "google:gemini-2.5-pro": "gemini-2",
    "gemini-2.5-pro[1m]": "gemini-2",
    "gpt-4o (relay)": "gpt-4o",
    "gpt-4o\u3010\u5b98\u8f6c\u3011": "gpt-4o",
    "[\u5b98\u8f6c]gpt-4o": "gpt-4o",
    "[\u5b98\u8f6c]gpt-4o-mini": "gpt-4o-mini",
    "\u3010azure\u3011 gpt-4.1": "gpt-4o",
    "gpt-4o-\u5b98\u65b9": "gpt-4o",
    "gpt-4o-official": "gpt-4o",
    "gpt-4o-eastus2-prod": "gpt-4o",
    "azure-gpt-4o": "gpt-4o",
    "prod-eu-gpt-4o": "gpt-4o",
    "azure-openai-gpt-4o-mini": "gpt-4o-mini",
    "gpt_4o": "gpt-4o",
    "gpt_4o_mini": "gpt-4o-mini",
    "gpt4o": "gpt-4o",
    "gpt4o-mini": "gpt-4o-mini",
    "gpt-5@azure": "gpt-5",
    "gpt-5-official": "gpt-5",
    "azure/o3:high": "o1",
    "o3-azure": "o1",
    "ft:gpt-4o-2024-08-06:acme::abc123": "gpt-4o",
    "ft:gpt-4o-mini-2024-07-18:acme:mini:abc": "",
    "gpt-4o-2024-08-06.ft-abc": "gpt-4o",
    "gemini-2.5-flash-nothinking": "gemini-2",
    "team a: gpt-4o": "gpt-4o",
}
#: Nobody's: another model, something that says it is not, or what no source gives a rule for.
NOBODYS = [
    "",
    " ",
    "/",
    "not-gpt-4o",
    "not gpt-4o",
    "no:gpt-4o",
    "my-gpt-4o",
    "mygpt-4o",
    "gpt-4-oracle",
    "gpt-4oracle",
    "gpt-4o1",
    "gpt-4",
    "gpt-4-1",
    "gpt-3.5-turbo",
    "gpt-5-2",
    "gpt-5-mini",
    "gpt_5_mini",
    "gpt-5@mini",
    "gpt-50",
    "gpt-4.11",
    "gpt-4o-nano",
    "gpt-4o:mini",
    "gpt-4o (mini)",
    "[mini]gpt-4o",
    "gpt-4o.mini-1",
    "gpt-4o-2024-08-06-mini",
    "gpt-4o-audio-preview",
    "gpt-4o-mini-tts",
    "gpt-4o-transcribe",
    "gpt-4o-realtime-preview",
    "gpt-4o-like",
    "gpt-4o-compatible",
    "gpt-4o-style-vl",
    "gpt-4o\u5e73\u66ff",
    "fake:gpt-4o",
    "llama-3-gpt-4o-distill",
    "gpt-4o-distill-llama-8b",
    "gpt-4o-qwen",
    "gpt-4o-vs-claude-3-haiku",
    "claude-3-haiku|gpt-4o",
    "gpt-4o/llava",
    "o1-mini",
    "o1-preview",
    "o3-mini",
    "o3:mini",
    "o2",
    "llava-o1",
    "marco-o1",
    "llama-3.o1",
    "claude",
    "claude-",
    "claude-like",
    "my-claude-like",
    "my-claude-3-haiku",
    "claude-2.1",
    "claude-instant-1.2",
    "claude-sonnet-latest",
    "claudette-3",
    "gemini",
    "gemini-20",
    "gemini-1.5-pro",
    "gemini-embedding",
    "gemini-pro-vision",
    "pixtralish",
    "glm-4v",
    "qwen2.5-vl-72b-instruct",
    "house-model",
    "a" * 5000,
    "gpt-4o" * 500,
    "\x1b[31mgpt-4o-like",
    "\ud800",
]


@pytest.mark.parametrize(("model", "rule"), EXACT.items())
def test_a_name_as_its_maker_writes_it(model: str, rule: str) -> None:
    assert guess(model) == (rule, True)
    assert rule_name_for(model) == rule
    assert how_known(rule, model) == ""


@pytest.mark.parametrize(("model", "rule"), GUESSED.items())
def test_a_name_as_a_relay_writes_it(model: str, rule: str) -> None:
    assert guess(model) == (rule, False)
    assert rule_name_for(model) == rule
    if rule:
        assert how_known(rule, model) == f"guessed from the name {model}"


@pytest.mark.parametrize("model", NOBODYS)
def test_a_name_that_leads_to_no_rule(model: str) -> None:
    assert guess(model).rule == ""
    assert how_known("", model) == ""


def test_a_rule_that_the_target_file_names_is_not_guessed() -> None:
    assert how_known("gpt-5", "azure/gpt-4o@2024") == ""
    assert how_known("gpt-4o", "house-model") == ""


@pytest.mark.parametrize(
    ("model", "rules"),
    [
        ("azure/gpt-4.1-mini@2025", ["gpt-4.1-mini", "gpt-4.1-mini@2025"]),
        ("qwen:qwen2.5-vl-72b-instruct", ["qwen2.5-vl", "qwen2.5-vl@dashscope"]),
        (
            "accounts/fireworks/models/qwen2p5-vl-32b-instruct",
            ["qwen2.5-vl", "qwen2.5-vl@dashscope"],
        ),
        ("accounts/fireworks/models/llama-v3p2-11b-vision-instruct", ["llama-3.2-vision"]),
        ("accounts/fireworks/models/llama4-scout-instruct-basic", ["llama-4"]),
        ("OpenGVLab/InternVL2_5-8B", ["internvl-12", "internvl-6"]),
        ("internvl3-78b", ["internvl-12", "internvl-6"]),
        ("zai/glm-4.5v", ["glm-4v"]),
        ("grok-4-fast-non-reasoning", ["grok"]),
        ("x-ai:grok-2-vision-1212", ["grok"]),
        ("us.anthropic.claude-opus-4-7-v1:0", ["claude-high", "claude@2024"]),
        ("claude-like", []),
        ("not-gpt-4o", []),
    ],
)
def test_every_rule_that_is_claimed(model: str, rules: list[str]) -> None:
    assert [rule.name for rule in claimed(model)] == rules


@given(
    model=st.sampled_from(sorted(EXACT)),
    before=st.text("abcxyz", min_size=1, max_size=6),
    separator=st.sampled_from(["/", ":", "@", "[x] ", "\u3010y\u3011", "."]),
)
def test_whatever_is_put_before_a_name(model: str, before: str, separator: str) -> None:
    """Another word and a separator before it change nothing; glued on, they make it another's."""
    last = model.rsplit("/", 1)[-1]
    assert guess(f"{before}{separator}{last}").rule == EXACT[model]
    assert guess(f"q{before}{last}").rule == ""
    assert guess(f"q{before}-{last}").rule == ""


@given(
    model=st.sampled_from(["gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-5", "gpt-5.2", "o1", "o3"]),
    letters=st.text("bcdfghjkqxz", min_size=1, max_size=5),
)
def test_letters_glued_to_the_end_of_a_name(model: str, letters: str) -> None:
    assert guess(model + letters).rule == ""


@given(st.text(max_size=60))
def test_any_text_is_read(model: str) -> None:
    names = [reading.name for reading in readings(model)]
    assert len(names) == len(set(names))
    assert guess(model).rule in {"", *(rule.name for rule in RULES)}
