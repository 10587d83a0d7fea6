"""Foreign exchange: receipts of money, orders' money, statements, accounts; for firms and the office."""
