"""When to stop asking: Wald's sequential probability ratio test for "the picture arrived".

A model may misread; a guess cannot pass. So one right reading settles it, and misreadings count
against the endpoint until the test rejects.
"""

from __future__ import annotations

from math import log

#: Chance that a model which got the picture reads it. Weak, but small ones reach no more.
READS = 0.80
#: Chance that an endpoint which lost the picture names its code all the same.
GUESSES = 1e-4
#: Chance of accusing an endpoint whose model reads 80 %: with 400 questions, 1 run in 2,500.
#: (2e-12 where it reads 95 %.)
FALSE_ALARM = 1e-6
MISSED_DEFECT = 1e-3

_PER_MISS = log((1 - GUESSES) / (1 - READS))
_PER_HIT = log(GUESSES / READS)
_REJECT = log((1 - MISSED_DEFECT) / FALSE_ALARM)
_ACCEPT = log(MISSED_DEFECT / (1 - FALSE_ALARM))


def settled(hits: int, misses: int) -> bool | None:
    """True: the picture arrives; False: it does not; None: ask again."""
    evidence = hits * _PER_HIT + misses * _PER_MISS
    if evidence <= _ACCEPT:
        return True
    return False if evidence >= _REJECT else None


#: Most times one question is asked before the test has decided.
MOST_SAMPLES = next(n for n in range(1, 100) if settled(0, n) is False)

#: Refusals in a row, where an answer is due, that are no chance: a filter or a guard now and then,
#: a download that failed, one channel of several. Where one reply in 33 is such a refusal, a run of
#: 550 questions accuses with a probability of 4 in 10,000; with three it was 1.5 %.
REFUSALS = 4
