"""Statistical returns on paper and as workbooks: drawn from a frozen snapshot and nothing else, the same bytes every time."""
