"""What a medium makes of a text: each function gives what is not as it should be, in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

import pyte
from markdown_it import MarkdownIt

#: Sequences that are ours: colours and bold.
_STYLES = re.compile(r"\x1b\[[0-9;]*m")
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_ORDER = re.compile(r"^\s*::[a-z][a-z-]*(\s.*)?::|##[a-z]*\[", re.IGNORECASE)
#: Characters of a line of the terminal that is played; no sentence is longer.
_COLUMNS = 9000
#: Allowed by XML 1.0, section 2.2.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What must not reach anybody's eyes as it came.
_HIDING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def hidden(text: str) -> list[str]:
    return _HIDING.findall(text)


def in_terminal(raw: str) -> Iterator[str]:
    """``raw`` is what was written, with line ends as programs write them."""
    lines = _STYLES.sub("", raw).replace("\r\n", "\n").split("\n")
    for line in lines:
        if found := _HIDING.search(line):
            yield f"{found[0]!r} in {line[:80]!r}"
        if _ORDER.search(line):
            yield f"an order: {line[:80]!r}"
    # At a joiner that is no combining character pyte leaves out the rest of the text.
    raw = _JOINERS.sub("", raw)
    screen = pyte.Screen(_COLUMNS, len(lines) + 3)
    pyte.Stream(screen).feed(raw.replace("\r\n", "\n").replace("\n", "\r\n"))
    if screen.title or screen.icon_name:
        yield f"a title: {screen.title!r}"
    for number, line in enumerate(lines):
        cells = screen.buffer[number]
        shown = "".join(cells[x].data for x in range(max(cells, default=-1) + 1))
        if _inked(shown) != _inked(line):
            yield f"line {number} is {shown[:80]!r} and not {line[:80]!r}"


def _inked(text: str) -> str:
    """What takes room and ink."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(
        c for c in plain if unicodedata.category(c) not in ("Mn", "Me", "Cf", "Zs", "Cc")
    )


def in_xml(text: str) -> Iterator[str]:
    """A whole document, as a strict parser takes it: no document type, no odd character."""
    if found := _NO_XML.search(text):
        yield f"{found[0]!r} is no character of XML"
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        yield "a document type"
    try:
        root = ElementTree.fromstring(text.encode())
    except (ElementTree.ParseError, UnicodeEncodeError) as error:
        yield f"{error}"
        return
    for element in root.iter():
        for said in (element.text or "", *element.attrib.values()):
            yield from (f"an order: {x[:80]!r}" for x in said.splitlines() if _ORDER.search(x))
            yield from (f"{x!r} in XML" for x in hidden(said))


def in_markdown(cell: str) -> Iterator[str]:
    """One cell of a table, within it and as a line of its own, HTML allowed and not."""
    table = f"| a | b |\n| --- | --- |\n| {cell} | end |\n"
    for is_open in (True, False):
        reader = MarkdownIt("commonmark", {"html": is_open}).enable(["table", "strikethrough"])
        tokens = reader.parse(table)
        cells = [t.content for t in tokens if t.type == "inline"]
        if len(cells) != 4 or cells[-1] != "end":
            yield f"{len(cells)} cells, the last {cells[-1:]}"
        kinds = {c.type for t in tokens for c in t.children or ()}
        yield from (f"{kind} in {cell[:80]!r}" for kind in kinds - {"text", "text_special"})
    if re.search(r"https?://|www\.|(?<!&)#\d|@\w", cell):
        yield f"what GitHub links by itself in {cell[:80]!r}"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if (tag, attrs) != ("mark", [("class", "cp")]):
            self.found.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"declaration {decl}")


def in_html(html: str) -> Iterator[str]:
    """A piece of a page that is text and marks alone, between tags or in quotes."""
    reader = _Tags()
    reader.feed(html)
    reader.close()
    yield from (f"{tag} in {html[:80]!r}" for tag in reader.found)
    yield from (f"{found!r} in HTML" for found in hidden(reader.text))
