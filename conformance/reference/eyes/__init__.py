"""How the reference endpoint reads pictures: from their pixels alone."""
