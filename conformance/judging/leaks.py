"""What a reply lets slip that is nobody's business: one function per kind of leak.

Each looks at a text of any length and kind, reads so much of it, and returns what it found or "".
No pattern can take long: repeats are bounded, and begin where nothing else can.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from conformance.model import Claim, Exchange, Hosted, ImagePart, Inline, Picture, Target
from conformance.redact import OURS, OURS_SPELLED_OUT, PRIVATE_HEADERS, THEIRS, without_keys
from conformance.wire.chat import texts

#: Characters of a text that are looked at.
MOST = 200_000
#: Characters of base64 that may stand in a reply: digests, ids and signatures are as long.
HARMLESS = 64
#: Texts that are kept: several checks look at the same reply, one after the other.
_KEPT = 128
#: Runs of base64 that are compared with what was sent.
_MOST_RUNS = 50

Find = Callable[[str], str]
#: Headers about the client and its own proxy, or about who may use a page.
_OF_THE_WAY = re.compile(
    r"(?:x-)?forwarded(?:-.*)?|via|x-real-ip|x-client-ip|x-cache.*|x-squid-.*|proxy-.*|"
    r"content-security-policy.*|access-control-.*|report-to|nel"
)


def said(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Where something was said, and what: each header, the body, and the texts inside it.

    The texts of a stream's events are joined, and JSON escapes resolved.
    """
    for name, value in exchange.headers:
        if name.lower() not in PRIVATE_HEADERS and not _OF_THE_WAY.fullmatch(name.lower()):
            yield f"the header {name}", value[:MOST]
    for text in (_read if len(exchange.body) < MOST else _read.__wrapped__)(exchange.body):
        yield "the body", text


@lru_cache(maxsize=_KEPT)
def _read(body: bytes) -> tuple[str, str]:
    """The body as it is, and the texts in it."""
    inner = "\n".join(text for text in texts(body) if len(text) > 3)
    return body[:MOST].decode("utf-8", "replace"), inner[:MOST]


# ---------------------------------------------------------------- keys


@lru_cache(maxsize=_KEPT)
def our_key(text: str) -> str:
    """The mark that stands for a key of ours; see ``conformance.redact``."""
    return next((mark for mark in (OURS, OURS_SPELLED_OUT) if mark in text), "")


@lru_cache(maxsize=_KEPT)
def their_key(text: str) -> str:
    """The mark that stands for somebody else's key. The key itself is never returned."""
    masked = without_keys(text)
    at = masked.find(THEIRS)
    return "" if at < 0 else masked[at : masked.find("]", at) + 1]


# ---------------------------------------------------------------- internals of a program


def _first(*patterns: str) -> Find:
    either = re.compile("|".join(patterns))

    @lru_cache(maxsize=_KEPT)
    def find(text: str) -> str:
        match = either.search(text[:MOST])
        return match[0] if match else ""

    return find


#: A quotation mark, however often it was escaped.
_Q = r"\\{0,8}[\"']"

traceback = _first(
    r"Traceback \(most recent call last\)",
    rf"\bFile {_Q}[^\"'\\\n]{{1,200}}\.py{_Q}, line \d{{1,7}}",
    r"\bgoroutine \d{1,9} \[[a-z ,\d]{1,60}\]",
    r"\bpanic: runtime error",
    r"\bpanicked at [^\n]{1,80}\.rs:\d{1,7}",
    r"(?:[/\\]|node:)[\w.-]{1,80}\.[cm]?[jt]sx?:\d{1,7}:\d{1,7}\b",
    r"[/\\][\w.-]{1,80}\.go:\d{1,7} \+0x[0-9a-f]{1,8}\b",
    r"\bat [\w.$]{3,120}\([\w$]{1,80}\.(?:java|kt|scala):\d{1,7}\)",
    r"\bCaused by: [a-z]{2,20}\.[\w.$]{3,120}(?:Exception|Error)\b",
    r"\bStack trace:\\?n?\s{0,4}#0 ",
    r" in [^\s:]{1,120}\.cs:line \d{1,7}",
)

object_representation = _first(
    r"<(?:class|module|enum) '[\w.]{1,80}'",
    r"<(?:(?:bound method|function|coroutine object|generator object) )?[A-Za-z_][\w.<>]{0,80}"
    r"(?: object| image mode=\w{1,8} size=\d{1,6}x\d{1,6})? at 0x[0-9A-Fa-f]{6,16}>",
    r"'loc': [(\[]",
    r"'type': 'value_error",
    r"\{'error': \{'",
    r"\bValidationError\(model=",
    r"&\{[^{}\n]{0,200}0xc[0-9a-f]{6,12}\b",
    r"%!\w\([a-z*\[\]]{2,20}=",
    r"\b(?:java|javax|com|org|io)\.[a-z][\w.$]{3,100}@[0-9a-f]{5,8}\b",
)

#: Where Linux puts heaps, stacks and libraries on x86-64 and ARM, and Go its heap; or so named.
heap_address = _first(
    r"\b0x(?:7[ef]|5[56])[0-9A-Fa-f]{10}\b",
    r"\b0xffff[0-9A-Fa-f]{8}\b",
    r"\b0xc000[0-9a-f]{6}\b",
    r"\bat 0x[0-9A-Fa-f]{6,16}\b",
)

