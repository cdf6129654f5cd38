"""What is made of a reply: judgements that end a dialogue."""
