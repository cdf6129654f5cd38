"""Other doors of the same endpoint: /responses and /messages. Nobody has to offer them."""

ORDER = ("pictures", "foreign_parts", "costs")
