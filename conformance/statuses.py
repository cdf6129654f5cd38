"""Statuses that say something of the way, not of the request."""

#: Replies that say "later" rather than "no": tried again, then not judged.
BUSY = frozenset({429, 502, 503, 504})
#: Of these, what a gateway also says when it has choked on the request itself.
GATEWAY = frozenset({502, 503, 504})
