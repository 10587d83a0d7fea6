"""Enterprises of the zone: registration with codes and roles, products, declaration defaults (GACC 2018 No. 194)."""
