"""Daily reconciliation of the hub's ledgers: each states its own balance, what does not add up becomes an exception case."""
