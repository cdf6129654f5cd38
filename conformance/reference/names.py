"""What the reference endpoint goes by: its key, and the names of its models."""

from __future__ import annotations

KEY = "sk-reference-endpoint-key"
MODEL = "gpt-4o"
#: A second model, which takes no pictures.
TEXT_MODEL = "gpt-3.5-turbo"
