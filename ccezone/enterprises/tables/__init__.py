"""Rows of enterprises, their products and their declaration defaults."""

from ccezone.enterprises.tables.defaults import DeclarationDefaults
from ccezone.enterprises.tables.enterprises import Enterprise
from ccezone.enterprises.tables.products import Product

__all__ = ["DeclarationDefaults", "Enterprise", "Product"]
