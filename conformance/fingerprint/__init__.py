"""Who is behind an endpoint, told by what its pictures cost."""
