"""Text from strangers, made safe to look at: bounded, and with nothing invisible in it."""

from __future__ import annotations

import re
from itertools import groupby

from markupsafe import Markup, escape

#: Controls but tab and newline; bidi marks and overrides; zero-width, filling and tag characters;
#: line separators; what is no character; lone surrogates. All of Unicode's Cc, and all of its
#: Default_Ignorable_Code_Point but the joiners and selectors that scripts and emoji need.
_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e"
    "\u200f\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
#: Marks that are set above or below a letter. No language stacks more than a few.
_MARKS = (
    "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31"
    "\u0e34-\u0e3a\u0e47-\u0e4e\u0f71-\u0f84\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_NO_CHARACTERS = "".join(f"{chr(0x10000 * n - 2)}{chr(0x10000 * n - 1)}" for n in range(1, 18))
INVISIBLE = re.compile(f"[{_UNSEEN}{_NO_CHARACTERS}]+|[{_MARKS}]{{8,}}")
_SURROGATES = re.compile("[\ud800-\udfff]")
#: What a CI server obeys in what a job prints. GitHub's runner takes ``::name …::`` at the start of
#: a line, blanks before it or not, and ``##[name]`` anywhere in one, Azure ``##vso[``, TeamCity
#: ``##teamcity[`` (actions/runner, ActionCommand.cs; microsoft/azure-pipelines-agent, Command.cs).
_ORDERS = re.compile(
    r"(?<=:):(?=[A-Za-z][A-Za-z-]*(?:::|:?$|\s))|(?<=#)#(?=[A-Za-z]*\[)", re.MULTILINE
)
_LINE_END = re.compile(r"[ \t\r]*\n\s*")
_MARK = Markup('<mark class="cp">{}</mark>')
#: Characters of a line, where nothing else is said.
LONG = 300
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
    """``text`` with controls written out, such as ``⟨U+202E⟩``, and orders to a CI server broken.

    For the terminal and what is shown there: pytest's output, its log, and JUnit's XML.
    """
    plain = INVISIBLE.sub(_written_out, _newlines(text))
    return _ORDERS.sub(_written_out, plain)


def unbroken(text: str) -> str:
    """``text`` as ``visible`` has it, with line ends as blanks: what is said is one sentence."""
    return visible(_LINE_END.sub(" ", text))


def line(text: str, limit: int = LONG) -> str:
    """``text`` on one line of a terminal: bounded, and with nothing in it that acts."""
    return visible(one_line(bounded(text, limit)))


def marked(text: str) -> Markup:
    """``text`` as HTML, with controls written out in ``<mark>``."""
    plain, pieces, at = _newlines(text), [], 0
    for run in INVISIBLE.finditer(plain):
        pieces += [escape(plain[at : run.start()]), _MARK.format(_spell(run[0]))]
        at = run.end()
    return Markup("").join([*pieces, escape(plain[at:])])


def fitted(text: str, limit: int) -> Markup:
    """``text`` as HTML: at most ``limit`` characters, fewer where they need many escapes."""
    size = limit
    while len(html := marked(bounded(text, size))) > 2 * limit and size > 16:
        size //= 2
    return html


def _written_out(run: re.Match[str]) -> str:
    return f"⟨{_spell(run[0])}⟩"


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _spell(run: str) -> str:
    names = [_name(char, len(list(same))) for char, same in groupby(run)]
    more = f" and {len(names) - _SPELT} more" if len(names) > _SPELT else ""
    return " ".join(names[:_SPELT]) + more


def _name(char: str, times: int) -> str:
    name = f"U+{ord(char):04X}"
    return name if times == 1 else f"{name}×{times}"
