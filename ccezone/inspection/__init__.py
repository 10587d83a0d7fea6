"""Inspection: orders that several agencies share (查检合一), random draws of objects and inspectors (双随机)."""
