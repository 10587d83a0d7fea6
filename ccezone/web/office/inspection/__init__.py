"""Inspection for the office: shared orders, random draws, inspectors."""
