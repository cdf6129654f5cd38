"""The reference endpoint: correct, and wrong on demand."""
