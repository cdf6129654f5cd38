"""How much a request may hold, what becomes of one that holds too much, and of those after it."""

ORDER = ("weights", "large_and_long", "many_pictures", "far_apart")
