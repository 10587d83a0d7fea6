"""The customs port: what is submitted to the single window, and the receipts that come back."""
