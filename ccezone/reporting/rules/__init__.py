"""Pure parts of the reporting chain: when a report is due, what it asks for, what is doubtful about it."""
