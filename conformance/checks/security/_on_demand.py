"""What is risky, where it may be sent, and what an error says of it.

A second host of ours, at another port of this machine, is the witness: what reaches it is proof,
and does no harm.
"""

from __future__ import annotations

import ipaddress
from functools import partial
from urllib.parse import urlsplit

from conformance.model import Exchange, Lab, NotApplicable, Reason
from conformance.registry import check

#: Every check here could do harm.
risky = partial(check, opt_in=True)


def verify_here(lab: Lab) -> None:
    """The witness and the files are on this machine, and so must be whoever could reach them."""
    host = urlsplit(lab.target.base_url).hostname or ""
    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    if not is_here:
        raise NotApplicable(
            "the endpoint is not on this machine, where the witness is", why=Reason.NOT_OFFERED
        )


def words_of(exchange: Exchange) -> str:
    """What an error says; "" for an answer."""
    if exchange.status == 200 and not exchange.reply.is_error:
        return ""
    return exchange.reply.error_message or exchange.body[:10_000].decode("utf-8", "replace")
