"""What can go wrong with a picture, its answer or its bill: a small closed vocabulary."""

from __future__ import annotations

from enum import StrEnum


class Symptom(StrEnum):
    """What a judgement saw go wrong, the gravest first."""

    # ---- pictures, or words beside them, are lost or made up
    #: The answer does not tell what the picture shows.
    NOT_READ = "not-read"
    #: The answer tells, as if it were in the picture, what no picture of the run shows.
    MADE_UP = "made-up"
    #: Of equal requests some are answered without the picture.
    UNSTEADY = "unsteady"
    #: Words of the request do not reach the model.
    WORDS_LOST = "words-lost"

    # ---- pictures are mixed up
    #: The answer tells what a picture of another request shows.
    ANOTHERS = "anothers"
    #: Pictures of one request are taken for one another: another order, label or turn.
    ORDER = "order"

    # ---- pictures are seen with less in them
    #: Coarser, cropped, turned or without its colours, compared with what the model sees elsewhere.
    DEGRADED = "degraded"

    # ---- the bill
    BILL_HIGH = "bill-too-high"
    BILL_LOW = "bill-too-low"
    #: Counts that contradict each other: another sum, another price for the same thing.
    BILL_INCONSISTENT = "bill-inconsistent"
    #: A count that is due is not there, or is no whole number.
    BILL_MISSING = "bill-missing"

    # ---- errors
    #: An error where an answer stands: in a reply of status 200, as an object or as words.
    ERROR_AS_ANSWER = "error-as-answer"
    #: Answered although a refusal was due.
    OVERLOOKED = "overlooked"
    #: Let in, fetched, opened or taken whole although it must not be.
    LET_IN = "let-in"
    #: Told to somebody who must not know it.
    LEAKED = "leaked"
    #: A status of 500 or more where an answer was due.
    SERVER_ERROR = "server-error"
    #: A status of 500 or more where a refusal was due.
    REFUSAL_BREAKS = "refusal-breaks"
    #: No reply within the time allowed, or the connection broke off.
    NO_REPLY = "no-reply"
    #: Refused with a 4xx although an answer was due.
    REFUSED = "refused"
    #: Refused, as it must be, but without an error object that clients can read.
    NO_ERROR_OBJECT = "no-error-object"
    #: Refused, as it must be, but with another status or type than is due, or with a wrong reason.
    WRONG_ERROR = "wrong-error"

    # ---- form
    #: A reply of status 200 that says nothing at all.
    EMPTY = "empty"
    #: An answer or a stream that ends too early or too late, or does not end as it must.
    CUT = "cut"
    #: A reply, a stream or a header that has not the documented form.
    MALFORMED = "malformed"
    #: What is told of a model, or of the reply, is not so.
    MISTOLD = "mistold"


#: The gravest first.
GRAVITY = tuple(Symptom)
