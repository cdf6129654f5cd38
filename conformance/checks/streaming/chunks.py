"""The form of each chunk, and what runs through all of them."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.streaming._stream import chunks_of, streamed
from conformance.judging import replies
from conformance.model import Claim, Dialogue, Failed, Lab, Level, Observed, Symptom
from conformance.registry import check
from conformance.wire import contract, jsontext

STREAM = (Claim.STREAMING,)


@check(Level.MUST, spec=sources.CHUNK, needs=STREAM)
def chunks_follow_the_schema(lab: Lab) -> Dialogue:
    """Every chunk of the stream has the documented members, of the documented types."""
    exchange = yield from streamed(lab)
    values = chunks_of(exchange)
    found = [p for v in values for p in contract.problems("chat_chunk", v)]
    expected = "chunks as documented"
    if found or not values:
        raise Failed(
            "; ".join(found[:3]) or "no chunks", symptom=Symptom.MALFORMED, expected=expected
        )
    return Observed(expected=expected, actual=f"{len(values)} chunks")


# No more than MAY, as for plain replies.
@check(Level.MAY, spec=sources.CHUNK, needs=STREAM)
def chunks_are_complete(lab: Lab) -> Dialogue:
    """Every chunk also has a finish_reason, null or not, which many servers leave out."""
    exchange = yield from streamed(lab)
    values = chunks_of(exchange)
    found = [p for v in values for p in contract.problems("chat_chunk_full", v)]
    expected = "a finish_reason in every choice"
    if found or not values:
        raise Failed(
            "; ".join(found[:3]) or "no chunks", symptom=Symptom.MALFORMED, expected=expected
        )
    return Observed(expected=expected, actual=f"{len(values)} chunks")


@check(Level.SHOULD, spec=sources.CHUNK, needs=STREAM)
def one_id_for_all_chunks(lab: Lab) -> Dialogue:
    """Every chunk of one stream carries the same id."""
    exchange = yield from streamed(lab)
    ids = {
        jsontext.text_at(v, "id") for v in chunks_of(exchange) if jsontext.items_at(v, "choices")
    }
    if len(ids) != 1:
        raise Failed(f"{len(ids)} ids", symptom=Symptom.MALFORMED, expected="one id")
    return Observed(expected="one id", actual=replies.quote(next(iter(ids))))


@check(Level.SHOULD, spec=sources.CHUNK, needs=STREAM)
def role_comes_first(lab: Lab) -> Dialogue:
    """The role comes in the first delta, before any content."""
    exchange = yield from streamed(lab)
    deltas = [
        jsontext.at(v, "choices", 0, "delta")
        for v in chunks_of(exchange)
        if jsontext.items_at(v, "choices")
    ]
    roles = [i for i, d in enumerate(deltas) if jsontext.at(d, "role") == "assistant"]
    words = [i for i, d in enumerate(deltas) if jsontext.at(d, "content")]
    expected = "the role assistant no later than the first words"
    if not roles or (words and roles[0] > words[0]):
        raise Failed(
            "the role comes " + ("late" if roles else "never"),
            symptom=Symptom.MALFORMED,
            expected=expected,
        )
    return Observed(expected=expected, actual=f"in delta {roles[0] + 1}")
