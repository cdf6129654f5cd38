"""A turn of the user, and the assistant's that takes note of it."""

from __future__ import annotations

from conformance.asking import prompts, questions
from conformance.model import Part, Turn

LOOK = "Look at this picture."


def noted_turns(*parts: Part | str) -> tuple[Turn, Turn]:
    return questions.turn(*parts), questions.turn(prompts.NOTED, role="assistant")
