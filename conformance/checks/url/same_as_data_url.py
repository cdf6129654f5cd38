"""A picture by URL compared with the same one in a data URL."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.url._hosted import READ
from conformance.drawing import codes
from conformance.judging import answers, bills, reading, replies, ways
from conformance.model import Claim, Dialogue, Failed, Hosted, Inline, Lab, Level, Observed, Symptom
from conformance.registry import check


@check(Level.MUST, spec=sources.IMAGE_COST, needs=(Claim.URL, Claim.DATA_URL, Claim.USAGE))
def costs_what_the_data_url_costs(lab: Lab) -> Dialogue:
    """The same picture costs the same by URL and as a data URL."""
    yield from ways.through(lab, Hosted(), "url/plain")
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["size-1024x1024"]
    inline = yield from bills.cost(questions.ask_code(picture, Inline()))
    hosted = yield from bills.cost(questions.ask_code(picture, Hosted()))
    expected = f"about {inline} prompt tokens, as for the data URL"
    if abs(hosted - inline) > bills.FRAMING:
        raise Failed(
            f"{hosted} prompt tokens by URL", symptom=Symptom.BILL_INCONSISTENT, expected=expected
        )
    return Observed(expected=expected, actual=f"{hosted} prompt tokens by URL")


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=(*READ, Claim.DATA_URL), guess=codes.GUESS)
def reads_what_the_data_url_reads(lab: Lab) -> Dialogue:
    """A picture that is read as a data URL is read by URL too, fine print included."""
    yield from ways.through(lab, Hosted(), "url/plain")
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["chart-1"]
    lines = {line.code for line in picture.facts.prints}
    detail = ... if Claim.DETAIL in lab.target.unclaimed else "high"
    exchange = yield questions.ask(questions.image(picture, Inline(), detail), prompts.CHART)
    inline = lines & set(answers.codes_in(replies.answered(exchange, "lines of print")))
    expected = f"about {len(inline)} of {len(lines)} lines, as from the data URL"
    seen: set[str] = set()

    def accepts(words: str) -> bool:
        seen.update(lines & set(answers.codes_in(words)))
        return len(seen) >= len(inline) - 1

    try:
        probe = questions.ask(questions.image(picture, Hosted(), detail), prompts.CHART)
        yield from reading.until(probe, accepts, expected, Symptom.DEGRADED)
    except Failed as failed:
        failed.hint = "the picture may be shrunk on the way by URL"
        raise
    return Observed(expected=expected, actual=f"{len(seen)} lines by URL")
