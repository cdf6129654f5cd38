"""Which pictures a statement is about, and what it says of them."""

from __future__ import annotations

from conformance.diagnosis.causes import PLAIN
from conformance.diagnosis.context import Run
from conformance.diagnosis.kinds import Kind
from conformance.model import Finding

#: By id of check, where the area alone says too little.
_CHECKS = {
    "url/plain": "pictures sent as URLs",
    "base64/plain": "pictures sent as data URLs",
    "multi-image/earlier-turn-is-seen": "pictures of earlier turns",
    "multi-image/each-turn-keeps-its-picture": "pictures of several turns",
    "multi-image/nothing-is-remembered": "pictures of other requests",
    "multi-image/next-picture-is-seen-afresh": "pictures of other requests",
    "base64/format-is-read": "pictures in some documented formats",
    "url/format-is-read": "pictures in some documented formats",
    "base64/encoding-is-read": "pictures in some encodings",
    "history/every-text-part-is-kept": "some words beside pictures",
    "history/earlier-text-is-kept": "words of earlier turns",
    "history/system-text-is-kept": "words of system messages",
    "acuity/colour-alone-is-read": "coloured pictures",
    "acuity/edges-are-read": "pictures with something at their edges",
    "acuity/second-look-is-possible": "pictures asked about in detail",
    "errors/picture-in-another-role": "pictures in other roles",
}
#: What the area ``security`` is about.
FORBIDDEN = "addresses, files and floods that must be refused"
#: What the area ``leaks`` is about.
TALKATIVE = "replies"
_AREAS = {
    "url": "some pictures sent as URLs",
    "base64": "some pictures sent as data URLs",
    "multi-image": "several pictures in one request",
    "detail": "pictures with a level of detail",
    "usage": "pictures",
    "streaming": "pictures in streamed requests",
    "parameters": "pictures beside other parameters",
    "errors": "wrong requests",
    "shape": "plain questions",
    "history": "pictures in longer conversations",
    "cache": "pictures asked about one after another",
    "limits": "pictures at the limits of size and number",
    "placeholders": "pictures beside placeholder words",
    "tools": "pictures beside tools and formats",
    "acuity": "pictures with small print",
    "models": "pictures sent to other models",
    "dialects": "pictures in other dialects",
    "leaks": TALKATIVE,
    "sdk": "requests by the official library",
    "security": FORBIDDEN,
}
_SENTENCES = {
    Kind.SILENT_STRIP: "{} never reach the model, and it answers all the same",
    Kind.ERROR_AS_ANSWER: "errors about {} come back with status 200, as if they were answers",
    Kind.REORDER: "{} are mixed up: the answer belongs to another one",
    Kind.SILENT_DEGRADATION: "{} reach the model with less in them than was sent",
    Kind.WRONG_BILLING: "the prompt tokens do not fit {}",
    Kind.PROTOCOL: "{} get a reply that does not have the documented form",
    Kind.HONEST_REFUSAL: "{} are refused openly, with an error object",
}
#: What is said of some subjects whatever the class.
_OWN = {
    FORBIDDEN: "{} are let in, or told too much about",
    TALKATIVE: "{} tell what should stay inside",
}
_BREAKS = "{} make the endpoint fail: a status of 500 or more, or no reply"


def subject_of(run: Run, finding: Finding) -> str:
    """The pictures that a red finding is about, as a plural noun."""
    check = finding.case.check
    if check.id in PLAIN and all(map(run.is_red, PLAIN)):
        return "pictures"
    named = _CHECKS.get(check.id) or _AREAS.get(check.area)
    return named or f"pictures in the area {check.area}"


def sentence(kind: Kind, subject: str, *, breaks: bool = False) -> str:
    """What happens to them, as one sentence; ``breaks`` where no reply was below status 500."""
    form = _OWN.get(subject) or _SENTENCES[kind]
    pattern = _BREAKS if breaks and kind is Kind.PROTOCOL else form
    words = pattern.format(subject)
    return f"{words[0].upper()}{words[1:]}."
