"""What was sent and received, on disk and back."""
