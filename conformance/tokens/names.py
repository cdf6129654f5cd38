"""Names of models as relays write them: which part of one is the name that its maker gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Where a name may begin inside of what a relay made of it: ``openai:gpt-4o``, ``[fast]gpt-4o``.
_BEFORE = re.compile(r"[:|@\s\[\](){}<>,;=（）【】「」《》]+|(?<=[a-z])\.")
#: Where it ends: ``gpt-4o:free``, ``gpt-4o@2024``, ``gpt-4o (relay)``, or any other script.
_AFTER = re.compile(r"[^a-z0-9.-]")
#: Who serves a model, where, and for what: written before its name or behind it, with a hyphen.
_SERVED = (
    r"openai|azure|anthropic|google|vertex|vertexai|aws|bedrock|openrouter|github|copilot|litellm"
    r"|official|relay|proxy|direct|free|paid|prod|production|staging|dev|test|shared|global"
    r"|eu|us|uk|apac|asia|east|west|north|south|central|(?:east|west)(?:us|europe)\d?"
    r"|(?:sweden|france|germany|japan|canada)(?:central|east|west)"
)
_VENDORS = re.compile(rf"(?:(?:{_SERVED})-)+(?=[a-z])")
_PLACES = re.compile(rf"(?:[-.](?:{_SERVED}|v\d{{1,2}}))+$")
#: Words that makers use themselves, behind the name of a family.
_OWN = re.compile(
    r"[a-z]?\d[\d.]*[bk]?|latest|preview|chat|pro|flash|lite|exp|thinking|vision|instruct|it|hf"
    r"|sonnet|opus|haiku|mini|nano|small|medium|large|max|plus|turbo|fast|codex|sol|reasoning|beta"
    r"|vl|seed|scout|maverick|mistral|vicuna"
)
#: What bears one of these is not what the rest of its name says.
_NOT_IT = frozenset(
    {
        "fake", "mock", "dummy", "pseudo", "like", "alike", "lookalike", "style", "clone",
        "compatible", "compat", "distill", "distilled", "distil", "imitation", "replica",
        "alternative", "substitute", "killer", "vs", "versus", "than", "beats",
        "平替", "仿", "替代", "类",
    }
)  # fmt: skip
#: The same before a name.
_NEGATED = frozenset({"not", "no", "non", "anti"})
#: Apart from a name these are of it all the same, and make it another model's.
_OTHER = frozenset(
    {"mini", "nano", "lite", "tiny", "small", "audio", "realtime", "tts", "transcribe", "image"}
)
#: Families of one maker each. The name of another behind one of these is no name of his.
_CLOSED = re.compile(r"gpt-|o\d|claude-|gemini-|grok-")
_FAMILIES = re.compile(
    r"gpt|claude|gemini|gemma|grok|llama|llava|qwen|mistral|mixtral|deepseek|glm|kimi|phi\d?|doubao"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What may be the name; ``exactly`` where nothing was taken off but a namespace."""

    name: str
    exactly: bool = False


def readings(model: str) -> Iterator[Reading]:
    """What may be the maker's name in the name of a model, the likeliest first; in lower case.

    ``azure/gpt-4o@2024`` gives "gpt-4o". What says itself that it is something else gives nothing.
    """
    last = model.rsplit("/", 1)[-1].strip().lower()
    whole = last.replace("_", "-")
    if _NOT_IT & _words(whole) or _names_two(whole):
        return
    seen: set[str] = set()
    for start in _starts(whole):
        before, core = _words(whole[:start]), _AFTER.split(whole[start:], maxsplit=1)[0]
        beside = before | _words(whole[start + len(core) :])
        if before & _NEGATED or beside & _OTHER:
            continue
        name = core.rstrip("-.")
        for spelled in (name, _PLACES.sub("", name), _respelled(name)):
            if spelled and spelled not in seen:
                seen.add(spelled)
                yield Reading(name=spelled, exactly=spelled == last)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+|[^\x00-\x7f]+", text))


def is_own(rest: str) -> bool:
    """True where everything behind the name of a family is such as its maker writes there."""
    return all(_OWN.fullmatch(word) for word in re.split("[-.]", rest) if word)


def _starts(whole: str) -> Iterator[int]:
    places = (0, *(found.end() for found in _BEFORE.finditer(whole)))
    for start in places:
        yield start
        if vendors := _VENDORS.match(whole, start):
            yield vendors.end()


def _names_two(whole: str) -> bool:
    """True for a name of two families, the first of them closed."""
    found = _CLOSED.search(whole)
    return found is not None and _FAMILIES.search(whole, found.end()) is not None


def _respelled(core: str) -> str:
    """``gpt4o`` for gpt-4o, and Fireworks' ``2p5`` for 2.5."""
    spelled = re.sub(r"(?<=\d)p(?=\d)", ".", core)
    return re.sub(r"^gpt(?=\d)", "gpt-", spelled)
