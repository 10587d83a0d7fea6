"""Read models of the reporting chain: what is asked for, who owes what by when, the reports, what the hub itself knows."""
