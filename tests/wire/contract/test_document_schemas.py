"""Which documents the schemas take, which they refuse, and where the refusal points."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance import data
from conformance.model import Ability, Claim, Level, Reason, Symptom, Verdict
from conformance.wire import contract

NAMES = sorted(file.stem for file in data.folder("schemas").glob("*.json"))
LEFT_OUT = object()


#: The facts of the example response of seed 003.
SEED_003 = {
    "id": "chatcmpl-A7ETdn5hnbTjpw9dtRifjMFZYcdFW",
    "object": "chat.completion",
    "created": 1726287309,
    "model": "gpt-4o-2024-05-13",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "An old man.", "refusal": None},
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {
        "prompt_tokens": 265,
        "completion_tokens": 46,
        "total_tokens": 311,
        "completion_tokens_details": {"reasoning_tokens": 0},
    },
    "system_fingerprint": "fp_992d1ea92d",
}
#: The facts of the example response of seed 001: no model, no refusal, no logprobs.
SEED_001 = {
    "id": "chatcmpl-123",
    "object": "chat.completion",
    "created": 1677652288,
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "A logo."},
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 30, "completion_tokens": 20, "total_tokens": 50},
}
CHUNK = {
    "id": "c",
    "object": "chat.completion.chunk",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": None}],
    "obfuscation": "xyz",
    "usage": None,
}
ERROR = {"error": {"message": "No.", "type": "invalid_request_error", "param": None, "code": None}}
MODELS = {
    "object": "list",
    "data": [{"id": "m", "object": "model", "created": 1, "owned_by": "us"}],
}
EXCHANGE = {
    "request": {"method": "POST", "path": "/chat/completions", "headers": [["a", "b"]], "body": ""},
    "curl": "curl ...",
    "pictures": ["code"],
    "response": {"status": 200, "headers": [], "body": "", "truncated": False},
    "reply": "",
    "chunks": [[0.5, 12]],
    "fetches": [
        {
            "at": 0.1,
            "method": "GET",
            "path": "/x/picture.png",
            "headers": [["accept", "*/*"]],
            "status": 200,
            "bytes_sent": 9,
        }
    ],
    "elapsed": 1.5,
    "attempts": 2,
    "troubles": ["500"],
    "trouble": "",
    "reproduced": False,
    "failure": "",
}
FINDING = {
    "case": "url/redirect[302]",
    "check": "url/redirect",
    "area": "url",
    "level": "MUST",
    "verdict": "failed",
    "requirement": "A redirect is followed.",
    "expected": "a code",
    "actual": "an error",
    "hint": "",
    "symptom": "not-read",
    "why": "",
    "ability": "",
    "spec": {"title": "Guide", "url": "https://example.com"},
    "blocked_by": "",
    "guess_probability": 0.0,
    "about": 0,
    "evidence": [EXCHANGE],
}
STATEMENT = {
    "symptom": "not-read",
    "level": "MUST",
    "words": "Pictures are not read: 9 of 9 requests with detail low; 0 of 210 without.",
    "traits": ["detail low"],
    "dimensions": ["detail"],
    "red": 9,
    "judged": 9,
    "red_without": 0,
    "judged_without": 210,
    "cases": ["url/redirect[302]"],
    "checks": ["url/redirect"],
}
REPORT = {
    "header": {
        "format": 2,
        "suite_version": "0.1.0",
        "started": "2026-11-21T04:00:00Z",
        "finished": "2026-11-21T04:01:00Z",
        "target": {"name": "n", "base_url": "https://example.com/v1", "model": "m"},
        "seed": "7",
        "mode": "live",
        "python": "3.11.2",
        "platform": "linux",
        "selection": {"selected": 1, "all": 575, "partial": True},
        "options": {"area": ["url"], "concurrency": 16, "seed": None},
    },
    "findings": [FINDING],
    "footer": {
        "cases": 1,
        "verdicts": {"failed": 1},
        "exit_status": 1,
        "interrupted": False,
        "banners": [{"kind": "busy", "words": "12 of 620 first tries answered 500."}],
        "diagnosis": [STATEMENT],
        "abilities": [{"ability": "count", "able": None, "words": "Nothing asked for it."}],
    },
}
MANIFEST = {
    "seed": 7,
    "pictures": [
        {
            "id": "code",
            "file": "code.png",
            "media_type": "image/png",
            "width": 8,
            "height": 8,
            "mode": "RGB",
            "sha256": "a" * 64,
            "facts": {
                "code": "K7QX",
                "corners": ["A1"],
                "colours": ["red"],
                "tally": [3],
                "prints": [{"code": "B2", "height": 9}],
            },
            "purpose": "One code.",
        }
    ],
}
TARGET = {
    "name": "n",
    "base_url": "https://example.com/v1",
    "auth": "none",
    "headers": {"x-a": "b"},
    "limits": {"requests_per_minute": 60},
    "claims": {"gif": False},
}
GOOD: dict[str, Any] = {
    "chat_request": {
        "model": "gpt-4o",
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
                ],
            }
        ],
    },
    "chat_response": SEED_003,
    "chat_response_full": SEED_003,
    "chat_chunk": CHUNK,
    "chat_chunk_full": CHUNK,
    "code_answer": {"printed_code": "KX74MP", "kind_of_print": "code", "is_legible": True},
    "error": ERROR,
    "model_list": MODELS,
    "exchange": EXCHANGE,
    "report": REPORT,
    "manifest": MANIFEST,
    "target": TARGET,
}


def changed(base: Any, path: tuple[str | int, ...], value: object) -> Any:
    """A copy of ``base`` with another value at ``path``, or with nothing there."""
    copied = copy.deepcopy(base)
    *way, last = path
    place = copied
    for step in way:
        place = place[step]
    if value is LEFT_OUT:
        del place[last]
    else:
        place[last] = value
    return copied


@pytest.mark.parametrize("name", NAMES)
def test_is_a_schema_that_says_where_it_comes_from(name: str) -> None:
    schema = contract.schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(f"/{name}.json")
    assert schema["title"]
    assert schema["$comment"].startswith(("Source: ", "Ours: "))
    assert "2026-" in schema["$comment"]


def test_every_schema_has_an_instance_here() -> None:
    assert sorted(GOOD) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_accepts_its_example(name: str) -> None:
    assert contract.problems(name, GOOD[name]) == []


@pytest.mark.parametrize("name", [n for n in NAMES if n != "target"])
def test_allows_unknown_members_everywhere(name: str) -> None:
    def widened(value: Any) -> Any:
        if isinstance(value, dict):
            return {"x_unknown": {"a": [1]}} | {k: widened(v) for k, v in value.items()}
        return [widened(v) for v in value] if isinstance(value, list) else value

    instance = widened(GOOD[name])
    if name == "report":
        del instance["footer"]["verdicts"]["x_unknown"]
    assert contract.problems(name, instance) == []


CHOICE = ("choices", 0)
USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
REPLIES_TAKEN: dict[str, tuple[str, Any]] = {
    "no refusal, no logprobs": ("chat_response", SEED_001 | {"model": "gpt-4o"}),
    "no usage": ("chat_response", changed(SEED_003, ("usage",), LEFT_OUT)),
    "null content": ("chat_response", changed(SEED_003, (*CHOICE, "message", "content"), None)),
    "null tool_calls": (
        "chat_response",
        changed(SEED_003, (*CHOICE, "message", "tool_calls"), None),
    ),
    "image tokens": (
        "chat_response",
        changed(SEED_003, ("usage", "prompt_tokens_details"), {"image_tokens": 255}),
    ),
    "usage chunk": ("chat_chunk", CHUNK | {"choices": [], "usage": USAGE}),
    "empty delta": (
        "chat_chunk",
        changed(changed(CHUNK, (*CHOICE, "delta"), {}), (*CHOICE, "finish_reason"), "length"),
    ),
    "error with param": ("error", changed(ERROR, ("error", "param"), "messages[0]")),
    "no models": ("model_list", MODELS | {"data": []}),
    "fetch before sending ended": ("exchange", changed(EXCHANGE, ("fetches", 0, "at"), -0.01)),
    "no reply": ("exchange", changed(EXCHANGE, ("response", "status"), 0)),
    "empty report": ("report", REPORT | {"findings": []}),
    "nothing went wrong": (
        "report",
        changed(changed(REPORT, ("footer", "diagnosis"), []), ("findings", 0, "symptom"), ""),
    ),
    "no exchange decided": ("report", changed(REPORT, ("findings", 0, "about"), None)),
    "does not apply": ("report", changed(REPORT, ("findings", 0, "why"), "no-rule")),
    "beyond the model": ("report", changed(REPORT, ("findings", 0, "ability"), "count")),
    "not a picture": (
        "manifest",
        changed(changed(MANIFEST, ("pictures", 0, "mode"), ""), ("pictures", 0, "facts"), {}),
    ),
    "seed in words": ("manifest", MANIFEST | {"seed": "committed"}),
    "empty target": ("target", {}),
}


@pytest.mark.parametrize(("name", "instance"), REPLIES_TAKEN.values(), ids=REPLIES_TAKEN.keys())
def test_takes(name: str, instance: Any) -> None:
    assert contract.problems(name, instance) == []


#: Schema, path into its example, the value put there, and the path and keyword of the problem.
DocumentRow = tuple[str, tuple[str | int, ...], object, str, str]
REFUSED: list[DocumentRow] = [
    *(("chat_response", (key,), LEFT_OUT, key, "required") for key in list(SEED_003)[:5]),
    ("chat_response", ("object",), "chat.completion.chunk", "object", "const"),
    ("chat_response", ("created",), "1726287309", "created", "type"),
    ("chat_response", ("created",), 1726287309.5, "created", "type"),
    ("chat_response", ("created",), True, "created", "type"),
    ("chat_response", ("choices",), [], "choices", "minItems"),
    ("chat_response", ("choices",), {}, "choices", "type"),
    ("chat_response", (*CHOICE, "index"), LEFT_OUT, "choices[0].index", "required"),
    ("chat_response", (*CHOICE, "message"), LEFT_OUT, "choices[0].message", "required"),
    ("chat_response", (*CHOICE, "finish_reason"), None, "choices[0].finish_reason", "type"),
    ("chat_response", (*CHOICE, "finish_reason"), "done", "choices[0].finish_reason", "enum"),
    ("chat_response", (*CHOICE, "message", "role"), "user", "choices[0].message.role", "const"),
    (
        "chat_response",
        (*CHOICE, "message", "content"),
        [{"type": "text", "text": "a"}],
        "choices[0].message.content",
        "type",
    ),
    ("chat_response", ("usage", "total_tokens"), LEFT_OUT, "usage.total_tokens", "required"),
    ("chat_response", ("usage", "prompt_tokens"), -1, "usage.prompt_tokens", "minimum"),
    ("chat_response", ("usage", "prompt_tokens"), "265", "usage.prompt_tokens", "type"),
    ("chat_response_full", (*CHOICE, "logprobs"), LEFT_OUT, "choices[0].logprobs", "required"),
    (
        "chat_response_full",
        (*CHOICE, "message", "refusal"),
        LEFT_OUT,
        "choices[0].message.refusal",
        "required",
    ),
    ("chat_response_full", ("usage",), None, "usage", "type"),
    ("chat_response_full", ("model",), LEFT_OUT, "model", "required"),
    *(("chat_chunk", (key,), LEFT_OUT, key, "required") for key in list(CHUNK)[:5]),
    ("chat_chunk", ("object",), "chat.completion", "object", "const"),
    ("chat_chunk", (*CHOICE, "delta"), LEFT_OUT, "choices[0].delta", "required"),
    (
        "chat_chunk_full",
        (*CHOICE, "finish_reason"),
        LEFT_OUT,
        "choices[0].finish_reason",
        "required",
    ),
    ("chat_chunk", (*CHOICE, "finish_reason"), "", "choices[0].finish_reason", "enum"),
    ("chat_chunk", (*CHOICE, "delta", "role"), "bot", "choices[0].delta.role", "enum"),
    ("chat_chunk", ("usage",), {}, "usage.prompt_tokens", "required"),
    *(("error", ("error", k), LEFT_OUT, f"error.{k}", "required") for k in ERROR["error"]),
    ("error", ("error",), "No.", "error", "type"),
    ("error", ("error",), LEFT_OUT, "error", "required"),
    ("error", ("error", "message"), "", "error.message", "minLength"),
    ("error", ("error", "code"), 500, "error.code", "type"),
    ("error", ("error", "type"), None, "error.type", "type"),
    ("model_list", ("object",), "models", "object", "const"),
    ("model_list", ("data", 0, "id"), LEFT_OUT, "data[0].id", "required"),
    ("model_list", ("data", 0, "created"), "1", "data[0].created", "type"),
    ("exchange", ("chunks", 0), [0.5], "chunks[0]", "minItems"),
    ("exchange", ("chunks", 0), [0.5, 1.5], "chunks[0][1]", "type"),
    ("exchange", ("request", "headers", 0), ["a"], "request.headers[0]", "minItems"),
    ("exchange", ("response", "truncated"), LEFT_OUT, "response.truncated", "required"),
    ("exchange", ("elapsed",), -1, "elapsed", "minimum"),
    ("report", ("header", "format"), 1, "header.format", "const"),
    ("report", ("header", "options"), LEFT_OUT, "header.options", "required"),
    ("report", ("header", "selection", "all"), "575", "header.selection.all", "type"),
    ("report", ("findings", 0, "symptom"), "sad", "findings[0].symptom", "anyOf"),
    ("report", ("findings", 0, "why"), LEFT_OUT, "findings[0].why", "required"),
    ("report", ("findings", 0, "ability"), "fly", "findings[0].ability", "anyOf"),
    ("report", ("footer", "banners"), LEFT_OUT, "footer.banners", "required"),
    ("report", ("footer", "diagnosis", 0, "cases"), [], "footer.diagnosis[0].cases", "minItems"),
    (
        "report",
        ("footer", "diagnosis", 0, "symptom"),
        "",
        "footer.diagnosis[0].symptom",
        "enum",
    ),
    ("report", ("footer", "abilities", 0, "able"), "yes", "footer.abilities[0].able", "type"),
    ("exchange", ("attempts",), 0, "attempts", "minimum"),
    ("exchange", ("trouble",), LEFT_OUT, "trouble", "required"),
    ("report", ("header", "mode"), "dry", "header.mode", "enum"),
    ("report", ("findings", 0, "verdict"), "green", "findings[0].verdict", "enum"),
    ("report", ("findings", 0, "level"), "must", "findings[0].level", "enum"),
    ("report", ("findings", 0, "guess_probability"), 2, "findings[0].guess_probability", "maximum"),
    ("report", ("findings", 0, "evidence", 0, "curl"), 1, "findings[0].evidence[0].curl", "type"),
    ("report", ("footer", "verdicts"), {"green": 1}, "footer.verdicts", "enum"),
    ("report", ("footer", "interrupted"), 0, "footer.interrupted", "type"),
    ("manifest", ("seed",), LEFT_OUT, "seed", "required"),
    ("manifest", ("seed",), None, "seed", "type"),
    ("manifest", ("pictures", 0, "sha256"), "a" * 63, "pictures[0].sha256", "pattern"),
    ("manifest", ("pictures", 0, "file"), "../a.png", "pictures[0].file", "pattern"),
    ("manifest", ("pictures", 0, "file"), "/a.png", "pictures[0].file", "pattern"),
    ("manifest", ("pictures", 0, "purpose"), "", "pictures[0].purpose", "minLength"),
    ("target", ("colour",), "red", "", "additionalProperties"),
    ("target", ("claims", "bmp"), True, "claims", "additionalProperties"),
    ("target", ("claims", "gif"), "no", "claims.gif", "type"),
    ("target", ("auth",), "basic", "auth", "enum"),
]


@pytest.mark.parametrize(
    ("name", "place", "value", "path", "keyword"),
    REFUSED,
    ids=[f"{row[0]}-{row[3]}-{row[4]}" for row in REFUSED],
)
def test_refuses(
    name: str, place: tuple[str | int, ...], value: object, path: str, keyword: str
) -> None:
    problem = contract.first_problem(name, changed(GOOD[name], place, value))
    assert problem is not None
    assert (problem.path, problem.keyword) == (path, keyword)


def test_seed_001_lacks_its_model() -> None:
    assert contract.problems("chat_response", SEED_001) == ["model: required, but missing"]


def test_the_committed_manifest_conforms() -> None:
    file = data.folder("fixtures") / "manifest.json"
    assert contract.problems("manifest", json.loads(file.read_text(encoding="utf-8"))) == []


def test_verdicts_levels_and_claims_are_those_of_the_model() -> None:
    finding = contract.schema("report")["$defs"]
    assert list(finding["verdict"]["enum"]) == [v.value for v in Verdict]
    assert list(finding["level"]["enum"]) == [v.value for v in Level]
    for name, values in (("symptom", Symptom), ("ability", Ability), ("reason", Reason)):
        assert list(finding[name]["enum"]) == [v.value for v in values]
    claims = contract.schema("target")["properties"]["claims"]["properties"]
    assert list(claims) == [claim.value for claim in Claim]
