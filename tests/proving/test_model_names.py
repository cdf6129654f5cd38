"""Names of models: what is another model, and what only another name of the same."""

from __future__ import annotations

import pytest

from conformance.checks.models.list_of_models import may_be_of
from conformance.checks.models.names import is_another

SAME = (
    ("gpt-4o", "gpt-4o-2024-08-06"),
    ("openai/gpt-4o", "gpt-4o"),
    ("gpt-4o", "openai/gpt-4o"),
    ("gpt-4o", "GPT-4o"),
    ("chatgpt-4o-latest", "gpt-4o-2024-11-20"),
    ("gpt-4-vision-preview", "gpt-4-1106-vision-preview"),
    ("gpt-4o-mini", "gpt-4o-mini-2024-07-18"),
    ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
    ("anthropic.claude-3-haiku", "claude-3-haiku-20240307"),
    ("gemini-flash-latest", "models/gemini-2.5-flash"),
    ("qwen-vl-max", "qwen-vl-max-2025-01-25"),
    ("mistral-small-latest", "mistral-small-2506"),
    ("llava-v1.6-mistral-7b", "mistral-7b"),
    ("llama-3.2-11b-vision", "/models/Llama-3.2-11B-Vision-Instruct.gguf"),
    ("openrouter/auto", "google/gemini-2.5-pro"),
    ("my-deployment", "gpt-4o-2024-08-06"),
    ("gpt-4o", "house-model"),
    ("", "gpt-4o"),
)
OTHER = (
    ("gpt-4o", "qwen2.5-vl-72b-instruct"),
    ("gpt-4o", "gpt-4o-mini-2024-07-18"),
    ("openai/gpt-4o", "google/gemini-2.5-flash"),
    ("claude-3-5-sonnet", "claude-3-haiku-20240307"),
    ("gemini-2.5-pro", "glm-4v-plus"),
)


@pytest.mark.parametrize(("asked", "found"), SAME)
def test_a_name_of_the_same_model(asked: str, found: str) -> None:
    assert not is_another(asked, found)


@pytest.mark.parametrize(("asked", "found"), OTHER)
def test_the_name_of_another_model(asked: str, found: str) -> None:
    assert is_another(asked, found)


@pytest.mark.parametrize(
    ("listed", "is_of"),
    [
        ("gpt-4o", True),
        ("openai/GPT-4o-2024-08-06", True),
        ("openai/*", True),
        ("claude-3-haiku", False),
        ("", False),
        (5, False),
    ],
)
def test_an_entry_of_the_list(listed: object, is_of: bool) -> None:
    assert may_be_of({"id": listed}, "azure/gpt-4o") is is_of
