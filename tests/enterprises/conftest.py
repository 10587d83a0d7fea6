"""Builders of enterprises and products: each shows only the field that matters."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ccezone.enterprises.service import DefaultsEntry, ProductEntry, Registration
from ccezone.kernel.clock import FixedClock

USCC = "91360700MA35CAM00K"
CUSTOMS_CODE = "3607960001"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 6, 1, 4, 0, tzinfo=UTC))


def a_merchant(**changes: object) -> Registration:
    return replace(Registration(uscc=USCC, name="赣南家具", roles=["merchant"]), **changes)  # type: ignore[arg-type]


def a_chair(**changes: object) -> ProductEntry:
    chair = ProductEntry(
        item_no="CHAIR-1",
        name="实木餐椅",
        hs_code="9401610000",
        specification="橡木",
        unit="007",
        unit1="001",
        qty1_per_unit=Decimal(1),
        net_weight=Decimal("6.5"),
    )
    return replace(chair, **changes)  # type: ignore[arg-type]  # one keyword builder serves every field


def direct_export(**changes: object) -> DefaultsEntry:
    defaults = DefaultsEntry(
        trade_mode="9610",
        flow="E",
        customs_code="4015",
        port_code="4015",
        agent_code=USCC,
        agent_name="赣南家具",
        owner_code=USCC,
        owner_name="赣南家具",
        transport_mode="4",
        pod="502",
        wrap_type="2",
    )
    return replace(defaults, **changes)  # type: ignore[arg-type]
