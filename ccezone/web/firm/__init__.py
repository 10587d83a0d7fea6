"""Pages of an enterprise: it sees its own rows and nobody else's."""
