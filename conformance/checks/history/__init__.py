"""Pictures in a conversation: roles, turns, examples, and the texts that stand beside them."""

ORDER = ("turns", "refused_pictures", "messages_in_a_row", "other_roles", "texts", "other_scripts")
