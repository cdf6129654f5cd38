"""Every hostile behaviour, in order."""

from __future__ import annotations

from codings import CODINGS
from framing import FRAMING
from headers import HEADERS
from statuses import STATUSES
from streams import STREAMS
from texts import TEXTS
from values import VALUES

BEHAVIOURS = (*FRAMING, *CODINGS, *STATUSES, *HEADERS, *VALUES, *STREAMS, *TEXTS)
