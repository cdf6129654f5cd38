"""One run of the suite from its settings to its report."""
