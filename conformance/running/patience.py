"""How often a request in trouble is asked again, how long between, and what that proves."""

from __future__ import annotations

import email.utils
import time
from collections import Counter
from collections.abc import Sequence
from math import ceil, inf, log
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
    """Seconds before the next try; ``asked`` is the Retry-After of the last reply.

    A wait without end is none that anybody means.
    """
    wanted = retry_after(asked)
    if wanted is not None and wanted != inf:
        return min(patience, wanted)
    return float(min(LONGEST_PAUSE, FIRST_WAIT * 2 ** (tries - 1)))


def is_too_long(exchange: Exchange, patience: float) -> bool:
    """Whether a server puts us off for longer than the patience in seconds, but not for ever."""
    wanted = retry_after(exchange.header("retry-after")) or 0.0
    return exchange.status in (429, 503) and patience < wanted < inf


def asked_for(exchange: Exchange, patience: float = LONGEST_WAIT) -> str:
    """What a reply says that puts us off, in words; "" for any other reply."""
    seconds = retry_after(exchange.header("retry-after")) or 0.0
    if exchange.status not in (429, 503) or not 0 < seconds < inf:
        return ""
    most = f", longer than the {patience:g} s of --patience" if seconds > patience else ""
    return f"the endpoint answered {exchange.status} and asked to wait {seconds:.10g} s{most}"


def retry_after(value: str) -> float | None:
    """Seconds that a Retry-After header asks for, a number or a date; None where it is neither."""
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError, IndexError, OverflowError, OSError):
        return None
