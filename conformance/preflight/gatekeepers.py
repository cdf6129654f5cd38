"""Who answered: the API itself, or what stands before it; and what an API's own refusal is about.

Everything here looks at one reply and is total: any bytes, any status, any header.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from conformance.model import Exchange, Json
from conformance.wire.jsontext import NotJson, at, parse, text_at

#: Statuses by which a gateway says that what is behind it does not answer: those of RFC 9110,
#: section 15.6, and Cloudflare's own.
GATEWAY = frozenset({502, 503, 504, *range(520, 528), 530})
#: Characters of a page, and of a refusal's words, that are looked at.
_LOOKED_AT = 20_000

# ---------------------------------------------------------------- what an API says


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an API says of itself when it refuses: codes and types, and a sentence."""

    codes: str = ""
    message: str = ""

    @property
    def words(self) -> str:
        return f"{self.codes} {self.message}".lower()


def told_by(exchange: Exchange) -> Told | None:
    """The words of an error in JSON, whatever its form; None where the body is no JSON object."""
    value = parse(exchange.body)
    if isinstance(value, NotJson):
        return None
    # Google's door for OpenAI's dialect puts some errors into a list.
    value = value[0] if isinstance(value, list) and value else value
    if not isinstance(value, dict):
        return None
    error = at(value, "error")
    inner = error if isinstance(error, dict) else value
    codes = " ".join(_short(inner.get(name)) for name in ("code", "type", "status", "param"))
    message = error if isinstance(error, str) else _message(inner) or _message(value)
    return Told(codes=codes[:500], message=message[:_LOOKED_AT])


def _message(value: Json) -> str:
    names = ("message", "detail", "msg", "error_msg", "error_description", "reason")
    return next((words for name in names if (words := text_at(value, name).strip())), "")


def _short(value: Json) -> str:
    is_whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9
    return str(value) if is_whole else value[:200] if isinstance(value, str) else ""


#: Codes and sentences that mean it beyond doubt, whatever the status.
_NO_QUOTA = re.compile(
    r"insufficient[ _-]?(user[ _-]?)?(account[ _-]?)?(quota|balance|credit|fund)"
    r"|(balance|credits?|funds?|quota)( is| are| has been| have been)?"
    r" (insufficient|too low|not enough|exhausted|used up|depleted)"
    r"|(not enough|out of|no remaining|doesn't have any|used all available) (credit|balance|quota)"
    r"|exceeded_current_quota|billing_(hard_limit|not_active)|arrear|overdue|pay past invoices"
    r"|budget has been exceeded|budget_exceeded|credit[ _]limit|spending limit|payment[ _]required"
    r"|余额不足|餘額不足|欠费|欠費|额度不足|额度已用尽|余额已用尽|资源包.{0,6}(用尽|不足)|请充值"
)
#: What some also say beside a mere rate limit ("visit .../billing to raise it").
_OF_MONEY = re.compile(
    r"\bbilling\b|\bbalance\b|\bcredits?\b|exceeded your current quota|余额|充值"
)
_OF_RATE = re.compile(
    r"rate[ _-]?limit|too many requests|(requests|tokens) per|per (minute|second|day)\b"
    r"|try again in|retry (in|after)|concurren|频率|限流|并发|速率|稍后"
)
_MONEY_STATUSES = frozenset({402, 403, 412, 429})


def is_out_of_quota(exchange: Exchange) -> bool:
    """True where the account has nothing left to pay with: asking again later does not help."""
    told = told_by(exchange)
    words = told.words if told else ""
    if exchange.status == 402 or _NO_QUOTA.search(words):
        return True
    is_of_money = exchange.status in _MONEY_STATUSES and _OF_MONEY.search(words)
    return bool(is_of_money) and not _OF_RATE.search(words) and not exchange.header("retry-after")


_OF_MODEL = re.compile(
    r"model_not_(found|exist|available|supported)|modelnotfound|(invalid|unknown)_model"
    r"|deploymentnotfound|not_found_error\b.{0,40}\bmodel:"
    r"|(models?|deployment)\b.{0,200}?(not (found|exist|available|supported|valid|deployed)"
    r"|does ?n[o']t exist|is unknown|not have access|无可用渠道)"
    r"|(unknown|invalid|unsupported|no such|not a valid) (model|deployment)"
    r"|(not|n't|unable to) (found|have access to|access|support|serve|find|know)( the)? "
    r"(model|deployment)"
    r"|模型.{0,200}?(不存在|未找到)",
    re.DOTALL,
)
#: What one-api and new-api answer with 503 to a name that none of their channels has.
_NO_CHANNEL = re.compile(r"model_not_found|无可用渠道|no available channel")
_OF_LIMIT = re.compile(r"max_(completion_)?tokens|unsupported_(parameter|value)")
#: An unknown model may be spoken of in any of these.
_MODEL_STATUSES = frozenset({200, 400, 403, 404, 422})


def is_about_the_model(exchange: Exchange) -> bool:
    """True where the API refuses because it does not know, or does not give, the model."""
    told = told_by(exchange)
    if told is None or is_out_of_quota(exchange):
        return False
    if exchange.status not in _MODEL_STATUSES:
        return exchange.status >= 500 and bool(_NO_CHANNEL.search(told.words))
    return bool(_OF_MODEL.search(told.words)) and not _OF_LIMIT.search(told.words)


