"""What is wrong with a call, in one sentence that says what to do about it.

Whatever is quoted comes from strangers: short, on one line, nothing that a terminal obeys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from conformance.judging.refusals import has_error_object
from conformance.judging.replies import quote
from conformance.model import Exchange, Target
from conformance.preflight import gatekeepers
from conformance.preflight.gatekeepers import GATEWAY, told_by
from conformance.wire import trouble


def sentence(target: Target, exchange: Exchange) -> str:
    """Why every case would come to nothing, by the answer to a plain question; "" if none would."""
    return next((told for look in _LOOKS if (told := look(target, exchange))), "")


def unknown_model(target: Target, exchange: Exchange, names: Sequence[str]) -> str:
    """The same where the model is unknown; ``names`` are those that the endpoint lists."""
    near = get_close_matches(target.model, names, n=3, cutoff=0.3) or names[:3]
    shown = f"; it lists {', '.join(plain(n)[:100] for n in near)}" if near else ""
    return (
        f"the endpoint does not know the model {target.model!r} ({said(exchange)}){shown}: "
        "check --model"
    )


def said(exchange: Exchange) -> str:
    """Status and words of an answer, such as ``401: “Incorrect API key provided.”``."""
    words = _words(exchange)
    return f"{exchange.status}: {words}" if words else f"{exchange.status}, without a word"


def plain(text: str) -> str:
    """Somebody's text as it may stand on a terminal: on one line, short, nothing that acts."""
    folded = " ".join(text[:2000].split())[:300]
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in folded)[:300]


# ---------------------------------------------------------------- what may be wrong


def _unreached(target: Target, exchange: Exchange) -> str:
    """No reply comes at all. One that cannot be decoded is for the suite to tell."""
    is_reply = exchange.status or exchange.trouble in (trouble.UNDECODABLE, trouble.TOO_LARGE)
    if is_reply or not exchange.failure:
        return ""
    url, failure = target.base_url, plain(exchange.failure)
    lower = failure.lower()
    if "certificate" in lower or "ssl" in lower or "tls" in lower:
        return (
            f"no secure connection to {url}: {failure}; check that the address is https, and for a "
            "certificate of your own set SSL_CERT_FILE to its authority"
        )
    if failure.startswith("cannot connect"):
        return f"{url} cannot be reached: {failure}; check --base-url and that the endpoint runs"
    return f"{url} gives no answer: {failure}; check --base-url, or raise --timeout"


def _out_of_quota(target: Target, exchange: Exchange) -> str:
    if not gatekeepers.is_out_of_quota(exchange):
        return ""
    owner = (
        "the account" if target.auth == "none" else f"the account of the key in {target.key_env}"
    )
    return (
        f"{owner} has no quota left ({said(exchange)}): top it up, or use another; asking again "
        "does not help"
    )


def _behind_a_guard(target: Target, exchange: Exchange) -> str:
    guard = gatekeepers.guard_of(exchange)
    if guard is None:
        return ""
    who = f"{guard.name}, " if guard.name else ""
    return (
        f"a firewall or CDN in front of {target.base_url} ({who}{said(exchange)}) refuses us "
        "before the API sees the key: let this machine's address through, or check --base-url"
    )


def _behind_a_gateway(target: Target, exchange: Exchange) -> str:
    if exchange.status not in GATEWAY:
        return ""
    words = _words(exchange)
    return (
        f"the gateway in front answers {exchange.status}{f' ({words})' if words else ''}: what is "
        f"behind it does not answer; see that the model's server runs behind {target.base_url}"
    )


def _redirected(target: Target, exchange: Exchange) -> str:
    if not 300 <= exchange.status < 400:
        return ""
    place = exchange.header("location")
    shown = quote(plain(place)) if place else "a place that it does not name"
    own = target.base_url
    secure = own.replace("http://", "https://", 1)
    way_out = "check --base-url"
    if secure != own and place.startswith(f"{secure}/"):
        way_out = f"use --base-url {secure}"
    elif _LOGIN.search(place):
        way_out = "that is a login for people: check --base-url, an API wants a key instead"
    return (
        f"{own}/chat/completions redirects ({exchange.status}) to {shown}, which is not followed, "
        f"since the key would go there: {way_out}"
    )


