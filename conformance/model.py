"""The nouns of the suite. Plain frozen data, no I/O; every other module imports this one."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeAlias

from conformance.ability import Ability
from conformance.symptom import Symptom

Json: TypeAlias = Any


class Level(StrEnum):
    """How binding the requirement is, in the sense of RFC 2119."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Verdict(StrEnum):
    """What became of one case. Only PASSED is green."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"
    BLOCKED = "blocked"
    UNOBSERVED = "unobserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a requirement comes from."""

    title: str
    url: str


# ---------------------------------------------------------------- pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One line of an eye chart: its code, and the height of its capitals in pixels."""

    code: str
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is to be seen in a picture and cannot be guessed from the prompt."""

    code: str = ""
    #: Codes in the corners: top left, top right, bottom left, bottom right.
    corners: tuple[str, ...] = ()
    #: Colour names of a grid, row by row from the top left.
    colours: tuple[str, ...] = ()
    #: Number of discs in each row, from the top.
    tally: tuple[int, ...] = ()
    #: Lines of an eye chart, from the top, large to small.
    prints: tuple[Print, ...] = ()

    @property
    def all_codes(self) -> frozenset[str]:
        """Every code that is to be seen."""
        lines = (line.code for line in self.prints)
        return frozenset({self.code, *self.corners, *lines}) - {""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Encoded bytes and the facts a dialogue may rely on. Equal by id and digest."""

    id: str
    data: bytes = field(repr=False, compare=False)
    sha256: str
    #: File name inside its corpus folder.
    file: str
    #: Media type of the bytes; for things that are not pictures, what they are.
    media_type: str
    #: Pixels; 0 where the bytes do not decode.
    width: int = 0
    height: int = 0
    #: Pillow's name of the colour mode, such as "RGB"; empty where the bytes do not decode.
    mode: str = ""
    facts: Facts = Facts()
    purpose: str = ""


# ---------------------------------------------------------------- what is asked


class Payload(StrEnum):
    """How the base64 payload of a data URL is written."""

    PADDED = "padded"
    UNPADDED = "unpadded"
    WRAPPED = "wrapped"
    URL_SAFE = "url-safe"
    EMPTY = "empty"
    GARBLED = "garbled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """A picture written into the request as a data URL; the fields bend its syntax."""

    #: Declared media type; None means the picture's own.
    media_type: str | None = None
    scheme: str = "data:"
    #: Between media type and ``;base64``, such as ``;charset=utf-8``.
    parameters: str = ""
    marker: str = ";base64"
    comma: str = ","
    payload: Payload = Payload.PADDED
    #: The picture is written anew as a JPEG first, where PNG does not get through.
    recoded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """A picture served by the picture host; the fields order its misbehaviour."""

    #: Path below the unguessable token, as written into the URL.
    path: str = "picture.png"
    query: str = ""
    status: int = 200
    #: Redirects before the picture: one status per hop. Empty for none.
    redirects: tuple[int, ...] = ()
    loop: bool = False
    #: Content-Type to send; None means the picture's own, "" means no such header.
    content_type: str | None = None
    chunked: bool = False
    #: Seconds before the first byte of the reply.
    first_byte: float = 0.0
    #: Seconds over which the body is dripped.
    drip: float = 0.0
    head_refused: bool = False
    #: What is sent instead: "", "html", "empty", "huge", or a flood; see ``drawing.flood``.
    instead: str = ""
    reset: bool = False
    #: Nothing listens at the address.
    refused: bool = False
    #: The address is written as ``image_url`` itself, without the object around it.
    bare: bool = False
    #: The picture is given out to the first GET, and gone for all others.
    once: bool = False
    #: Pictures of one twin name get URLs that are alike up to the path, one after the other.
    twin: str = ""
    #: The picture is written anew as a JPEG first, where PNG does not get through.
    recoded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A picture on the witness: a second host of ours, on a port that nobody allowed."""

    #: How the loopback address is spelled in the URL.
    spelling: str = "127.0.0.1"
    #: Redirects of the picture host that lead there; empty where the URL itself is sent.
    redirects: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A picture in a file of this machine, by its path."""

    #: What stands before the path.
    scheme: str = "file://"
    #: The path leads to nothing.
    missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbatim:
    """Any JSON value in the place of the picture's address, for probes of the wire itself."""

    #: Canonical JSON text, so that the part stays hashable.
    json: str
    #: True where the value stands for the whole content part, not for its address.
    whole_part: bool = False


