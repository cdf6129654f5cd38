"""The name of the model in a reply."""

from __future__ import annotations

import re

from conformance.asking import questions, sources
from conformance.judging import replies, ways
from conformance.model import Dialogue, Failed, Lab, Level, NotApplicable, Observed, Reason, Symptom
from conformance.registry import check
from conformance.wire import jsontext

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


def is_another(asked: str, found: str) -> bool:
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
    if is_another(lab.target.model, found):
        hint = "a route to another model, or an alias that the target file should name instead"
        raise Failed(replies.quote(found), symptom=Symptom.MISTOLD, expected=expected, hint=hint)
    return Observed(expected=expected, actual=replies.quote(found))
