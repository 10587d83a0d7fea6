"""Benchmarks: each on a fresh embedded PostgreSQL with default durability, each checking that nothing was lost or doubled."""
