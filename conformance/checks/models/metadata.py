"""What is told of a model and pictures, where models are listed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.asking import questions, sources
from conformance.checks.models.text_models import text_model
from conformance.judging import replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Json,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Probe,
    Reason,
    Service,
    Symptom,
)
from conformance.registry import check
from conformance.wire import jsontext

READ = (Claim.READING,)
#: Members that say whether a model takes pictures, and what says it.
_FLAGS = (
    ("capabilities", "vision"),
    ("capabilities", "supports", "vision"),
    ("capabilities", "image_input"),
    ("supports_image_in",),
    ("supports_vision",),
    ("supports_images",),
    ("vision",),
)
_LISTS = (
    ("architecture", "input_modalities"),
    ("input_modalities",),
    ("modalities", "input"),
    ("supported_modalities", "input"),
)
_PICTURES = re.compile(r"image|vision|visual|picture|multi-?modal|vlm", re.IGNORECASE)


def _said_of(entry: Json) -> Iterator[tuple[bool, str]]:
    """What is said of a model and pictures: whether it takes them, and in which words."""
    for path in _FLAGS:
        flag = jsontext.at(entry, *path)
        if isinstance(flag, bool):
            yield flag, f"{'.'.join(path)} is {str(flag).lower()}"
    for path in _LISTS:
        kinds = jsontext.items_at(entry, *path)
        if kinds:
            takes = any(_PICTURES.search(kind) for kind in kinds if isinstance(kind, str))
            yield takes, f"{'.'.join(path)} is {replies.shown(kinds)}"
    modality = jsontext.text_at(entry, "architecture", "modality")
    given, arrow, _ = modality.partition("->")
    if arrow:
        yield bool(_PICTURES.search(given)), f"architecture.modality is {replies.quote(modality)}"


def _told_of(model: str, *lists: Exchange) -> list[tuple[bool, str]]:
    """What lists with entries of models say of one; NotApplicable where it is in none."""
    found = [entry for reply in lists for entry in jsontext.items_at(replies.member(reply, "data"))]
    found += [replies.member(reply) for reply in lists if reply.status == 200]
    entries = [entry for entry in found if jsontext.at(entry, "id") == model]
    if not entries:
        raise NotApplicable(f"nothing is told of {model}", why=Reason.NOT_OFFERED)
    return list(dict.fromkeys(said for entry in entries for said in _said_of(entry)))


@check(Level.MAY, spec=sources.MODELS, needs=READ)
def metadata_does_not_deny_pictures(lab: Lab) -> Dialogue:
    """What is told of a model that reads pictures does not say that it takes none."""
    yield from ways.transport(lab)
    listed = yield Probe(service=Service.MODELS)
    retrieved = yield Probe(service=Service.MODEL)
    told_of = _told_of(lab.target.model, listed, retrieved)
    hint = "clients that go by it leave pictures out before they send anything"
    return _agrees(told_of, takes=True, hint=hint)


@check(Level.MAY, spec=sources.MODELS, needs=READ)
def metadata_does_not_promise_pictures(lab: Lab) -> Dialogue:
    """What is told of a model that refuses pictures does not say that it takes them."""
    name = yield from text_model(lab)
    via = yield from ways.transport(lab)
    refused = yield questions.ask_code(lab.pictures["sheet-05"], via, model=name)
    if not 400 <= replies.judgeable(refused, Symptom.REFUSAL_BREAKS).status < 500:
        raise NotApplicable(
            f"{name} does not refuse a picture: {replies.told(refused)}", why=Reason.NOT_OFFERED
        )
    told_of = _told_of(name, (yield Probe(service=Service.MODELS)))
    return _agrees(told_of, takes=False, hint="clients that go by it send what is refused")


def _agrees(said: list[tuple[bool, str]], *, takes: bool, hint: str) -> Observed:
    """Nothing that is said may be the contrary of what was seen."""
    expected = f"nothing that says the model takes {'no ' if takes else ''}pictures"
    wrong = [words for claimed, words in said if claimed is not takes]
    if wrong:
        raise Failed("; ".join(wrong)[:1000], symptom=Symptom.MISTOLD, expected=expected, hint=hint)
    right = "; ".join(words for _, words in said)[:1000]
    return Observed(expected=expected, actual=right or "nothing is said of pictures")
