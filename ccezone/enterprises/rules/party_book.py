"""What a firm's party book holds: the enterprises and people its declarations name again and again."""

from collections.abc import Mapping
from enum import StrEnum

from ccezone.kernel.errors import Fault


class PartyKind(StrEnum):
    """What a party is to the firm."""

    PLATFORM = "platform"
    CARRIER = "carrier"
    PAYMENT = "payment"
    WAREHOUSE = "warehouse"
    BUYER = "buyer"
    CONSIGNEE = "consignee"


PEOPLE = frozenset({PartyKind.BUYER, PartyKind.CONSIGNEE})
PERSONAL = ("name", "telephone", "id_number", "address")
"""What is sealed of a person; of an enterprise only the telephone and address are."""


def party_faults(kind: str, short_name: str, values: Mapping[str, str]) -> list[Fault]:
    """Judge an entry: a known kind, a short name to find it by, the name messages will state, a code where it is an enterprise."""
    if kind not in {known.value for known in PartyKind}:
        return [Fault("/kind", "unknown_code", {"value": kind, "list_zh": "往来方类型", "list_en": "kinds of parties"})]
    faults = [] if short_name.strip() else [Fault("/short_name", "required")]
    if not values.get("name", "").strip():
        faults.append(Fault("/name", "required"))
    if kind not in PEOPLE and kind != PartyKind.WAREHOUSE and not values.get("code", "").strip():
        faults.append(Fault("/code", "required"))
    return faults
