"""Faults of the reference endpoint: small, named, deliberate defects, one file per area."""
