"""Which model answers: one that takes no pictures, the names in replies, and the list of models."""

ORDER = ("text_models", "names", "list_of_models", "metadata")
