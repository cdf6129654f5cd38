"""Which replies can be played to the library.

They are those that other checks ask for. What another check is about is not judged again.
"""

from __future__ import annotations

from dataclasses import replace

from conformance.judging import replies, sdk
from conformance.model import Blocked, Exchange, NotApplicable, Reason


def verify_answered(exchange: Exchange) -> None:
    """Not every endpoint knows tools and formats, and the checks of tools judge which must."""
    if replies.judgeable(exchange).status != 200 or exchange.reply.is_error:
        raise NotApplicable(f"it is not answered: {replies.told(exchange)}", why=Reason.NOT_OFFERED)


def is_stream(exchange: Exchange) -> bool:
    kind = exchange.header("content-type").lower()
    return "event-stream" in kind or exchange.body[:5] == b"data:"


def answered_by(check_id: str, exchange: Exchange) -> None:
    """Raises Blocked by the check which judges that this is answered at all."""
    if replies.judgeable(exchange).status != 200 or exchange.reply.is_error:
        raise Blocked(check_id, replies.told(exchange))


def plainly_framed(exchange: Exchange) -> Exchange:
    return replace(exchange, body=sdk.plainly_framed(exchange.body))
