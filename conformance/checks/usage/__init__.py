"""Token accounting of pictures: relations that need no secret constant, then the model's rule."""

ORDER = ("counts", "equal_costs", "words", "several_pictures", "details", "by_the_rule")
