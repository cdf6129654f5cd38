"""Text from strangers, made safe to look at: bounded, and with nothing invisible in it."""

from __future__ import annotations

import re
from itertools import groupby

from markupsafe import Markup, escape

#: Controls but tab and newline; bidi marks and overrides; zero-width and tag characters;
#: line separators; lone surrogates. All of Unicode's Cc, and of Cf what can hide or reorder.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]+"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_MARK = Markup('<mark class="cp">{}</mark>')
#: Code points of one run that are spelt out; the rest are counted.
_SPELT = 8


def bounded(text: str, limit: int) -> str:
    """At most ``limit`` characters of ``text``, and then how many were left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def one_line(text: str) -> str:
    """``text`` with every run of white space as one blank."""
    return " ".join(text.split())


def scrubbed(text: str) -> str:
    """``text`` with U+FFFD for lone surrogates, which no UTF-8 file can hold."""
    return _SURROGATES.sub("\ufffd", text)


def visible(text: str) -> str:
    """``text`` with controls written out, such as ``⟨U+202E⟩``: fit for a terminal."""
    return _INVISIBLE.sub(lambda run: f"⟨{_spell(run[0])}⟩", _newlines(text))


def marked(text: str) -> Markup:
    """``text`` as HTML, with controls written out in ``<mark>``."""
    plain, pieces, at = _newlines(text), [], 0
    for run in _INVISIBLE.finditer(plain):
        pieces += [escape(plain[at : run.start()]), _MARK.format(_spell(run[0]))]
        at = run.end()
    return Markup("").join([*pieces, escape(plain[at:])])


def fitted(text: str, limit: int) -> Markup:
    """``text`` as HTML: at most ``limit`` characters, fewer where they need many escapes."""
    size = limit
    while len(html := marked(bounded(text, size))) > 2 * limit and size > 16:
        size //= 2
    return html


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _spell(run: str) -> str:
    names = [_name(char, len(list(same))) for char, same in groupby(run)]
    more = f" and {len(names) - _SPELT} more" if len(names) > _SPELT else ""
    return " ".join(names[:_SPELT]) + more


def _name(char: str, times: int) -> str:
    name = f"U+{ord(char):04X}"
    return name if times == 1 else f"{name}×{times}"
