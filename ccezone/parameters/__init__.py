"""Dated, per-zone parameters: limits, rates, deadlines and switches, each with the document it comes from."""
