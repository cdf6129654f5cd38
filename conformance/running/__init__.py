"""How requests become exchanges, and dialogues findings. Knows nothing of what is asked."""