_LOGIN = re.compile(r"log[-_]?[io]n|sign[-_]?in|\bsso\b|saml|oauth|/auth|account", re.IGNORECASE)


def _is_a_page(target: Target, exchange: Exchange) -> str:
    if not gatekeepers.is_page(exchange) or exchange.status == 429:
        return ""
    key = f"the key in {target.key_env} and " if exchange.status in (401, 407) else ""
    return (
        f"{target.base_url}/chat/completions answered {said(exchange)}: a web page, not an API; "
        f"check {key}--base-url, the address that ends before /chat/completions"
    )


def _from_the_wrong_place(target: Target, exchange: Exchange) -> str:
    if not gatekeepers.is_about_the_place(exchange):
        return ""
    return (
        f"{target.base_url} takes no requests from where this machine is ({said(exchange)}): "
        "run from a country and an address that it serves; the key may be right"
    )


def _wrong_key(target: Target, exchange: Exchange) -> str:
    if exchange.status != 403 and not gatekeepers.is_about_the_key(exchange):
        return ""
    words = said(exchange)
    if exchange.status == 403 and told_by(exchange) is None:
        return (
            f"{target.base_url} answers {words}, and no error object: either it refuses the key in "
            f"{target.key_env}, or something in front of it lets nobody in"
        )
    if target.auth == "none":
        return (
            f"the endpoint wants a key ({words}), but the target file says "
            'auth = "none": remove that line and set the key in the environment'
        )
    return (
        f"the endpoint refused the key in {target.key_env} ({words}): "
        "check the variable, or name another with --api-key-env"
    )


def _wrong_limit(target: Target, exchange: Exchange) -> str:
    """Reasoning models want another name for the bound of the output than older ones."""
    told = told_by(exchange)
    other = {"max_tokens": "max_completion_tokens"}.get(target.output_limit, "max_tokens")
    if exchange.status not in (400, 422) or told is None:
        return ""
    names = set(re.findall(r"max_(?:completion_)?tokens", told.words))
    if not {target.output_limit, other} <= names:
        return ""
    return (
        f"the model takes no {target.output_limit} ({said(exchange)}): "
        f'write output_limit = "{other}" into the target file'
    )


def _not_found(target: Target, exchange: Exchange) -> str:
    told = told_by(exchange)
    if exchange.status not in (404, 405) or not told or not told.message:
        return ""
    check = ": check --base-url" if _OF_ADDRESS.search(told.words) else ""
    return f"{target.base_url}/chat/completions answers {said(exchange)}{check}"


_OF_ADDRESS = re.compile(r"\b(url|uri|path|route|page|method)\b|^[\s\d]*not found\.?$")


def _no_completion(target: Target, exchange: Exchange) -> str:
    is_none = exchange.status in (404, 405) or 0 < exchange.status < 400
    if not is_none or has_error_object(exchange):
        return ""
    words = _words(exchange)
    return (
        f"{target.base_url}/chat/completions answered {exchange.status}"
        f"{f' ({words})' if words else ''} and no chat completion: "
        "check --base-url; it is the address that ends before /chat/completions"
    )


#: Tried in this order: what is more certain comes first.
_LOOKS: tuple[Callable[[Target, Exchange], str], ...] = (
    _unreached,
    _out_of_quota,
    _behind_a_guard,
    _behind_a_gateway,
    _redirected,
    _is_a_page,
    _from_the_wrong_place,
    _wrong_key,
    _wrong_limit,
    _not_found,
    _no_completion,
)


# ---------------------------------------------------------------- words of strangers


def _words(exchange: Exchange) -> str:
    """What a reply says, quoted; "" where it says nothing."""
    told = told_by(exchange)
    if told is not None:
        words = told.message or told.codes.strip()
    elif gatekeepers.is_page(exchange):
        words = gatekeepers.title_of(exchange)
    else:
        words = exchange.body[:1000].decode("utf-8", "replace")
    return quote(plain(words)) if words.strip() else ""
