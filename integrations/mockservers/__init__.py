"""Counterparties to test and to demonstrate against: one Flask application each, scriptable, with a memory of its own."""
