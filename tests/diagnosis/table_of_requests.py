"""What requests have and have not, by all but the pictures in them. Data of ``test_traits``."""

from __future__ import annotations

from dataclasses import replace

from made_up import looking, talking
from table_of_pictures import ONE, QUESTION, TWO, Row

from conformance.asking.questions import READY, ask, image, talk, turn
from conformance.model import Credential, ImagePart, Inline, Probe, Service

CALL = (("tool_calls", "[{}]"),)


OF_REQUESTS: dict[str, Row] = {
    # ---- turns
    "one turn": (looking(), [], [("turn", ""), ("role", "")]),
    "earlier": (
        talk(turn(image(ONE), "Look."), turn("Yes.", role="assistant"), turn(QUESTION)),
        [("turn", "earlier"), ("turn", "several turns"), ("role", "assistant")],
        [("turn", "pictures in several"), ("role", "picture of")],
    ),
    "each turn its own": (
        talk(turn(image(ONE)), turn("Yes.", role="assistant"), turn(image(TWO), QUESTION)),
        [("turn", "pictures in several turns"), ("turn", "earlier"), ("number", "two")],
        [("number", "one")],
    ),
    "last of several": (
        talk(turn("Hello."), turn("Yes.", role="assistant"), turn(image(ONE), QUESTION)),
        [("turn", "several turns"), ("number", "one")],
        [("turn", "earlier"), ("turn", "pictures in")],
    ),
    "two of one role": (
        talk(turn(image(ONE)), turn(QUESTION)),
        [("turn", "of one role")],
        [("role", "")],
    ),
    # ---- roles
    "system": (
        talk(turn("Be short.", role="system"), turn(image(ONE), QUESTION)),
        [("role", "system")],
        [("role", "picture of"), ("turn", "earlier")],
    ),
    "developer": (
        talk(turn("Be short.", role="developer"), turn(image(ONE), QUESTION)),
        [("role", "developer")],
        [("role", "system")],
    ),
    "picture of the system": (
        talk(turn(image(ONE), role="system"), turn(QUESTION)),
        [("role", "picture of the system"), ("turn", "earlier")],
        [],
    ),
    "picture of a tool": (
        talk(
            turn("Look."),
            replace(turn(role="assistant"), more=CALL),
            turn(image(ONE), role="tool"),
            turn(QUESTION),
        ),
        [("role", "picture of the tool"), ("role", "tool_calls"), ("role", "assistant")],
        [("role", "picture of the assistant")],
    ),
    # ---- stream, door, credential
    "stream": (looking(stream=True), [("stream", "stream")], [("door", ""), ("credential", "")]),
    "no stream": (looking(), [], [("stream", "")]),
    "responses": (replace(looking(), service=Service.RESPONSES), [("door", "responses")], []),
    "messages": (replace(looking(), service=Service.MESSAGES), [("door", "messages")], []),
    "count": (replace(looking(), service=Service.COUNT_TOKENS), [("door", "count-tokens")], []),
    "models": (Probe(service=Service.MODELS), [("door", "models")], [("number", "pictures")]),
    "wrong key": (replace(READY, credential=Credential.WRONG), [("credential", "wrong")], []),
    "no key": (
        replace(READY, credential=Credential.NONE),
        [("credential", "no key")],
        [("credential", "wrong")],
    ),
    # ---- members of the body
    "tools": (
        looking(tools=[{"type": "function"}], tool_choice="required"),
        [("parameter", "tools"), ("parameter", 'tool_choice: "required"')],
        [("body", "")],
    ),
    "format": (
        looking(response_format={"type": "json_object"}),
        [("parameter", "response_format")],
        [],
    ),
    "limit": (looking(max_tokens=16), [("parameter", "max_tokens: 16")], [("parameter", "n:")]),
    "model": (talking(model="other"), [("parameter", "model")], [("number", "pictures")]),
    "none": (looking(), [], [("parameter", ""), ("header", ""), ("body", "")]),
    "compressed": (
        replace(looking(), headers=(("content-encoding", "gzip"),)),
        [("header", "content-encoding: gzip")],
        [("body", "")],
    ),
    "chunked": (
        replace(looking(), headers=(("transfer-encoding", "chunked"),)),
        [("header", "chunked")],
        [],
    ),
    "bad JSON": (Probe(raw_body=b'{"a"'), [("body", "no JSON")], [("number", "pictures")]),
    "no messages": (
        replace(READY, omit=("messages",)),
        [("body", "messages")],
        [("parameter", "")],
    ),
    "no words for it": (
        ask(ImagePart(picture=ONE, via=Inline(), more=(("uuid", '"a"'),)), QUESTION),
        [("parameter", "uuid")],
        [],
    ),
    # ---- words
    "plain": (looking(), [], [("words", "")]),
    "no text": (
        ask(image(ONE)),
        [("words", "without words")],
        [("words", "empty"), ("words", "all words")],
    ),
    "empty text": (ask(image(ONE), ""), [("words", "empty text")], [("words", "without words")]),
    "several texts": (
        ask(image(ONE), "One.", QUESTION),
        [("words", "several texts")],
        [("words", "before the picture")],
    ),
    "text between": (
        ask("A", image(ONE), "B", image(TWO), QUESTION),
        [("words", "several texts"), ("words", "before the picture")],
        [("words", "after all words")],
    ),
    "question first": (
        ask(QUESTION, image(ONE)),
        [("words", "before the picture"), ("words", "after all words")],
        [("words", "several")],
    ),
    "Chinese": (ask(image(ONE), "这是什么？"), [("words", "not ASCII")], [("words", "emoji")]),
    "emoji": (ask(image(ONE), "🙂 what?"), [("words", "emoji"), ("words", "not ASCII")], []),
    "placeholder": (ask("<image> what?"), [("words", "placeholder")], [("number", "pictures")]),
    "markdown": (ask("![](a.png)"), [("words", "placeholder")], []),
    "long text": (ask(image(ONE), "word " * 2000), [("words", "long text")], [("words", "ASCII")]),
}
