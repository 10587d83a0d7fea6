"""Reading export tax refund: worked examples, the goods ledger, claims."""
