"""Shapes of the JSON interface, taken from the same definitions as the messages."""
