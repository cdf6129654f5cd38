"""What the plain question before the suite makes of every kind of answer, without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.asking.questions import READY
from conformance.model import Exchange, Probe, Sent, Service, Target
from conformance.preflight.preflight import WAITS, PreflightError, preflight
from conformance.wire import trouble
from conformance.wire.chat import read_reply
from conformance.wire.trouble import trouble_of

TARGET = Target(name="t", base_url="https://relay.example/v1", model="gpt-4o", key_env="RELAY_KEY")
SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")
CHAT = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "READY"}}]}


def answer(
    status: int, body: Any = b"", kind: str = "application/json", /, **headers: str
) -> Exchange:
    """What came back to the plain question; header names are written with _ for -."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    found = (("content-type", kind), *((n.replace("_", "-"), v) for n, v in headers.items()))
    made = Exchange(
        probe=READY,
        sent=SENT,
        status=status,
        headers=found,
        body=raw,
        reply=read_reply(status, kind, raw),
    )
    return replace(made, trouble=trouble_of(made))


def broken(kind: str, words: str) -> Exchange:
    return Exchange(probe=READY, sent=SENT, trouble=kind, failure=words)


def error(status: int, message: str, /, **more: Any) -> Exchange:
    headers = more.pop("headers", {})
    return answer(status, {"error": {"message": message} | more}, **headers)


def page(status: int, title: str, text: str = "", **headers: str) -> Exchange:
    body = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>{text}</body></html>"
    return answer(status, body.encode(), "text/html; charset=utf-8", **headers)


GOOD = answer(200, CHAT)


@dataclass(slots=True)
class Door:
    """Answers the plain question with these in turn, the last for ever; and what lies beside."""

    answers: Sequence[Exchange]
    below_v1: Exchange = field(default_factory=lambda: answer(404))
    models: Exchange = field(default_factory=lambda: answer(404))
    asked: list[tuple[str, Service]] = field(default_factory=list)

    async def send(self, target: Target, probe: Probe) -> Exchange:
        self.asked.append((target.base_url, probe.service))
        if probe.service is Service.MODELS:
            return self.models
        if len({url for url, _ in self.asked}) > 1:
            return self.below_v1
        plain = sum(service is Service.CHAT for _, service in self.asked)
        return self.answers[min(plain, len(self.answers)) - 1]


def told(*answers: Exchange, target: Target = TARGET, **more: Exchange) -> tuple[str, int]:
    """The sentence, "" where the run goes on, and how many requests it took."""
    door = Door(answers, **more)
    try:
        asyncio.run(preflight(target, door.send, waits=(0, 0, 0, 0)))
    except PreflightError as caught:
        sentence = str(caught)
        assert sentence.isprintable()
        assert len(sentence) < 560
        return sentence, len(door.asked)
    return "", len(door.asked)


