"""The suite against the faults of the reference endpoint."""
