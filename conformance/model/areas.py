"""The areas: what the checks are sorted by, in the order in which people ask for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One subject of the suite. Its checks are in ``checks``, in a module or folder of its id."""

    #: As it stands in ids of checks and behind ``--area``, such as ``multi-image``.
    id: str
    #: As a heading.
    title: str
    #: What its checks ask about, as a clause that may follow "about".
    subject: str
    order: int

    @property
    def is_headline(self) -> bool:
        """True for the four that users ask about first."""
        return self.order < HEADLINES

    @property
    def mark(self) -> str:
        """The name of its pytest marker, which may hold no hyphen."""
        return self.id.replace("-", "_")


HEADLINES = 4
#: Id, title and subject of each, in order.
_ROWS = (
    ("url", "Pictures by URL", "pictures given by http URL"),
    ("base64", "Base64 data URLs", "pictures written into the request as data URLs"),
    ("multi-image", "Several pictures", "several pictures in one request, and their order"),
    ("detail", "Detail levels", "the member detail of a picture: taken, billed and heeded"),
    ("usage", "Token usage", "token counts: whole, consistent, and by the published rule"),
    ("streaming", "Streaming", "pictures in streamed requests"),
    ("shape", "Reply shape", "the documented form of replies"),
    ("errors", "Errors", "what must be refused, and how a refusal looks"),
    ("parameters", "Parameters", "members of the request that stand beside a picture"),
    ("history", "Conversation history", "pictures in earlier turns, roles and tool results"),
    ("cache", "Caching", "replies that must not come from another request"),
    ("placeholders", "Placeholders in text", "words of the request that look like machinery"),
    ("limits", "Limits", "heavy, large and many pictures: read whole, or refused openly"),
    ("tools", "Tools and JSON", "tool calls and JSON replies about a picture"),
    ("acuity", "Acuity", "how small and faint a print still reaches the model"),
    ("models", "Models", "the list of models, their names, and models without vision"),
    ("dialects", "Other dialects", "pictures at the doors /responses and /messages"),
    ("leaks", "Leaks", "what a reply must not tell: keys, hosts, paths, other people's words"),
    ("sdk", "Official SDK", "replies as the official openai library understands them"),
    ("security", "Security", "addresses and files that must not be fetched; sent on demand only"),
)
AREAS = tuple(
    Area(id=id, title=title, subject=subject, order=order)
    for order, (id, title, subject) in enumerate(_ROWS)
)


def area_named(name: str) -> Area:
    """The area of an id; an underscore is as good as a hyphen.

    Raises LookupError, with the ids there are in its message.
    """
    wanted = name.replace("_", "-")
    found = next((area for area in AREAS if area.id == wanted), None)
    if found is None:
        raise LookupError(f"there is no area {name!r}: there are {', '.join(a.id for a in AREAS)}")
    return found
