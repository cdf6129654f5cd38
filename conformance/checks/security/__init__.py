"""What must not be fetched, opened or taken whole. Sent on demand only, and after all the rest."""

ORDER = ("addresses", "files", "floods_and_bombs")
