"""Who an enterprise is and what it may send: roles, status, forms of codes (GACC 2018 No. 194; field tables 202205)."""

from ccezone.enterprises.rules.defaults import NEEDED, defaults_faults
from ccezone.enterprises.rules.parties import ALSO, Flow, Role, Status, TradeMode, held_roles, identity_faults
from ccezone.enterprises.rules.products import product_faults

__all__ = [
    "ALSO",
    "NEEDED",
    "Flow",
    "Role",
    "Status",
    "TradeMode",
    "defaults_faults",
    "held_roles",
    "identity_faults",
    "product_faults",
]
