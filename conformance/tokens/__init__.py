"""What a picture costs, by published rules."""