Way: TypeAlias = Inline | Hosted
Placeable: TypeAlias = Hosted | Elsewhere | LocalFile
Via: TypeAlias = Inline | Placeable | Verbatim


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePart:
    picture: Picture | None
    via: Via
    #: Canonical JSON text of ``detail``; None leaves the member out.
    detail: str | None = None
    #: Further members of the content part: name and canonical JSON text.
    more: tuple[tuple[str, str], ...] = ()


Part: TypeAlias = TextPart | ImagePart


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    parts: tuple[Part, ...]
    role: str = "user"
    #: Further members of the message, such as ``tool_calls``: name and canonical JSON text.
    more: tuple[tuple[str, str], ...] = ()


class Credential(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"
    #: The right key in the header x-api-key, as Anthropic's API wants it.
    X_API_KEY = "x-api-key"


class Service(StrEnum):
    """Which door of the endpoint a probe knocks at."""

    CHAT = "chat"
    MODELS = "models"
    #: The one model that is asked for.
    MODEL = "model"
    RESPONSES = "responses"
    MESSAGES = "messages"
    COUNT_TOKENS = "count-tokens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One request as it will be sent, pictures still symbolic. Equal by content."""

    turns: tuple[Turn, ...] = ()
    stream: bool = False
    #: Further members of the body: name and canonical JSON text, sorted by name.
    params: tuple[tuple[str, str], ...] = ()
    #: Members of the body that are left out.
    omit: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    credential: Credential = Credential.RIGHT
    service: Service = Service.CHAT
    #: The whole body, where it is not to be made from the rest.
    raw_body: bytes | None = None
    #: Equal questions with different sample numbers are sent apart.
    sample: int = 0
    #: Others that are under way at the same time, because what is asked needs a crowd.
    crowd: tuple[Probe, ...] = ()
    #: An earlier one, sent as ``sent_alone`` says, whose damage this one asks for.
    after: Probe | None = None
    #: Asked once, whatever comes: that it takes long, or breaks, is what it is sent for. Whoever
    #: asks sees to it that no weather is taken for the answer.
    is_risky: bool = False


def sent_alone(probe: Probe) -> Probe:
    """The request itself, without what is said of others: so it is sent, kept and recorded."""
    return replace(probe, crowd=(), after=None)


def again(probe: Probe, times: int) -> Probe:
    """The same question once more, in a crowd like that of the first time."""
    crowd = tuple(again(other, times) for other in probe.crowd)
    after = again(probe.after, times) if probe.after else None
    return replace(probe, sample=probe.sample + times, crowd=crowd, after=after)


def pictures_of(probe: Probe) -> list[Picture]:
    """The pictures of a request, in order."""
    parts = (part for each in probe.turns for part in each.parts)
    return [p.picture for p in parts if isinstance(p, ImagePart) and p.picture is not None]


def canonical(value: Json) -> str:
    """JSON text that is the same for equal values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


# ---------------------------------------------------------------- what came back


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One request that reached the picture host."""

    #: Seconds since the exchange began.
    at: float
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    status: int
    bytes_sent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """One piece of the body as it arrived: seconds since sending, and its size in bytes."""

    at: float
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Token counts that are really non-negative integers; None where they are not."""

    prompt: int | None = None
    completion: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the bytes say, whatever the dialect and whether streamed or not."""

    text: str = ""
    finish_reason: str = ""
    refusal: str = ""
    usage: Usage | None = None
    #: True where the reply carries an error object or one like it.
    is_error: bool = False
    error_message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The request as recorded: pictures by digest, keys removed, picture host by name."""

    method: str
    #: Path and query below the base URL, such as ``/chat/completions``.
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One probe and what came back."""

    probe: Probe
    sent: Sent
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    chunks: tuple[Chunk, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    reply: Reply = Reply()
    #: Seconds from sending to the last byte, or until nothing more was waited for.
    elapsed: float = 0.0
    #: What went wrong with each try but the last, such as "500", "reset", "stall", "cut".
    troubles: tuple[str, ...] = ()
    #: The same for the last try; empty where there is a reply that can be judged.
    trouble: str = ""
    #: Why no whole reply came, in words; empty where one did.
    failure: str = ""
    #: True where every try ended in the same trouble while plain questions were answered.
    reproduced: bool = False
    #: Reproduced in another way: nothing was answered any more after the request it asks about.
    was_the_end: bool = False

    @property
    def attempts(self) -> int:
        return len(self.troubles) + 1

    @property
    def is_judgeable(self) -> bool:
        """True where something can be concluded from what came, or from its staying away."""
        if self.reproduced or self.probe.is_risky:
            return True
        return self.status > 0 and not (self.trouble or self.failure)

    def header(self, name: str) -> str:
        """The value of a response header, "" where there is none."""
        wanted = name.lower()
        return next((v for k, v in self.headers if k.lower() == wanted), "")


# ---------------------------------------------------------------- what is tested


class Claim(StrEnum):
    """What a target file may decline to claim."""

    URL = "url"
    DATA_URL = "data_url"
    SEVERAL = "several_pictures"
    DETAIL = "detail"
    STREAMING = "streaming"
    USAGE = "usage"
    READING = "reading"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    GIF = "gif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The endpoint under test, as its target file and the command line describe it."""

    name: str
    base_url: str
    model: str
    key_env: str = "OPENAI_API_KEY"
    #: "bearer", "api-key" or "none".
    auth: str = "bearer"
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    #: Extra members of every body: name and canonical JSON text.
    body: tuple[tuple[str, str], ...] = ()
    #: "max_tokens" or "max_completion_tokens".
    output_limit: str = "max_tokens"
    output_tokens: int = 4096
    unclaimed: frozenset[Claim] = frozenset()
    #: What the target file claims in so many words; all that it does not decline is claimed anyway.
    claimed: frozenset[Claim] = frozenset()
    #: Abilities of the model that are known from elsewhere, such as from the provider itself.
    vouched: frozenset[Ability] = frozenset()
    #: Most pictures of a request, and most bytes of a picture, that the provider documents; None
    #: where it does not.
    most_pictures: int | None = None
    most_bytes: int | None = None
    #: Name of the image token rule; empty where none is known for the model.
    rule: str = ""
    #: A model of the same endpoint that takes no pictures; empty where none is named.
    text_model: str = ""
    #: Currency units per million input tokens; None where unknown.
    price_input: float | None = None
    requests_per_minute: int | None = None
    picture_host_bind: str = "127.0.0.1:0"
    picture_host_url: str = ""
    #: Whether probes that could do harm are sent; only the command line says so.
    security: bool = False
    #: URL at a private or link-local address, where nothing answers.
    inner_address: str = ""

    @property
    def promised_pictures(self) -> int:
        """How many pictures a request may have: where nobody says, several are two at least."""
        return 2 if self.most_pictures is None else self.most_pictures


class Reason(StrEnum):
    """Why a case does not apply."""

    UNCLAIMED = "unclaimed"
    #: A library that the case needs is not installed.
    MISSING = "missing"
    #: A flag or a setting that the case needs was not given.
    NOT_ASKED = "not-asked"
    #: The endpoint has no such door, member or list.
    NOT_OFFERED = "not-offered"
    #: More than the endpoint takes, and refused openly.
    LIMIT = "limit"
    #: No published rule says what would be right for this model.
    NO_RULE = "no-rule"
    #: Accepted, and nothing follows from it that can be seen.
    NO_EFFECT = "no-effect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The happy end of a dialogue: what was required and what was seen.

    ``about`` is the exchange that decided; None means the last.
    """

    expected: str
    actual: str
    about: Exchange | None = None


class Signal(Exception):
    """Ends a dialogue early with a verdict other than PASSED."""

    verdict: Verdict

    def __init__(
        self, actual: str, *, expected: str = "", hint: str = "", about: Exchange | None = None
    ) -> None:
        super().__init__(actual)
        self.actual = actual
        self.expected = expected
        self.hint = hint
        #: The exchange that decided; None means the last.
        self.about = about


class Failed(Signal):
    """The requirement is violated; ``symptom`` says what went wrong."""

    verdict = Verdict.FAILED

    def __init__(
        self,
        actual: str,
        *,
        symptom: Symptom,
        expected: str = "",
        hint: str = "",
        about: Exchange | None = None,
        shown_by: Sequence[Exchange] = (),
        spared: Sequence[Exchange] = (),
        measured: str = "",
    ) -> None:
        super().__init__(actual, expected=expected, hint=hint, about=about)
        self.symptom = symptom
        #: Where several replies were compared: those that show the symptom, and those that do not.
        self.shown_by = tuple(shown_by)
        self.spared = tuple(spared)
        #: A figure that says how much, in a few words of our own: "200 % of the price of gpt-4o".
        self.measured = measured


class NotApplicable(Signal):
    """There is nothing to judge here; ``why`` says of which kind the reason is."""

    verdict = Verdict.NOT_APPLICABLE

    def __init__(self, actual: str, *, why: Reason, expected: str = "") -> None:
        super().__init__(actual, expected=expected)
        self.why = why


class Unobserved(Signal):
    """Nothing that can be judged; ``ability`` where it is that the model cannot do this."""

    verdict = Verdict.UNOBSERVED

    def __init__(
        self,
        actual: str,
        *,
        expected: str = "",
        hint: str = "",
        about: Exchange | None = None,
        ability: Ability | None = None,
    ) -> None:
        super().__init__(actual, expected=expected, hint=hint, about=about)
        self.ability = ability


class Blocked(Signal):
    """A prerequisite failed; ``by`` is the id of the check to look at first."""

    verdict = Verdict.BLOCKED

    def __init__(self, by: str, actual: str) -> None:
        super().__init__(actual, hint=f"look at {by} first")
        self.by = by


Dialogue: TypeAlias = Generator[Probe, Exchange, Observed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One value that a check ranges over."""

    id: str
    value: Any = None
    needs: frozenset[Claim] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One sentence about what an endpoint must do with a picture, and how to find out."""

    id: str
    area: str
    level: Level
    requirement: str
    spec: Source
    dialogue: Callable[..., Dialogue]
    params: tuple[Param, ...] = ()
    needs: frozenset[Claim] = frozenset()
    #: What the question asks of the model besides reading.
    abilities: frozenset[Ability] = frozenset()
    #: Chance that an endpoint which saw nothing passes by guessing; 0 where no guess can.
    guess: float = 0.0
    #: About how many requests a case sends one after the other. The longest begin first.
    steps: int = 1
    #: Its probes could do harm: they are sent on demand only, and after all others.
    opt_in: bool = False
    #: True for what an endpoint may not survive: which of two it was could not be told.
    one_by_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A check at one parameter. Its id is the key everywhere."""

    id: str
    check: Check
    param: Param | None = None

    @property
    def needs(self) -> frozenset[Claim]:
        return self.check.needs | (self.param.needs if self.param else frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict on one case and the evidence for it."""

    case: Case
    verdict: Verdict
    expected: str = ""
    actual: str = ""
    hint: str = ""
    #: What went wrong, where it FAILED.
    symptom: Symptom | None = None
    #: How much, in a few words of our own, where a judgement has measured it.
    measured: str = ""
    #: Why it does not apply, where it does not.
    why: Reason | None = None
    #: What the model cannot do, where that is why it is UNOBSERVED.
    ability: Ability | None = None
    #: Id of a case of the same run that is FAILED or UNOBSERVED, where it is BLOCKED.
    blocked_by: str = ""
    evidence: tuple[Exchange, ...] = ()
    #: The exchange of the evidence that decided; None where nothing was sent.
    about: Exchange | None = None
    #: Where several were compared and it FAILED: those that show it, and those that do not.
    shown_by: tuple[Exchange, ...] = ()
    spared: tuple[Exchange, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError where a case FAILED and nobody says of what."""
        if self.verdict is Verdict.FAILED and self.symptom is None:
            raise ValueError(f"{self.case.id} failed without a symptom")

    @property
    def red(self) -> tuple[Exchange, ...]:
        """The exchanges that show what went wrong."""
        return self.shown_by or ((self.about,) if self.about else ())


Pictures: TypeAlias = Mapping[str, Picture]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """What a dialogue may look at before it asks: the target's claims and the pictures."""

    target: Target
    pictures: Pictures


def cases_of(checks: Sequence[Check]) -> list[Case]:
    """Every check at every parameter, in order."""
    return [
        Case(id=f"{c.id}[{p.id}]" if p else c.id, check=c, param=p)
        for c in checks
        for p in (c.params or (None,))
    ]
