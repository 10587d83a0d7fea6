"""The reporting chain."""
