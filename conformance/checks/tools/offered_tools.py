"""A picture beside tools that may be called, after one was, and without them again."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources, tools
from conformance.checks.tools._beside import beside, has_words
from conformance.checks.tools._functions import CLOCK, NOTE
from conformance.checks.tools.forced_calls import arguments
from conformance.drawing import codes, variants
from conformance.judging import aftermath, answers, reading, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Exchange,
    Json,
    Lab,
    Level,
    Observed,
    Param,
    Part,
    Picture,
    Probe,
)
from conformance.registry import check

READ = (Claim.READING,)
#: Numbers the controls after a request with tools, so that they are asked by nobody else.
CONTROL = 301
#: Bytes of the picture that is sent with tools to choose from, and nowhere else.
OWN = 40_000


def _own(lab: Lab) -> Picture:
    """A picture whose bytes no other area sends: what tools do to it is seen here alone."""
    return variants.heavier(lab.pictures["sheet-07"], OWN)


@check(
    Level.SHOULD,
    spec=sources.TOOLS,
    over=(Param(id="unsaid", value=...), "auto", "none"),
    needs=READ,
    guess=codes.GUESS,
)
def picture_beside_an_offered_tool(lab: Lab, choice: Json) -> Dialogue:
    """A picture is read although tools are offered, in words or in the call of one."""
    via = yield from ways.transport(lab)
    picture = _own(lab)
    code = picture.facts.code
    members: dict[str, Json] = {"tools": [NOTE]}
    members |= {} if choice is ... else {"tool_choice": choice}
    expected = f"the code {code}" + ("" if choice == "none" else ", or a call with it")

    def accepts(exchange: Exchange) -> bool:
        said = [replies.answered(exchange, expected)]
        said += [] if choice == "none" else arguments(exchange)
        return any(answers.reads(text, code) for text in said)

    exchange = yield from beside(
        lab,
        questions.ask_code(picture, via, **members),
        accepts,
        expected,
        (questions.ask(prompts.READY, **members), has_words),
    )
    called = ", ".join(arguments(exchange))
    return Observed(
        expected=expected,
        actual=f"a call: {replies.quote(called)}" if called else replies.told(exchange),
    )


@check(Level.SHOULD, spec=sources.TOOLS, needs=READ, guess=codes.GUESS)
def picture_before_a_tool_result(lab: Lab) -> Dialogue:
    """A picture is read where the result of a tool stands between the question and the answer."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-14"]
    code = picture.facts.code
    expected = f"the code {code} after the result of a tool"

    def probe(question: str, *parts: Part) -> Probe:
        first = questions.turn(*parts, f"Read the clock, and then tell: {question}")
        called = tools.called(CLOCK["function"]["name"], content=None)
        return questions.talk(first, called, tools.result("It is noon."), tools=[CLOCK])

    exchange = yield from beside(
        lab,
        probe(prompts.CODE, questions.image(picture, via)),
        lambda e: answers.reads(replies.answered(e, expected), code),
        expected,
        (probe(prompts.READY), has_words),
    )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.MUST, spec=sources.REQUEST, needs=READ, guess=codes.GUESS)
def tools_break_nothing(lab: Lab) -> Dialogue:
    """After a picture beside a tool, read or refused, the same is read without one."""
    via = yield from ways.transport(lab)
    picture = _own(lab)
    risky = yield questions.ask_code(picture, via, tools=[NOTE], tool_choice="auto")
    observed = yield from aftermath.still_reads(lab, via, risky, CONTROL, picture)
    words = questions.ask(f"{prompts.READY} This is question {CONTROL}.")
    yield from reading.until(
        words, lambda text: bool(text.strip()), "an answer to a plain question"
    )
    return observed
