"""What the library makes of the list of models."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.sdk._playable import answered_by
from conformance.judging import sdk
from conformance.model import Dialogue, Failed, Lab, Level, Observed, Probe, Service, Symptom
from conformance.registry import check


@check(Level.SHOULD, spec=sources.MODELS)
def model_list_is_a_page(lab: Lab) -> Dialogue:
    """The library makes a page of models of the list, with their ids."""
    sdk.verify_installed()
    exchange = yield Probe(service=Service.MODELS)
    answered_by("shape/model-list-follows-the-schema", exchange)
    expected = "a page of models, each with an id"

    def play() -> int:
        found = list(sdk.models(exchange).data)
        for model in found:
            sdk.is_a("Model", model, expected)
            if not isinstance(model.id, str):
                raise Failed(
                    f"an id that is a {type(model.id).__name__}",
                    symptom=Symptom.MALFORMED,
                    expected=expected,
                )
        return len(found)

    return Observed(expected=expected, actual=f"{sdk.heard(play, expected)} models")
