"""Rows of a rival merchant, one for every page of a firm that names a row: whoever adds such a page adds a line here."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import issue_credential
from ccezone.enterprises.queries import product
from ccezone.enterprises.service import ProductEntry, save_products
from ccezone.kernel.clock import Clock
from ccezone.storage import UnitOfWork
from tests.web.conftest import Cast

SECRET = "竞争对手的商业秘密"
"""Stands in every row of the rival, and must never stand on a page of the merchant."""

Values = Mapping[str, str]
RivalRow = Callable[[UnitOfWork, Cast, Clock], Values]


def rival_product(uow: UnitOfWork, cast: Cast, clock: Clock) -> Values:
    """Save a product of the rival and return how its pages are addressed."""
    entry = ProductEntry(
        item_no="RIVAL-1",
        name=SECRET,
        hs_code="9401610000",
        specification="橡木",
        unit="007",
        unit1="001",
        qty1_per_unit=Decimal(1),
        net_weight=Decimal(1),
    )
    save_products(uow, cast.rival_id, [entry], clock)
    found = product(uow.connection, cast.rival_id, "RIVAL-1")
    assert found is not None
    return {"product_id": str(found.id)}


def rival_credential(uow: UnitOfWork, cast: Cast, clock: Clock) -> Values:
    """Issue a credential to the rival."""
    issued = issue_credential(uow, cast.rival_id, SECRET, [Permission.BILLS_READ], None, clock)
    return {"credential_id": str(issued.id)}


RIVAL_ROWS: Mapping[str, RivalRow] = {
    "products.edit": rival_product,
    "products.change": rival_product,
    "products.remove": rival_product,
    "credentials.revoke": rival_credential,
}

OWN_BY_NATURE = {
    "defaults.edit": {"trade_mode": "9610", "flow": "E"},
    "defaults.save": {"trade_mode": "9610", "flow": "E"},
}
"""Pages whose address names no row, so that it means one's own for everybody."""
