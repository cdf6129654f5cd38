"""Whether the call itself is right, asked before anything is judged."""
