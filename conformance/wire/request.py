"""A probe as the request that is sent, and as it is recorded."""

from __future__ import annotations

from conformance.model import Credential, Probe, Sent, Target
from conformance.redact import MARK, Redactor
from conformance.wire import address, chat

WRONG_KEY = "sk-conformance-wrong-key"


def sent_request(probe: Probe, target: Target, redactor: Redactor) -> Sent:
    """The request as it is recorded: pictures by short name, no key."""
    return Sent(
        method=chat.METHODS[probe.service],
        path=chat.path_of(probe, target),
        headers=redactor.headers(request_headers(probe, target, MARK).items()),
        body=redactor.body(chat.write_body(probe, target, address.symbolic)),
    )


def request_headers(probe: Probe, target: Target, key: str) -> dict[str, str]:
    """The headers of one request. Names are in lower case; a probe's own come last."""
    headers = {"accept": "*/*", "user-agent": "vision-conformance"}
    if chat.METHODS[probe.service] == "POST":
        headers["content-type"] = "application/json"
    headers.update({name.lower(): value for name, value in target.headers})
    headers.update(_credential(probe.credential, target.auth, key))
    headers.update({name.lower(): value for name, value in probe.headers})
    return headers


def _credential(credential: Credential, auth: str, key: str) -> dict[str, str]:
    shown = WRONG_KEY if credential is Credential.WRONG else key
    if credential is Credential.NONE or auth == "none" or not shown:
        return {}
    if credential is Credential.X_API_KEY:
        return {"x-api-key": shown}
    if auth == "api-key":
        return {"api-key": shown}
    return {"authorization": f"Bearer {shown}"}
