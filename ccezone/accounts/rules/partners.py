"""Partner organisations: banks, tax bureaus and inspection agencies, each with people of one role (issue 5, portals), and data
providers (the post, express operators, warehouses abroad, parks), whose machines send statistical feeds and who have nobody here.
"""

from collections.abc import Mapping
from enum import StrEnum

from ccezone.accounts.rules import Role
from ccezone.kernel.errors import Fault

LONGEST_CODE = 30


class PartnerKind(StrEnum):
    """What a partner organisation is."""

    BANK = "bank"
    TAX_BUREAU = "tax_bureau"
    AGENCY = "agency"
    DATA_PROVIDER = "data_provider"


ROLE_OF: Mapping[PartnerKind, Role] = {
    PartnerKind.BANK: Role.BANK,
    PartnerKind.TAX_BUREAU: Role.TAX_OFFICER,
    PartnerKind.AGENCY: Role.AGENCY,
}
"""What the people of a partner are; a data provider has none."""


def partner_faults(kind: str, code: str, name: str) -> list[Fault]:
    """Judge a partner organisation: a known kind, a short code in plain letters, a name."""
    faults = [] if kind in {each.value for each in PartnerKind} else [Fault("/kind", "required")]
    if not code.strip():
        faults.append(Fault("/code", "required"))
    elif not code.isascii() or not all(letter.isalnum() or letter in "_-" for letter in code) or len(code) > LONGEST_CODE:
        faults.append(Fault("/code", "bad_value", {"value": code[:LONGEST_CODE]}))
    return faults + ([] if name.strip() else [Fault("/name", "required")])
