"""The list of models, and the model looked up by its name."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.models.names import is_another
from conformance.judging import replies
from conformance.model import (
    Dialogue,
    Exchange,
    Failed,
    Json,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Probe,
    Reason,
    Service,
    Symptom,
)
from conformance.registry import check
from conformance.wire import jsontext


def _listed(exchange: Exchange) -> list[Json]:
    """The entries of the list of models. Raises NotApplicable where there is none, or a page."""
    replies.judgeable(exchange)
    entries = jsontext.items_at(replies.member(exchange, "data"))
    if exchange.status != 200 or not entries or replies.member(exchange, "has_more") is True:
        raise NotApplicable(f"no whole list of models: {exchange.status}", why=Reason.NOT_OFFERED)
    return entries


def may_be_of(entry: Json, model: str) -> bool:
    """True where an entry may be that of the model: dates, providers and case do not matter."""
    listed, asked = (n.lower().rsplit("/", 1)[-1] for n in (jsontext.text_at(entry, "id"), model))
    if "*" in listed:
        return True
    return bool(listed and asked) and (listed.startswith(asked) or asked.startswith(listed))


@check(Level.MAY, spec=sources.MODELS)
def list_names_the_model(lab: Lab) -> Dialogue:
    """Where models are listed, the one that was asked for is among them."""
    if lab.target.auth == "api-key":
        raise NotApplicable(
            "a deployment has a name of its own, which is in no list", why=Reason.NOT_OFFERED
        )
    entries = _listed((yield Probe(service=Service.MODELS)))
    expected = f"{lab.target.model} in the list of models"
    if not any(may_be_of(entry, lab.target.model) for entry in entries):
        named = ", ".join(jsontext.text_at(entry, "id") for entry in entries[:20])
        raise Failed(
            f"{len(entries)} others: {replies.quote(named)}",
            symptom=Symptom.MISTOLD,
            expected=expected,
        )
    return Observed(expected=expected, actual=f"there, among {len(entries)}")


@check(Level.MAY, spec=sources.MODEL)
def retrieved_model_is_the_one(lab: Lab) -> Dialogue:
    """Where a model can be looked up by its name, what is told is of that model."""
    exchange = replies.judgeable((yield Probe(service=Service.MODEL)))
    found = jsontext.text_at(replies.member(exchange, "id"))
    expected = f"the model {lab.target.model}"
    if exchange.status != 200 or not found:
        raise NotApplicable(
            f"models cannot be looked up: {exchange.status}",
            why=Reason.NOT_OFFERED,
            expected=expected,
        )
    if not may_be_of({"id": found}, lab.target.model) and is_another(lab.target.model, found):
        raise Failed(replies.quote(found), symptom=Symptom.MISTOLD, expected=expected)
    return Observed(expected=expected, actual=replies.quote(found))
