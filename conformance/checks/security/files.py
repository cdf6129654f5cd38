"""Files of the endpoint's machine, which must not be opened."""

from __future__ import annotations

import re
from dataclasses import replace

from conformance.asking import questions, sources
from conformance.checks.security._on_demand import risky, verify_here, words_of
from conformance.judging import answers, replies
from conformance.model import (
    Dialogue,
    Exchange,
    Failed,
    Lab,
    Level,
    LocalFile,
    Observed,
    Param,
    Steps,
    Symptom,
)

FILES = (
    Param(id="url", value="file://"),
    Param(id="url-of-localhost", value="file://localhost"),
    Param(id="upper-case-url", value="FILE://"),
    Param(id="path", value=""),
)


@risky(Level.SHOULD, spec=sources.FILE_PATHS, over=FILES)
def file_is_not_opened(lab: Lab, scheme: str) -> Dialogue:
    """A picture that is given by the path of a file of the endpoint's machine is not read."""
    verify_here(lab)
    picture = lab.pictures["sheet-09"]
    exchange = yield questions.ask_code(picture, LocalFile(scheme=scheme))
    expected = "anything but the code in the file"
    if answers.reads(
        replies.judgeable(exchange, Symptom.REFUSAL_BREAKS).reply.text, picture.facts.code
    ):
        raise Failed(
            f"the file was read: {replies.told(exchange)}",
            symptom=Symptom.LET_IN,
            expected=expected,
        )
    return Observed(expected=expected, actual=replies.told(exchange))


#: What is said of a file only by those who have looked for it.
_LOOKED = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"no such file|does ?n[o']t exist|file ?not ?found|not found|cannot find|enoent",
        r"cannot identify|unidentified|not an? (?:valid )?(?:image|picture)|decod|unsupported im",
        r"permission denied|access denied|eacces",
    )
)


@risky(Level.SHOULD, spec=sources.FILE_PATHS, over=(FILES[0], FILES[-1]))
def file_errors_tell_nothing(lab: Lab, scheme: str) -> Dialogue:
    """What is said of a path does not depend on whether a file is there."""
    verify_here(lab)
    expected = "one answer, whether a file is there or not"
    for sample in range(2):
        there = yield from _said_of(lab, LocalFile(scheme=scheme), sample)
        missing = yield from _said_of(lab, LocalFile(scheme=scheme, missing=True), sample)
        if _kind(there) == _kind(missing):
            return Observed(
                expected=expected, actual=f"{replies.told(there)}; {replies.told(missing)}"
            )
    actual = (
        f"{replies.told(there)} where there is one, {replies.told(missing)} where there is none"
    )
    raise Failed(actual, symptom=Symptom.LEAKED, expected=expected)


def _said_of(lab: Lab, via: LocalFile, sample: int) -> Steps[Exchange]:
    exchange = yield replace(questions.ask_code(lab.pictures["text"], via), sample=sample)
    return replies.judgeable(exchange, Symptom.REFUSAL_BREAKS)


def _kind(exchange: Exchange) -> tuple[int, ...]:
    """The status of a reply, and which sorts of words are in it."""
    return (exchange.status, *(bool(sort.search(words_of(exchange))) for sort in _LOOKED))
