"""The ``detail`` member: what is accepted, what it costs, and what can be read by it."""

ORDER = ("values", "costs", "fine_print", "several_pictures", "low_before_high")
