"""Use cases of export tax refund: one verb, one function, one transaction."""
