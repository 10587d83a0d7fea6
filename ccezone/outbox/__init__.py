"""The queue of work that leaves a transaction: documents for the single window, and the messages they were packed into."""
