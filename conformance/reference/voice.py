"""The manners in which the reference model says what it thinks."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from conformance.reference.mind import Thought


def terse(codes: tuple[str, ...]) -> str:
    return "\n".join(codes)


def prose(codes: tuple[str, ...]) -> str:
    if len(codes) == 1:
        return f"The code in the picture is {codes[0]}."
    return f"I can make out these codes: {', '.join(codes[:-1])} and {codes[-1]}."


def markdown(codes: tuple[str, ...]) -> str:
    if len(codes) == 1:
        return f"The code is **{codes[0]}**."
    return "\n".join(f"{n}. `{code}`" for n, code in enumerate(codes, 1))


def chinese(codes: tuple[str, ...]) -> str:
    return f"图片中的编号是：{'、'.join(codes)}。"


def spaced(codes: tuple[str, ...]) -> str:
    return "\n".join(" ".join(code) for code in codes)


def lower(codes: tuple[str, ...]) -> str:
    return "\n".join(code.lower() for code in codes)


STYLES: dict[str, Callable[[tuple[str, ...]], str]] = {
    style.__name__: style for style in (terse, prose, markdown, chinese, spaced, lower)
}
#: Changes from request to request, always the same for the same request.
VARIED = "varied"


def speak(thought: Thought, style: str, request: bytes) -> str:
    """The words of an answer. ``style`` is a name of STYLES, or "varied"."""
    if not thought.codes:
        return thought.sentence
    if style == VARIED:
        names = list(STYLES)
        style = names[zlib.crc32(request) % len(names)]
    return STYLES[style](thought.codes)
