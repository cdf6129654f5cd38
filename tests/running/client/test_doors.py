"""The doors beside chat completions: method, path, key and headers of what is sent."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conformance.model import Credential, Probe, Service, Target
from conformance.redact import Redactor
from conformance.wire.request import request_headers, sent_request

TARGET = Target(name="t", base_url="http://127.0.0.1:1/v1", model="m")


@pytest.mark.parametrize(
    ("service", "method", "path"),
    [
        (Service.MODEL, "GET", "/models/m"),
        (Service.RESPONSES, "POST", "/responses"),
        (Service.MESSAGES, "POST", "/messages"),
        (Service.COUNT_TOKENS, "POST", "/messages/count_tokens"),
    ],
)
def test_where_a_probe_goes(service: Service, method: str, path: str) -> None:
    sent = sent_request(Probe(service=service), TARGET, Redactor(()))
    assert (sent.method, sent.path) == (method, path)
    assert bool(sent.body) is (method == "POST")


def test_the_key_in_a_header_of_its_own() -> None:
    headers = request_headers(Probe(credential=Credential.X_API_KEY), TARGET, "sk-1")
    assert headers["x-api-key"] == "sk-1"
    assert "authorization" not in headers
    none = replace(TARGET, auth="none")
    assert "x-api-key" not in request_headers(Probe(credential=Credential.X_API_KEY), none, "")


def test_the_key_in_a_header_of_its_own_is_not_recorded() -> None:
    probe = Probe(service=Service.MESSAGES, credential=Credential.X_API_KEY)
    sent = sent_request(probe, TARGET, Redactor(["sk-1"]))
    assert dict(sent.headers)["x-api-key"] == "[redacted]"
    assert json.loads(sent.body)["model"] == "m"
