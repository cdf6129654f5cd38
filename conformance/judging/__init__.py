"""What is made of replies: the steps that dialogues have in common, and their judgements."""