_OF_KEY = re.compile(
    r"invalid_api_key|api_key_invalid|authentication_error|invalid_authentication|unauthenticated"
    r"|(incorrect|invalid|wrong|missing|expired|no) (api|access|subscription)[ -]?(key|token)"
    r"|(api|access|subscription)[ _-]?(key|token)[ _]((is|was|has been)[ _])?"
    r"(not valid|invalid|missing|required|expired|disabled|revoked|suspended|deactivated|deleted)"
    r"|account[ _]((is|was|has been)[ _])?(disabled|suspended|deactivated|terminated|banned)"
    r"|无效的令牌|令牌.{0,20}(无效|过期|禁用|不可用)|用户.{0,10}封禁"
)


def is_about_the_key(exchange: Exchange) -> bool:
    """True where the API refuses the key, whatever status it chose to say so."""
    told = told_by(exchange)
    says_so = told is not None and _OF_KEY.search(told.words)
    # A gateway whose own key is refused upstream says so with a status of 500 or more.
    return exchange.status == 401 or bool(says_so and exchange.status < 500)


_OF_PLACE = re.compile(
    r"\bcountry\b|\bregion\b|\bterritory\b|user location|your location|geo[ -]?(block|restrict)"
    r"|\bip\b.{0,60}(allow|white|block|ban|author)|ip_not_authorized|地区|国家和地区"
)
_PLACE_STATUSES = frozenset({400, 401, 403, 451})


def is_about_the_place(exchange: Exchange) -> bool:
    """True where the API takes no requests from the country or the address they come from."""
    told = told_by(exchange)
    if told is None or exchange.status not in _PLACE_STATUSES or _OF_KEY.search(told.words):
        return False
    return exchange.status == 451 or bool(_OF_PLACE.search(told.words))


# ---------------------------------------------------------------- what is no API


def is_page(exchange: Exchange) -> bool:
    """True for a web page. JSON that calls itself HTML is none."""
    begin = exchange.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not begin.startswith(b"<"):
        return False
    kind = exchange.header("content-type").lower()
    return (
        "html" in kind or re.match(rb"<(!doctype html|html|head|title|body)\b", begin) is not None
    )


def title_of(exchange: Exchange) -> str:
    """The title of a web page, or its first heading; "" where it has neither."""
    text = _text(exchange)
    found = re.search(r"<(title|h1)\b[^>]{0,200}>([^<]{1,300})", text, re.IGNORECASE)
    return html.unescape(found[2]).strip() if found else ""


#: Firewalls and CDNs by what their pages and headers say.
_GUARDS = (
    ("Cloudflare", r"cloudflare|cf-mitigated|^error code: 1\d{3}"),
    ("Akamai", r"akamai|edgesuite\.net"),
    ("CloudFront", r"cloudfront"),
    ("AWS WAF", r"x-amzn-waf|awselb"),
    ("Azure", r"azure front door|microsoft-azure-application-gateway|x-azure-ref"),
    ("Imperva", r"incapsula|imperva|x-iinfo"),
    ("Sucuri", r"sucuri"),
    ("F5", r"your support id is|bigip|big-ip"),
    ("Alibaba Cloud", r"errors\.aliyun\.com|yundun"),
    ("ModSecurity", r"mod_?security"),
    ("Fortinet", r"fortigate|fortiguard|fortiweb"),
    ("Zscaler", r"zscaler"),
    ("Squid", r"x-squid-error|\(squid"),
    ("SafeLine", r"safeline|长亭"),
    ("BT WAF", r"btwaf|宝塔"),
)
_BLOCKED = re.compile(
    r"request (was |has been |is )?(blocked|rejected by)|blocked by"
    r"|\bwaf\b|\bfirewall\b|just a moment|attention required|captcha|bot (detected|protection)"
    r"|rbac: access denied|请求被拦截|访问被拦截|访问被阻断"
)
#: With these a firewall turns requests away; with all but 403 it must also say that it does.
_TURNED_AWAY = frozenset({403, 405, 406, 418, 429, 503})
#: Of these, what a page with a firewall's name on it is by no server behind it.
_ITS_OWN = frozenset({405, 406, 418})


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What turned the request away before it came to the API; its name, where it is known."""

    name: str = ""


def guard_of(exchange: Exchange) -> Guard | None:
    """The firewall or CDN that refused; None where the API itself did.

    Many an API stands behind a CDN whose name is in all its headers, so an error in JSON is the
    API's own unless its words speak of a firewall.
    """
    if exchange.status not in _TURNED_AWAY:
        return None
    told = told_by(exchange)
    words = told.words if told else _text(exchange).lower()
    says_so = bool(_BLOCKED.search(words)) or bool(exchange.header("cf-mitigated"))
    if told and not says_so:
        return None
    signed, passed = _guard_in(words), _guard_in(_headers(exchange))
    is_its_page = exchange.status in _ITS_OWN and is_page(exchange) and bool(signed)
    is_forbidden = exchange.status == 403 and (is_page(exchange) or bool(signed or passed))
    return Guard(name=signed or passed) if says_so or is_its_page or is_forbidden else None


def _guard_in(text: str) -> str:
    return next((name for name, signs in _GUARDS if re.search(signs, text)), "")


def _headers(exchange: Exchange) -> str:
    return "\n".join(f"{name}: {value[:200]}" for name, value in exchange.headers[:100]).lower()


def _text(exchange: Exchange) -> str:
    return exchange.body[:_LOOKED_AT].decode("utf-8", "replace")
