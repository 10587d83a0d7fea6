"""What each process of a deployment does; each imports only what it needs."""
