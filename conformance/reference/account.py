"""What one must know to be let in by the reference endpoint."""

from __future__ import annotations

KEY = "sk-reference-endpoint-key"
MODEL = "gpt-4o"
#: A second model, which takes no pictures.
TEXT_MODEL = "gpt-3.5-turbo"
