"""Whether as many pictures are refused in the plainest way as well: then that is a limit."""

from __future__ import annotations

from functools import cache

from conformance.asking import prompts
from conformance.asking.questions import ask, image
from conformance.judging.refusals import is_refusal
from conformance.judging.replies import told
from conformance.judging.ways import transport
from conformance.model import Case, Check, Dialogue, Failed, Lab, Level, Observed, Source, Symptom

#: Code sheets of the corpus.
SHEETS = 24


@cache
def so_many_refused(count: int) -> Case:
    """The case that passes where so many pictures in one message are refused openly."""

    def dialogue(lab: Lab) -> Dialogue:
        via = yield from transport(lab)
        names = [f"sheet-{n % SHEETS + 1:02}" for n in range(count)]
        probe = ask(*(image(lab.pictures[name], via) for name in names), prompts.CODES)
        exchange = yield probe
        if not is_refusal(exchange):
            raise Failed(told(exchange), symptom=Symptom.OVERLOOKED, about=exchange)
        return Observed(expected="a refusal", actual=told(exchange), about=exchange)

    check = Check(
        id=f"limits/so-many-are-refused-{count}",
        area="limits",
        level=Level.MAY,
        requirement="So many pictures in one message are refused openly.",
        spec=Source(title="what the endpoint takes", url=""),
        dialogue=dialogue,
    )
    return Case(id=check.id, check=check)
