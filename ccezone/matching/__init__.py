"""The three-bill merge: which bills of an order have come, what differs between them, and whether a list may be filed."""