#: Types and fields of the program that parsed the request, by their own names.
parser_internals = _first(
    r"\bunknown variant `[^`\n]{1,80}`, expected [^\n]{1,400}? at line \d{1,9} column \d{1,9}",
    r"\binto Go (?:struct field|value of type) [\w.\[\]*]{1,100}",
    r"\bcom\.fasterxml\.jackson\.[\w.$]{3,100}",
    r"\borg\.springframework\.[\w.$]{3,100}",
    r"\bpydantic_core\._pydantic_core\.\w{1,60}",
    r"\bserde_json::[\w:]{3,80}",
)


# ---------------------------------------------------------------- internal addresses

_IP = re.compile(r"(?<![\w.-])(?<!\w/)((?:\d{1,3}\.){3}\d{1,3})(:\d{2,5}\b)?(?![\w-]|\.\d|/\d)")
_NAME = re.compile(r"(?<![\w.-])([A-Za-z][A-Za-z0-9.-]{1,250})(:\d{2,5}\b)?")
_PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
#: Names that are an address wherever they stand, and those that are one only where one is told.
_SURE = (".cluster.local", ".docker.internal", ".ec2.internal", ".compute.internal")
_LIKELY = (".internal", ".local", ".localdomain", ".lan", ".intranet", ".corp", ".svc")
#: What stands where somebody took a host out, or for any host.
_MASKS = frozenset({"redacted", "hidden", "masked", "host", "hostname", "server", "domain"})
_TOLD = re.compile(
    r"(?:://|@|\b(?:lookup|host|upstream|dial tcp|connect to|resolve)[ =:'\"]{1,3})$"
)


@lru_cache(maxsize=_KEPT)
def internal_address(text: str, ours: frozenset[str]) -> str:
    """An address of a private network that is none of ``ours``, which are in lower case."""
    text = text[:MOST]
    for found in _IP.finditer(text):
        if found[1] not in ours and _is_private(found[1], bool(found[2])):
            return found[0]
    for found in _NAME.finditer(text):
        host = found[1].lower().rstrip(".")
        before = text[max(0, found.start() - 16) : found.start()]
        if host not in ours | _MASKS and _is_inner(host, bool(found[2]), before):
            return found[0]
    return ""


def _is_private(host: str, port: bool) -> bool:
    """Everybody has a loopback and a link-local address: they tell something with a port only."""
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        return False
    if host.endswith((".0", ".255")):
        return False
    if any(address in network for network in _PRIVATE):
        return True
    return port and (address.is_loopback or address.is_link_local)


def _is_inner(host: str, port: bool, before: str) -> bool:
    if host == "localhost":
        return port
    if host.endswith(_SURE):
        return True
    if host.endswith(_LIKELY):
        return port or bool(_TOLD.search(before))
    return port and "." not in host and before.endswith("://")


def our_hosts(target: Target, exchange: Exchange) -> frozenset[str]:
    """Hosts that we know or named ourselves: the endpoint's, the picture host's, the request's."""
    urls = [target.base_url]
    if Claim.URL not in target.unclaimed:
        urls.append(target.picture_host_url or f"http://{target.picture_host_bind}")
    hosts = {host for url in urls if (host := _host(url))}
    sent = exchange.sent.body[:MOST].decode("utf-8", "replace").lower()
    hosts |= {found[1] for found in _IP.finditer(sent)}
    hosts |= {found[1].rstrip(".") for found in _NAME.finditer(sent)}
    return frozenset(hosts | (_LOOPBACK if hosts & _LOOPBACK else set()))


_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


# ---------------------------------------------------------------- echoes

_RUN = re.compile(rf"[A-Za-z0-9+/_-]{{{HARMLESS + 1},}}")
_DATA_URL = re.compile(rf"data:image/[\w.+-]{{1,40}};base64,[A-Za-z0-9+/]{{{HARMLESS + 1},}}")
_STANDARD = str.maketrans("-_", "+/")


@lru_cache(maxsize=_KEPT)
def echoed_base64(text: str, payloads: tuple[str, ...]) -> str:
    """The beginning of a data URL, or of a run of base64 that is part of a payload we sent."""
    text = text[:MOST].replace("\\/", "/")
    url = _DATA_URL.search(text)
    if url:
        return _shortened(url[0])
    for number, run in enumerate(_RUN.finditer(text)):
        if number == _MOST_RUNS:
            break
        written = run[0].translate(_STANDARD)
        ends = (written[: HARMLESS + 1], written[-HARMLESS - 1 :])
        if any(end in payload for end in ends for payload in payloads):
            return _shortened(run[0])
    return ""


def _shortened(run: str) -> str:
    return f"{run[:40]}… ({len(run)} characters)"


def payloads(exchange: Exchange) -> tuple[str, ...]:
    """The base64 of every picture in the request."""
    parts = [part for turn in exchange.probe.turns for part in turn.parts]
    pictures = {
        part.picture
        for part in parts
        if isinstance(part, ImagePart) and part.picture and isinstance(part.via, Inline | Hosted)
    }
    return tuple(_base64(picture) for picture in pictures)


@lru_cache(maxsize=64)
def _base64(picture: Picture) -> str:
    return base64.b64encode(picture.data).decode()
