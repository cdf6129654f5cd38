"""How often a request in trouble is asked again, how long between, and what that proves."""

from __future__ import annotations

import email.utils
import re
import time
from collections import Counter
from collections.abc import Sequence
from math import ceil, log
from typing import Final

from conformance.model import Exchange
from conformance.wire import trouble

#: Chance of taking weather for a defect of one request: with 1,000 requests, 1 run in 1,000.
FALSE_ALARM: Final = 1e-6
#: Tries after which a request is given up. Of weather that spoils one reply in five, so many in
#: a row come to one request in two million.
MOST_TRIES: Final = 9
#: The same where each try takes the whole time allowed.
MOST_STALLS: Final = 5
#: Fewest tries that can show anything.
FEWEST_TRIES: Final = 3
#: Of "later", which is never a defect.
MOST_LATER: Final = 6
#: Trouble is assumed before any was seen: three in so many.
PRIOR: Final = 3
#: Seconds before the second try, doubled each time, and the longest such wait.
FIRST_WAIT, LONGEST_PAUSE = 0.25, 2.0
#: Seconds that a server may ask to wait: limits by the minute, the most common ones, end within
#: them, and limits by the hour or the day do not within any run.
LONGEST_WAIT: Final = 60.0
#: Seconds as RFC 9110, section 10.2.3, writes them, and as some do, with a fraction.
_SECONDS = re.compile(r"[0-9]{1,300}(?:\.[0-9]{1,300})?")


class Weather:
    """How often requests are in trouble that are answered when asked again."""

    def __init__(self) -> None:
        self.tries = 0
        self.troubles = 0

    def settled(self, troubles: int) -> None:
        """A request was answered after so many troubled tries."""
        self.tries += troubles + 1
        self.troubles += troubles

    def tries_needed(self) -> int:
        """Equal troubles in a row which are no weather, by the upper end of its rate so far."""
        rate = (self.troubles + PRIOR) / (self.tries + PRIOR)
        if rate >= 1:
            return MOST_TRIES
        needed = ceil(log(FALSE_ALARM) / log(rate))
        return min(MOST_TRIES, max(FEWEST_TRIES, needed))

    def is_too_fair(self, tries: int) -> bool:
        """Whether, by the rate that was seen, so many troubles in a row are no chance."""
        return self.tries == 0 or (self.troubles / self.tries) ** tries <= FALSE_ALARM


def is_over(kinds: Sequence[str], weather: Weather, controls: Sequence[bool] = ()) -> bool:
    """Whether a request with these troubles, one a try, is worth no further try.

    ``controls`` tells of plain questions asked beside it whether they were answered: what these
    share is an outage, which may be over in a few seconds.
    """
    if kinds[-1] in trouble.FINAL or kinds.count(trouble.STALL) >= MOST_STALLS:
        return True
    if all(map(_says_later, kinds)):
        return len(kinds) >= MOST_LATER
    is_shared = bool(controls) and not is_heard(controls)
    return len(kinds) >= (MOST_TRIES if is_shared else weather.tries_needed())


def _says_later(kind: str) -> bool:
    return kind.isdecimal() and int(kind) in trouble.LATER


def is_reproduced(kinds: Sequence[str], controls: Sequence[bool], weather: Weather) -> bool:
    """Whether so many troubles in a row, while plain questions were answered, are no weather.

    Weather may spoil some of the tries in other ways: what most of them show is what it is.
    """
    kind, times = Counter(kinds).most_common(1)[0]
    stalled = times == len(kinds) and kinds.count(trouble.STALL) >= MOST_STALLS
    enough = stalled or (len(kinds) >= weather.tries_needed() and weather.is_too_fair(len(kinds)))
    return enough and is_heard(controls) and trouble.convicts(kind) and 2 * times >= len(kinds)


def is_heard(controls: Sequence[bool]) -> bool:
    """Whether a plain question was answered both before the last try and after it.

    An outage that ends with the last try would otherwise look like a defect. Weather may spoil
    half of the controls.
    """
    return any(controls[:-1]) and controls[-1] and 2 * sum(controls) >= len(controls)


def is_broken(kinds: Sequence[str]) -> bool:
    """Whether a request met a server that is up and broken, each time.

    A gateway that finds nobody behind it says otherwise: that one may have been stopped.
    """
    return len(kinds) >= FEWEST_TRIES and set(kinds) == {"500"}


def pause(tries: int, asked: str = "", patience: float = LONGEST_WAIT) -> float:
    """Seconds before the next try; ``asked`` is the Retry-After of the last reply."""
    wanted = retry_after(asked)
    if wanted is not None:
        return min(patience, wanted)
    return float(min(LONGEST_PAUSE, FIRST_WAIT * 2 ** (tries - 1)))


def too_long(exchange: Exchange, patience: float) -> str:
    """What a server asked for that says "later", where it is longer than the patience; or ""."""
    seconds = retry_after(exchange.header("retry-after"))
    if exchange.status not in (429, 503) or seconds is None or seconds <= patience:
        return ""
    return (
        f"the endpoint asked to wait {seconds:.10g} s ({exchange.status}), "
        f"longer than the {patience:g} s that this run waits (--patience)"
    )


def retry_after(value: str) -> float | None:
    """Seconds that a Retry-After header asks for, a number or a date; 0 for what is past.

    None where it is neither.
    """
    text = value.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        at = email.utils.parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError, OSError):
        return None
    return max(0.0, at - time.time())
