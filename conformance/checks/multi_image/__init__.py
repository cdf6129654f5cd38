"""Several pictures: in one message, across turns, and across requests."""

ORDER = (
    "in_order",
    "same_picture_again",
    "words_between",
    "mixed_ways",
    "turns",
    "between_requests",
    "told_apart",
)
