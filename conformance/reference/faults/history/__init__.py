"""Faults with conversations: earlier turns, roles, and the texts that stand beside pictures."""