#: Answer, and what the one sentence must say.
WRONG: dict[str, tuple[Exchange, tuple[str, ...]]] = {
    # ---- a web page
    "501 of a static web server": (
        page(501, "Error response", "Unsupported method ('POST')"),
        ("501: “Error response”", "a web page, not an API", "--base-url"),
    ),
    "200 of a single-page site": (page(200, "Acme Console"), ("“Acme Console”", "a web page")),
    "404 page": (page(404, "Not Found"), ("404: “Not Found”", "a web page, not an API")),
    "405 page of nginx": (page(405, "405 Not Allowed"), ("405", "a web page, not an API")),
    "500 page": (page(500, "Internal Server Error"), ("500", "a web page, not an API")),
    "401 page": (page(401, "401 Authorization Required"), ("a web page", "the key in RELAY_KEY")),
    "page without a title": (
        answer(200, b"<html><body>hi</body></html>", "text/html"),
        ("200, without a word", "a web page"),
    ),
    "page without a type": (
        answer(404, b"\xef\xbb\xbf  <!doctype HTML><h1>Gone &amp; lost</h1>", "text/plain"),
        ("“Gone & lost”", "a web page"),
    ),
    # ---- a redirect
    "to a login": (
        answer(302, location="https://login.example/saml?next=/v1"),
        ("(302) to “https://login.example/saml?next=/v1”", "is not followed", "a login for people"),
    ),
    "to a sign-in page, with a body": (
        page(307, "Redirecting", location="/users/sign_in"),
        ("(307) to “/users/sign_in”", "a login for people"),
    ),
    "to somewhere": (
        answer(301, location="https://other.example/v1/chat/completions"),
        ("(301) to “https://other.example/", "check --base-url"),
    ),
    "to nowhere": (answer(308), ("a place that it does not name",)),
    # ---- a gateway
    "502 in HTML": (
        page(502, "502 Bad Gateway"),
        ("the gateway in front answers 502 (“502 Bad Gateway”)", "does not answer"),
    ),
    "502 without a word": (answer(502), ("answers 502: what is behind it does not answer",)),
    "503 in JSON": (error(503, "no healthy upstream"), ("503 (“no healthy upstream”)",)),
    "504 in text": (answer(504, b"upstream timed out", "text/plain"), ("504 (“upstream timed",)),
    "522 of Cloudflare": (
        page(522, "relay.example | 522: Connection timed out", server="cloudflare"),
        ("the gateway in front answers 522",),
    ),
    # ---- nothing to pay with
    "OpenAI": (
        error(
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            type="insufficient_quota",
            code="insufficient_quota",
        ),
        ("the account of the key in RELAY_KEY has no quota left (429: “You exceeded", "top it up"),
    ),
    "Anthropic": (
        error(400, "Your credit balance is too low to access the Anthropic API."),
        ("no quota left (400",),
    ),
    "DeepSeek": (error(402, "Insufficient Balance", code="invalid_request_error"), ("no quota",)),
    "402 without a word": (answer(402), ("no quota left (402, without a word)",)),
    "OpenRouter": (error(402, "Insufficient credits. Add more", code=402), ("no quota left",)),
    "new-api": (
        error(403, "用户额度不足, 剩余额度: ＄0.000000", code="insufficient_user_quota"),
        ("no quota left (403: “用户额度不足",),
    ),
    "Zhipu": (error(429, "余额不足或无可用资源包,请充值。", code="1113"), ("no quota left",)),
    "in arrears": (error(400, "您的账户已欠费"), ("no quota left",)),
    "DashScope": (error(400, "Access denied, good standing.", code="Arrearage"), ("no quota",)),
    "Moonshot": (
        error(429, "Your account is suspended", type="exceeded_current_quota_error"),
        ("no quota left",),
    ),
    "xAI": (error(403, "Your team doesn't have any credits yet."), ("no quota left",)),
    "Together": (
        error(402, "Credit limit exceeded, please navigate to /settings/billing"),
        ("no quota left",),
    ),
    "Fireworks": (
        error(412, "Account suspended, possibly due to reaching the monthly spending limit"),
        ("no quota left",),
    ),
    "LiteLLM": (error(400, "Budget has been exceeded!", type="budget_exceeded"), ("no quota",)),
    "Google without billing": (
        error(403, "This API method requires billing to be enabled."),
        ("no quota left",),
    ),
    "a quota error with status 200": (error(200, "insufficient quota"), ("no quota left (200",)),
    "words beside no error object": (
        answer(200, {"code": 1008, "msg": "insufficient balance"}),
        ("no quota left (200: “insufficient balance”)",),
    ),
    # ---- a firewall
    "Cloudflare's page": (
        page(403, "Attention Required! | Cloudflare", "you have been blocked"),
        ("a firewall or CDN", "(Cloudflare, 403: “Attention Required!", "before the API"),
    ),
    "Cloudflare's challenge": (
        page(503, "Just a moment...", server="cloudflare", cf_mitigated="challenge"),
        ("a firewall or CDN", "Cloudflare"),
    ),
    "Cloudflare's code": (
        answer(403, b"error code: 1020", "text/plain", server="cloudflare"),
        ("a firewall or CDN", "“error code: 1020”"),
    ),
    "Akamai": (
        page(403, "Access Denied", "Reference&#32;&#35;18.2 https://errors.edgesuite.net/18.2"),
        ("(Akamai, 403: “Access Denied”)",),
    ),
    "CloudFront": (
        page(403, "ERROR: The request could not be satisfied", x_cache="Error from cloudfront"),
        ("(CloudFront, 403",),
    ),
    "nobody's page": (page(403, "403 Forbidden"), ("a firewall or CDN", "(403: “403 Forbidden”)")),
    "ModSecurity": (
        page(406, "Not Acceptable!", "This error was generated by Mod_Security."),
        ("(ModSecurity, 406",),
    ),
    "Alibaba Cloud": (
        page(405, "405", "https://errors.aliyun.com/error?x=1"),
        ("(Alibaba Cloud, 405",),
    ),
    "JSON that says so": (
        error(403, "Request blocked by the web application firewall"),
        ("a firewall or CDN", "“Request blocked by"),
    ),
    # ---- the key
    "401": (error(401, "Incorrect API key provided."), ("refused the key in RELAY_KEY (401",)),
    "401 in text": (answer(401, b"Unauthorized", "text/plain"), ("refused the key in RELAY_KEY",)),
    "Google's 400": (
        error(400, "API key not valid. Please pass a valid API key.", code="INVALID_ARGUMENT"),
        ("refused the key in RELAY_KEY (400: “API key not valid.",),
    ),
    "403 behind a CDN": (
        error(403, "Your key may not do this", headers={"server": "cloudflare"}),
        ("refused the key in RELAY_KEY (403",),
    ),
    "403 in text": (
        answer(403, b"Forbidden", "text/plain"),
        ("403: “Forbidden”, and no error object", "RELAY_KEY", "lets nobody in"),
    ),
    "an error about the key with status 200": (
        error(200, "Incorrect API key provided"),
        ("refused the key in RELAY_KEY (200",),
    ),
    # ---- the place
    "OpenAI's countries": (
        error(
            403,
            "Country, region, or territory not supported",
            code="unsupported_country_region_territory",
            headers={"server": "cloudflare", "cf_ray": "8f"},
        ),
        ("takes no requests from where this machine is (403: “Country", "the key may be right"),
    ),
    "Google's countries": (
        error(400, "User location is not supported for the API use."),
        ("takes no requests from where this machine is",),
    ),
    "an address": (
        error(401, "Your IP address is not authorized", code="ip_not_authorized"),
        ("takes no requests from where this machine is",),
    ),
    # ---- the model
    "a channel that new-api does not have": (
        error(503, "当前分组 default 下对于模型 gpt-4o 无可用渠道", code="model_not_found"),
        ("does not know the model 'gpt-4o' (503: “当前分组",),
    ),
    "a project without the model": (
        error(403, "Project `p` does not have access to model `gpt-4o`", code="model_not_found"),
        ("does not know the model 'gpt-4o' (403",),
    ),
    # ---- the limit
    "a reasoning model": (
        error(
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            code="unsupported_parameter",
        ),
        ('write output_limit = "max_completion_tokens"',),
    ),
    # ---- not found
    "its own words": (
        error(404, "The deployment `west` of this tenant is asleep: wake it first."),
        ("/chat/completions answers 404: “The deployment `west` of this tenant is asleep",),
    ),
    "its own words, about the address": (
        error(404, "Invalid URL (POST /v1/v1/chat/completions)", code="unknown_url"),
        ("answers 404: “Invalid URL (POST", "check --base-url"),
    ),
    "FastAPI": (answer(404, {"detail": "Not Found"}), ("404: “Not Found”", "check --base-url")),
    "Go": (
        answer(404, b"404 page not found", "text/plain"),
        ("answered 404 (“404 page not found”) and no chat completion", "check --base-url"),
    ),
    "404 without a word": (answer(404), ("answered 404 and no chat completion",)),
    "another API": (answer(200, {"hello": "world"}), ("answered 200 and no chat completion",)),
    "words of an API of another kind": (
        answer(200, {"code": 500, "message": "no such thing"}),
        ("answered 200 (“no such thing”) and no chat completion",),
    ),
    "JSON that calls itself HTML": (
        answer(200, {"message": "hello"}, "text/html"),
        ("answered 200 (“hello”) and no chat completion",),
    ),
    # ---- nothing at all
    "nobody": (
        broken(trouble.UNREACHABLE, "cannot connect: [Errno 111] Connection refused"),
        ("cannot be reached", "--base-url"),
    ),
    "a certificate": (
        broken(trouble.UNREACHABLE, "cannot connect: [SSL: CERTIFICATE_VERIFY_FAILED] self-signed"),
        ("no secure connection", "SSL_CERT_FILE"),
    ),
    "resets": (broken(trouble.RESET, "the connection broke off: x"), ("gives no answer: the con",)),
    "silence": (
        broken(trouble.STALL, "no whole reply within 120 s"),
        ("gives no answer", "raise --timeout"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_one_sentence(name: str) -> None:
    exchange, words = WRONG[name]
    sentence, requests = told(exchange)
    for each in words:
        assert each in sentence
    assert requests <= 6


NO_REQUEST_AGAIN = [
    "OpenAI", "Anthropic", "DeepSeek", "402 without a word", "new-api", "Zhipu", "in arrears",
]  # fmt: skip


@pytest.mark.parametrize("name", NO_REQUEST_AGAIN)
def test_an_account_without_quota_is_asked_once(name: str) -> None:
    assert told(WRONG[name][0])[1] == 1


@pytest.mark.parametrize(
    ("name", "requests"),
    [
        ("502 in HTML", 5),
        ("500 page", 5),
        ("resets", 5),
        ("501 of a static web server", 2),
        ("Cloudflare's challenge", 2),
        ("401", 2),
        ("nobody", 2),
        ("silence", 2),
    ],
)
def test_how_often_it_is_asked(name: str, requests: int) -> None:
    assert told(WRONG[name][0])[1] == requests


#: What is no wrong call: the suite is to find out what it is.
RIGHT: dict[str, Exchange] = {
    "a chat completion": GOOD,
    "a stream that nobody asked for": answer(
        200,
        b'data: {"choices": [{"index": 0, "delta": {"content": "READY"}}]}\n\ndata: [DONE]\n\n',
        "text/event-stream",
    ),
    "an empty list of choices": answer(200, {"choices": []}),
    "a choice behind status 400": answer(400, CHAT),
    "a busy API": error(429, "Rate limit reached for gpt-4o", code="rate_limit_exceeded"),
    "a busy API that sells more": error(
        429,
        "Rate limit reached for gpt-4o on requests per min. Limit: 3. Please try again in 20s. "
        "You can increase your rate limit by adding a payment method at /account/billing.",
        type="requests",
        code="rate_limit_exceeded",
    ),
    "a busy API that sells tiers": error(
        429, "Rate limit reached for model. Upgrade to Dev Tier at /settings/billing"
    ),
    "Google's busy": error(
        429,
        "You exceeded your current quota, please check your plan and billing details. "
        "Quota exceeded for metric: requests. Please retry in 32.1s.",
        status="RESOURCE_EXHAUSTED",
    ),
    "Google's other busy": error(429, "Resource has been exhausted (e.g. check quota)."),
    "Azure's busy": error(
        429,
        "Requests to the deployment have exceeded token rate limit of your current pricing tier. "
        "Please retry after 8 seconds. Go to https://aka.ms/oai/quotaincrease",
    ),
    "busy in Chinese": error(
        429, "您的账户已达到速率限制，请您控制请求频率。余额充足", code="1302"
    ),
    "busy by the header": error(429, "credits are refilled", headers={"retry_after": "1"}),
    "nginx's busy": page(429, "429 Too Many Requests"),
    "429 without a word": answer(429),
    "408": answer(408),
    "500 in JSON": error(500, "CUDA out of memory"),
    "500 in text": answer(500, b"Internal Server Error", "text/plain"),
    "a gateway whose own key is refused": error(500, "Incorrect API key provided: sk-up***m"),
    "a refusal of the question": error(400, "At least one picture is needed."),
    "a refusal of the size": error(413, "too large"),
    "an overloaded model": error(500, "The model is not available at the moment"),
    "an error with status 200": error(200, "Something went wrong"),
    "bytes that cannot be decoded": broken(trouble.UNDECODABLE, "a content-encoding: br"),
    "too many bytes": broken(trouble.TOO_LARGE, "the reply was larger than 8388608 bytes"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_the_run_goes_on(name: str) -> None:
    sentence, requests = told(RIGHT[name])
    assert sentence == ""
    assert requests <= 5


def test_a_good_endpoint_is_asked_once() -> None:
    assert told(GOOD) == ("", 1)


@pytest.mark.parametrize("name", [n for n, (_, words) in WRONG.items() if "quota" not in words[0]])
def test_what_passes_is_no_wrong_call(name: str) -> None:
    """One of several back ends, or the weather, may say anything once."""
    assert told(WRONG[name][0], GOOD) == ("", 2)


def test_weather_passes() -> None:
    reset = broken(trouble.RESET, "the connection broke off")
    cut = answer(200, b'data: {"choices": [{"delta": {}}]}\n\n', "text/event-stream")
    garbled = answer(200, b'{"choices": [{"mess')
    assert told(answer(502), reset, page(503, "Bad"), garbled, GOOD) == ("", 5)
    assert told(cut, answer(500), reset, answer(429), GOOD) == ("", 5)


# ---------------------------------------------------------------- waiting


async def _seconds(*answers: Exchange, waits: Sequence[float]) -> tuple[float, int]:
    door = Door(answers)
    loop = asyncio.get_running_loop()
    began = loop.time()
    with suppress(PreflightError):
        await preflight(TARGET, door.send, waits)
    return loop.time() - began, len(door.asked)


def test_retry_after_is_obeyed_where_it_is_short() -> None:
    soon = answer(503, retry_after="0.2")
    seconds, asked = asyncio.run(_seconds(soon, GOOD, waits=(0.01, 0.3)))
    assert 0.19 < seconds < 1.5
    assert asked == 2


@pytest.mark.parametrize("header", ["3600", "99999999", "inf", "Fri, 31 Dec 2999 23:59:59 GMT"])
def test_a_long_retry_after_is_not_waited_for(header: str) -> None:
    late = answer(503, retry_after=header)
    seconds, asked = asyncio.run(_seconds(late, GOOD, waits=(0.01, 0.2)))
    assert seconds < 1
    assert asked == 1


@pytest.mark.parametrize("header", ["nan", "-5", "soon", ""])
def test_an_odd_retry_after_is_overlooked(header: str) -> None:
    odd = answer(503, retry_after=header)
    assert asyncio.run(_seconds(odd, GOOD, waits=(0.01, 0.02)))[1] == 2


# ---------------------------------------------------------------- /v1 and models

BARE = replace(TARGET, base_url="https://relay.example")


@pytest.mark.parametrize("at_root", ["404 page", "405 page of nginx", "200 of a single-page site",
                                     "FastAPI", "to a login", "its own words, about the address",
                                     "nobody's page", "501 of a static web server"])  # fmt: skip
@pytest.mark.parametrize("below", [GOOD, WRONG["401"][0], WRONG["OpenAI"][0]], ids=str)
def test_the_api_is_below_v1(at_root: str, below: Exchange) -> None:
    sentence, _ = told(WRONG[at_root][0], target=BARE, below_v1=below)
    assert "use --base-url https://relay.example/v1" in sentence


@pytest.mark.parametrize("below", [answer(404), page(404, "x"), WRONG["502 in HTML"][0]], ids=str)
def test_nothing_is_below_v1_either(below: Exchange) -> None:
    sentence, requests = told(WRONG["404 page"][0], target=BARE, below_v1=below)
    assert "a web page, not an API" in sentence
    assert requests == 3


def test_the_same_refusal_below_v1_is_no_way_out() -> None:
    mine = error(404, "The route sleeps: wake it first")
    sentence, _ = told(mine, target=BARE, below_v1=mine)
    assert "answers 404: “The route sleeps: wake it first”" in sentence


def test_a_gateway_is_not_asked_below_v1() -> None:
    assert told(page(502, "x"), target=BARE, below_v1=GOOD)[1] == 5


UNKNOWN = [
    (404, "The model `gpt-4o` does not exist or you do not have access to it.", {}),
    (404, "The model 'gpt-4o' does not exist.", {"type": "NotFoundError", "param": "model"}),
    (404, 'model "gpt-4o" not found, try pulling it first', {"type": "api_error"}),
    (404, "models/gpt-4o is not found for API version v1main", {"status": "NOT_FOUND"}),
    (404, "The API deployment for this resource does not exist.", {"code": "DeploymentNotFound"}),
    (404, "model: gpt-4o", {"type": "not_found_error"}),
    (404, "Model not found, inaccessible, and/or not deployed", {}),
    (404, "Not found the model gpt-4o or Permission denied", {}),
    (400, "Invalid model: gpt-4o", {}),
    (400, "Model Not Exist", {}),
    (400, "gpt-4o is not a valid model ID", {}),
    (400, "Unable to access model gpt-4o. Please visit the list", {}),
    (400, "模型不存在，请检查模型代码。", {"code": "1211"}),
    (400, "Unknown model: gpt-4o", {}),
    (400, "InvalidParameter: model not exist", {}),
    (422, "no such model", {}),
    (200, "The model `gpt-4o` does not exist", {}),
]


@pytest.mark.parametrize(("status", "message", "more"), UNKNOWN)
def test_an_unknown_model(status: int, message: str, more: dict[str, Any]) -> None:
    listed = answer(200, {"data": [{"id": "gpt-4o-mini"}, {"id": "qwen"}, {"id": "gpt-4"}]})
    sentence, _ = told(error(status, message, **more), models=listed)
    assert f"does not know the model 'gpt-4o' ({status}: “" in sentence
    assert "it lists gpt-4, gpt-4o-mini: check --model" in sentence


NOT_ABOUT_THE_MODEL = [
    (400, "'temperature' does not support 0 with this model.", {"code": "unsupported_value"}),
    (400, "This model does not support image input", {}),
    (404, "This model's gateway has no route at this address", {}),
]


@pytest.mark.parametrize(("status", "message", "more"), NOT_ABOUT_THE_MODEL)
def test_other_words_about_models(status: int, message: str, more: dict[str, Any]) -> None:
    assert "--model" not in told(error(status, message, **more))[0]


def test_no_key_wanted_but_one_is() -> None:
    sentence, _ = told(WRONG["401"][0], target=replace(TARGET, auth="none"))
    assert 'auth = "none": remove that line' in sentence


def test_a_redirect_from_http_to_https_names_the_way_out() -> None:
    plain = replace(TARGET, base_url="http://relay.example/v1")
    sentence, _ = told(
        answer(301, location="https://relay.example/v1/chat/completions"), target=plain
    )
    assert sentence.endswith("use --base-url https://relay.example/v1")


# ---------------------------------------------------------------- hostile words

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe\u2066\u200b\r\nroot# \x00" + "x" * 9000


@pytest.mark.parametrize("status", [200, 302, 400, 401, 402, 403, 404, 405, 429, 500, 502, 503])
def test_hostile_words_are_short_and_cannot_act(status: int) -> None:
    listed = answer(200, {"data": [{"id": HOSTILE}, {"id": "\ud800"}, {"id": "\x1b[1m" * 40}]})
    for exchange in (
        error(status, HOSTILE, location=HOSTILE),
        error(status, f"the model {HOSTILE} does not exist", code=HOSTILE),
        error(status, f"insufficient_quota {HOSTILE}"),
        answer(status, HOSTILE.encode(), "text/plain", location=HOSTILE, server=HOSTILE),
        page(status, HOSTILE, location=HOSTILE),
        answer(status, b"<html>" + b"<title" * 5000, "text/html"),
        answer(status, b"[" * 20_000),
        broken(trouble.RESET, HOSTILE),
    ):
        told(exchange, models=listed)


@given(
    status=st.sampled_from([0, 100, 200, 204, 301, 400, 401, 402, 403, 404, 429, 500, 503, 999]),
    body=st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["error", "message", "code", "data", "id", "choices", "detail"]
                    ),
                    inner,
                    max_size=3,
                )
            ),
            max_leaves=8,
        ),
    ),
    location=st.text(max_size=40),
)
@settings(max_examples=120, deadline=None)
def test_any_answer_gives_a_sentence_or_a_run(status: int, body: Any, location: str) -> None:
    exchange = answer(status, body, "text/html", location=location)
    told(exchange, target=BARE, below_v1=exchange, models=exchange)


def test_it_ends_within_seconds() -> None:
    assert sum(WAITS) < 5
