"""What a run asks for itself, so that no verdict rests on the model or on a limit."""
