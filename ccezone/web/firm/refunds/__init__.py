"""Pages of export tax refund: goods ledger, calculators, claims."""
