"""Use cases of foreign exchange: one verb, one function, one transaction."""
