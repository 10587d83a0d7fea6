"""Use cases of enterprises: an officer registers and suspends, an enterprise keeps its products and defaults."""

from ccezone.enterprises.service.defaults import DefaultsEntry, save_defaults
from ccezone.enterprises.service.products import ProductEntry, remove_product, save_products
from ccezone.enterprises.service.registering import Registration, amend, register, set_status

__all__ = [
    "DefaultsEntry",
    "ProductEntry",
    "Registration",
    "amend",
    "register",
    "remove_product",
    "save_defaults",
    "save_products",
    "set_status",
]
