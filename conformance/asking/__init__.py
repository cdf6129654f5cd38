"""What is asked: words, whole requests, what these are made of, and where it is required."""
