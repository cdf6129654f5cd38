"""Which model answers: one that takes no pictures, the names in replies, and the list of models."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import answers, reading, refusals, replies, ways
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
    Steps,
    Symptom,
    Unobserved,
)
from conformance.registry import check
from conformance.wire import jsontext

READ = (Claim.READING,)
#: Numbers the controls after a picture for the text model, so that they are asked by nobody else.
CONTROL = 401


# ---------------------------------------------------------------- a model without eyes


def _text_model(lab: Lab) -> Steps[str]:
    """The model that takes no pictures, once it has answered a plain question."""
    name = lab.target.text_model
    if not name:
        raise NotApplicable("the target file names no text_model", why=Reason.NOT_ASKED)
    said = replies.judgeable((yield questions.ask(prompts.READY, model=name)))
    if said.status != 200 or said.reply.is_error:
        raise Unobserved(f"the text model does not answer a plain question: {replies.told(said)}")
    return name


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=READ, guess=codes.GUESS)
def picture_to_a_text_model_is_refused(lab: Lab) -> Dialogue:
    """A picture for a model that takes none is refused with a 4xx and an error object."""
    name = yield from _text_model(lab)
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-05"]
    # A relay that has the picture described by another model is as good.
    probe = questions.ask_code(picture, via, model=name)
    what = "a picture for a text model"
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, what))


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=(*READ, Claim.STREAMING), guess=codes.GUESS)
def streamed_picture_to_a_text_model_is_refused(lab: Lab) -> Dialogue:
    """A picture for a model that takes none is refused also where a stream is asked for."""
    name = yield from _text_model(lab)
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-05"]
    code = picture.facts.code
    probe = questions.ask_code(picture, via, stream=True, model=name)
    exchange = yield probe
    if exchange.status == 200 and exchange.reply.is_error and not exchange.reply.text.strip():
        # Late, which is held against it elsewhere, but no answer is made up.
        actual = f"refused inside the stream: {replies.quote(exchange.reply.error_message)}"
        return Observed(expected="an error, or the code", actual=actual)
    what = "a streamed picture for a text model"
    return (yield from refusals.reads_or_refuses(probe, code, what))


@check(Level.MUST, spec=sources.ERROR_CODES, needs=READ, guess=codes.GUESS)
def picture_to_a_text_model_breaks_nothing(lab: Lab) -> Dialogue:
    """After a picture for a model that takes none, both models answer as before."""
    name = yield from _text_model(lab)
    via = yield from ways.transport(lab)
    risky = yield questions.ask_code(lab.pictures["sheet-05"], via, model=name)
    code = lab.pictures["sheet-01"].facts.code
    expected = f"an answer of {name}, and the code {code}, as before"
    try:
        words = questions.ask(f"{prompts.READY} This is question {CONTROL}.", model=name)
        yield from reading.until(words, lambda text: True, expected)
        seen = questions.ask(
            questions.image(lab.pictures["sheet-01"], via), f"{prompts.CODE} Question {CONTROL}."
        )
        exchange = yield from reading.until(seen, lambda text: answers.reads(text, code), expected)
    except Failed as failed:
        failed.hint = f"before it, {replies.told(risky)}"
        raise
    return Observed(expected=expected, actual=replies.told(exchange))


# ---------------------------------------------------------------- names

#: Who makes a model, by the words its name begins with or holds. What is not here is nobody's.
_MAKERS = {
    "openai": r"gpt|chatgpt|o[134]",
    "anthropic": r"claude",
    "google": r"gemini|gemma|paligemma",
    "alibaba": r"qwen|qvq|qwq",
    "meta": r"llama",
    "mistral": r"mistral|ministral|magistral|pixtral|mixtral",
    "zhipu": r"c?o?glm|cogvlm",
    "shanghai": r"intern(?:vl|lm)",
    "xai": r"grok",
    "bytedance": r"doubao|seed",
    "deepseek": r"deepseek",
    "moonshot": r"kimi|moonshot",
    "openbmb": r"minicpm",
    "microsoft": r"phi",
    "llava": r"llava|bakllava",
}
#: Words that tell a smaller model of a family from the one without them.
_SMALL = frozenset({"mini", "nano", "tiny", "lite", "small", "haiku"})


def _words(name: str) -> set[str]:
    """The words of a name, without who provides it: ``openai/gpt-4o:free`` gives gpt, 4o, free."""
    return set(re.findall(r"[a-z]+(?=\d)|[a-z0-9.]+", name.lower().rsplit("/", 1)[-1]))


def _makers(name: str) -> set[str]:
    own = name.lower().rsplit("/", 1)[-1]
    return {
        maker
        for maker, pattern in _MAKERS.items()
        if re.search(rf"(?<![a-z0-9])(?:{pattern})(?![a-z])", own)
    }


def _is_another(asked: str, found: str) -> bool:
    """True where a name is surely that of another model.

    Dated names, aliases, providers before the name and names of one's own are never another.
    """
    first, second = _makers(asked), _makers(found)
    if not (first and second):
        return False
    if not first & second:
        return True
    return bool(_words(found) & _SMALL) and not _words(asked) & _SMALL


@check(Level.MAY, spec=sources.RESPONSE)
def reply_names_no_other_model(lab: Lab) -> Dialogue:
    """A reply to a picture names no model of another maker, nor a smaller one, than was asked."""
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-01"], via)
    replies.answered(exchange, "a good reply")
    found = jsontext.text_at(replies.member(exchange, "model"))
    expected = f"{lab.target.model}, or a name of it"
    if not found:
        raise NotApplicable("the reply names no model", why=Reason.NOT_OFFERED, expected=expected)
    if _is_another(lab.target.model, found):
        hint = "a route to another model, or an alias that the target file should name instead"
        raise Failed(replies.quote(found), symptom=Symptom.MISTOLD, expected=expected, hint=hint)
    return Observed(expected=expected, actual=replies.quote(found))


# ---------------------------------------------------------------- the list


def _listed(exchange: Exchange) -> list[Json]:
    """The entries of the list of models. Raises NotApplicable where there is none, or a page."""
    replies.judgeable(exchange)
    entries = jsontext.items_at(replies.member(exchange, "data"))
    if exchange.status != 200 or not entries or replies.member(exchange, "has_more") is True:
        raise NotApplicable(f"no whole list of models: {exchange.status}", why=Reason.NOT_OFFERED)
    return entries


def _is_of(entry: Json, model: str) -> bool:
    """True where an entry may be that of the model: dates, providers and case do not matter."""
    listed, asked = (n.lower().rsplit("/", 1)[-1] for n in (jsontext.text_at(entry, "id"), model))
    if "*" in listed:
        return True
    return bool(listed and asked) and (listed.startswith(asked) or asked.startswith(listed))


@check(Level.MAY, spec=sources.MODELS)
def list_names_the_model(lab: Lab) -> Dialogue:
    """Where models are listed, the one that was asked for is among them."""
    if lab.target.auth == "api-key":
        raise NotApplicable(
            "a deployment has a name of its own, which is in no list", why=Reason.NOT_OFFERED
        )
    entries = _listed((yield Probe(service=Service.MODELS)))
    expected = f"{lab.target.model} in the list of models"
    if not any(_is_of(entry, lab.target.model) for entry in entries):
        named = ", ".join(jsontext.text_at(entry, "id") for entry in entries[:20])
        raise Failed(
            f"{len(entries)} others: {replies.quote(named)}",
            symptom=Symptom.MISTOLD,
            expected=expected,
        )
    return Observed(expected=expected, actual=f"there, among {len(entries)}")


@check(Level.MAY, spec=sources.MODEL)
def retrieved_model_is_the_one(lab: Lab) -> Dialogue:
    """Where a model can be looked up by its name, what is told is of that model."""
    exchange = replies.judgeable((yield Probe(service=Service.MODEL)))
    found = jsontext.text_at(replies.member(exchange, "id"))
    expected = f"the model {lab.target.model}"
    if exchange.status != 200 or not found:
        raise NotApplicable(
            f"models cannot be looked up: {exchange.status}",
            why=Reason.NOT_OFFERED,
            expected=expected,
        )
    if not _is_of({"id": found}, lab.target.model) and _is_another(lab.target.model, found):
        raise Failed(replies.quote(found), symptom=Symptom.MISTOLD, expected=expected)
    return Observed(expected=expected, actual=replies.quote(found))


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
    name = yield from _text_model(lab)
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
