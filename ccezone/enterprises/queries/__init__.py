"""Read models of enterprises, their products and their declaration defaults."""

from ccezone.enterprises.queries.defaults import DefaultsView, defaults_of
from ccezone.enterprises.queries.enterprises import (
    FRESH_SECONDS,
    Directory,
    EnterpriseView,
    count_enterprises,
    directory,
    enterprise,
    forget_directory,
    search_enterprises,
)
from ccezone.enterprises.queries.papers import PaperView, live_paper, paper
from ccezone.enterprises.queries.products import (
    Gap,
    ProductView,
    hs_codes_of,
    product,
    product_by_id,
    products_of,
    search_products,
    subject_of,
)

__all__ = [
    "FRESH_SECONDS",
    "DefaultsView",
    "Directory",
    "EnterpriseView",
    "Gap",
    "PaperView",
    "ProductView",
    "count_enterprises",
    "defaults_of",
    "directory",
    "enterprise",
    "forget_directory",
    "hs_codes_of",
    "live_paper",
    "paper",
    "product",
    "product_by_id",
    "products_of",
    "search_enterprises",
    "search_products",
    "subject_of",
]
