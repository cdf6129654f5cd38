"""A chat request, checked: what is asked, and in which form the answer is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from refusal import Refusal, missing, wrong_type, wrong_value

MODEL = "ocr-1"
ROLES = ("developer", "system", "user", "assistant", "tool", "function")
DETAILS = ("auto", "low", "high")
#: Lowest and highest value, as the API documents them.
BOUNDS = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}
MOST_CHOICES = 128
MOST_STOPS = 4

Json = Mapping[str, object]


@dataclass(frozen=True)
class Seen:
    """A picture of the request: its address, and the path of the address in the request."""

    address: str
    path: str


@dataclass(frozen=True)
class Question:
    """What the reply depends on. ``texts`` has the words of all messages, in their order."""

    texts: tuple[str, ...]
    pictures: tuple[Seen, ...]
    messages: int
    stream: bool
    include_usage: bool
    choices: int
    most_tokens: int | None
    stops: tuple[str, ...]


def question(body: object) -> Question:
    """The request of the JSON body. Raises Refusal."""
    if not isinstance(body, dict):
        raise Refusal("The body of the request is no JSON object.")
    _check_model(body)
    parts = list(_parts(body))
    stream = _flag(body, "stream")
    _check_numbers(body)
    _check_abilities(body)
    return Question(
        texts=tuple(part for part in parts if isinstance(part, str)),
        pictures=tuple(part for part in parts if isinstance(part, Seen)),
        messages=len(body["messages"]),
        stream=stream,
        include_usage=_include_usage(body, stream),
        choices=_whole(body, "n", 1, MOST_CHOICES) or 1,
        most_tokens=_limit(body),
        stops=_stops(body),
    )


def _check_model(body: Json) -> None:
    if "model" not in body:
        raise missing("model")
    name = body["model"]
    if not isinstance(name, str):
        raise wrong_type("model", "a string", name)
    if name != MODEL:
        message = f"The model '{name}' does not exist."
        raise Refusal(message, "model", "model_not_found", status=404)


# ---------------------------------------------------------------- messages


def _parts(body: Json) -> Iterator[str | Seen]:
    """The texts and pictures of all messages, in their order."""
    if "messages" not in body:
        raise missing("messages")
    messages = body["messages"]
    if not isinstance(messages, list):
        raise wrong_type("messages", "an array of messages", messages)
    if not messages:
        raise Refusal("Invalid 'messages': empty array.", "messages", "empty_array")
    for index, message in enumerate(messages):
        yield from _of_message(message, f"messages[{index}]")


def _of_message(message: object, path: str) -> Iterator[str | Seen]:
    if not isinstance(message, dict):
        raise wrong_type(path, "an object", message)
    role = message.get("role")
    if "role" not in message:
        raise missing(f"{path}.role")
    if role not in ROLES:
        raise wrong_value(f"{path}.role", f"supported are {', '.join(ROLES)}")
    if role == "tool" and not isinstance(message.get("tool_call_id"), str):
        raise missing(f"{path}.tool_call_id")
    content = message.get("content")
    if content is None:
        if role == "assistant" and (message.get("tool_calls") or message.get("function_call")):
            return
        raise missing(f"{path}.content")
    yield from _of_content(content, f"{path}.content", role)


def _of_content(content: object, path: str, role: str) -> Iterator[str | Seen]:
    if isinstance(content, str):
        yield content
        return
    if not isinstance(content, list):
        raise wrong_type(path, "a string or an array of parts", content)
    if not content:
        raise Refusal(f"Invalid '{path}': empty array.", path, "empty_array")
    for index, part in enumerate(content):
        yield _part(part, f"{path}[{index}]", role)


def _part(part: object, path: str, role: str) -> str | Seen:
    if not isinstance(part, dict):
        raise wrong_type(path, "an object", part)
    kind = part.get("type")
    if kind is None:
        raise missing(f"{path}.type")
    if kind == "text" or (kind == "refusal" and role == "assistant"):
        return _text(part, path, kind)
    if kind != "image_url":
        raise wrong_value(f"{path}.type", "supported are 'text' and 'image_url'")
    if role != "user":
        raise wrong_value(path, f"pictures are taken from messages of the user, not of the {role}")
    return _picture(part, f"{path}.image_url")


def _text(part: Json, path: str, name: str) -> str:
    if name not in part:
        raise missing(f"{path}.{name}")
    text = part[name]
    if not isinstance(text, str):
        raise wrong_type(f"{path}.{name}", "a string", text)
    return text


def _picture(part: Json, path: str) -> Seen:
    if "image_url" not in part:
        raise missing(path)
    shown = part["image_url"]
    if not isinstance(shown, dict):
        raise wrong_type(path, "an object", shown)
    if "url" not in shown:
        raise missing(f"{path}.url")
    if not isinstance(shown["url"], str):
        raise wrong_type(f"{path}.url", "a string", shown["url"])
    if shown.get("detail") is not None and shown["detail"] not in DETAILS:
        raise wrong_value(f"{path}.detail", f"supported are {', '.join(DETAILS)}")
    return Seen(shown["url"], f"{path}.url")


# ---------------------------------------------------------------- parameters


def _flag(body: Json, name: str) -> bool:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise wrong_type(name, "a boolean", value)
    return bool(value)


def _include_usage(body: Json, stream: bool) -> bool:
    options = body.get("stream_options")
    if options is None:
        return False
    if not isinstance(options, dict):
        raise wrong_type("stream_options", "an object", options)
    if not stream:
        raise wrong_value("stream_options", "it is only allowed when 'stream' is true")
    return _flag(options, "include_usage")


def _check_numbers(body: Json) -> None:
    for name, (low, high) in BOUNDS.items():
        value = body.get(name)
        if value is None:
            continue
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise wrong_type(name, "a number", value)
        if not low <= value <= high:
            raise wrong_value(name, f"it must be from {low} to {high}")


def _check_abilities(body: Json) -> None:
    """What would have to be done, and cannot be. What may be done is overlooked."""
    choice = body.get("tool_choice")
    if choice == "required" or isinstance(choice, dict):
        message = f"{MODEL} cannot call tools: 'tool_choice' must be 'auto' or 'none'."
        raise Refusal(message, "tool_choice", "unsupported_value")
    if _flag(body, "logprobs"):
        message = f"{MODEL} has no log probabilities."
        raise Refusal(message, "logprobs", "unsupported_parameter")


def _whole(body: Json, name: str, low: int, high: int) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong_type(name, "an integer", value)
    if not low <= value <= high:
        raise wrong_value(name, f"it must be from {low} to {high}")
    return value


def _limit(body: Json) -> int | None:
    """The most tokens of the answer; the newer name first."""
    newer = _whole(body, "max_completion_tokens", 1, 2**31)
    older = _whole(body, "max_tokens", 1, 2**31)
    return newer if newer is not None else older


def _stops(body: Json) -> tuple[str, ...]:
    value = body.get("stop")
    stops = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(stops, list) or not all(isinstance(stop, str) for stop in stops):
        raise wrong_type("stop", "a string or an array of strings", value)
    if len(stops) > MOST_STOPS:
        raise wrong_value("stop", f"at most {MOST_STOPS} strings")
    return tuple(stop for stop in stops if stop)
