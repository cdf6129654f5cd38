"""The picture host: serves pictures under unguessable URLs, misbehaves on order, logs."""
