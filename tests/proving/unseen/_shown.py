"""Which request shows a defect, and which one beside it does not: written down by fault."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from conformance.drawing import codes
from conformance.judging import answers
from unseen._asking import Asker, Said

#: Asserts that the defect shows, and that its nearest neighbours are as they should be.
Show = Callable[[Asker], Awaitable[None]]
SHOWN: dict[str, Show] = {}

CODE = "What is the code in this picture? Reply with the code only."
CODES = "List the codes of all pictures, in the order in which the pictures were given."
CHART = "This picture shows lines of print, from large to small. Copy every line."
ASK_REFERENCE = "Reply with the reference number that I gave you, and nothing else."
EDGES = "A code is printed in each corner of this picture. List all four codes."
#: A tool that takes what it is told, and a reply that is to be JSON.
NOTE = {
    "type": "function",
    "function": {
        "name": "note_code",
        "parameters": {"type": "object", "properties": {"code": {"type": "string"}}},
    },
}
JSON_MODE = {"response_format": {"type": "json_object"}}


def shows(name: str) -> Callable[[Show], Show]:
    """This function shows the fault of that name."""

    def keep(show: Show) -> Show:
        assert name not in SHOWN
        SHOWN[name] = show
        return show

    return keep


def named(text: str) -> tuple[str, ...]:
    """The codes that an answer names, in their order."""
    return answers.codes_in(text)


def is_made_up(asker: Asker, text: str) -> bool:
    """True where an answer names one code, and no picture of the corpus shows it."""
    drawn = {code for p in asker.pictures.values() for code in p.facts.all_codes}
    found = set(named(text))
    return len(found) == 1 and not found & drawn and all(map(codes.is_exact, found))


def is_refused(said: Said, status: int = 400) -> bool:
    """True for this status with an error object that has a message."""
    return said.status == status and bool((said.error or {}).get("message"))
