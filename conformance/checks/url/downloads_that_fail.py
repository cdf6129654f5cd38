"""Pictures that cannot be downloaded: errors, resets, loops, and what is no picture."""

from __future__ import annotations

from conformance.asking import questions, sources
from conformance.checks.url._hosted import URL
from conformance.judging import aftermath, refusals, ways
from conformance.model import Dialogue, Hosted, Lab, Level
from conformance.registry import check

#: What keeps a picture from being downloaded.
UNREACHED: dict[str, Hosted] = {
    **{str(status): Hosted(status=status) for status in (401, 403, 404, 410, 429, 500)},
    "html": Hosted(instead="html"),
    "empty": Hosted(instead="empty"),
    "reset": Hosted(reset=True),
    "refused": Hosted(refused=True),
    "redirect-loop": Hosted(loop=True),
}


@check(Level.MUST, spec=sources.IMAGE_INPUT, over=tuple(UNREACHED), needs=URL, one_by_one=True)
def failed_download_is_refused(lab: Lab, name: str) -> Dialogue:
    """A picture that cannot be downloaded is refused with a 4xx and an error object."""
    yield from ways.through(lab, Hosted(), "url/plain")
    probe = questions.ask_code(lab.pictures["sheet-04"], UNREACHED[name])
    observed = yield from refusals.refuses(probe, "a picture that cannot be downloaded")
    return (
        yield from aftermath.breaks_nothing(
            probe, aftermath.CONTROL + 100 + list(UNREACHED).index(name), observed
        )
    )
