"""From domain values to the rows of each bill's table: keys, digests, the sealed personal part.

Rows hold texts and whole numbers: amounts and identifiers are spelled here, at a fraction of what the driver takes for it.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from ccezone.bills import rules
from ccezone.bills.ports import Values
from ccezone.bills.rules import BillKind
from ccezone.bills.service.parties import Parties
from ccezone.storage.personal import PersonalVault

Canonical = Callable[[str], str]
# The last name of each is mandatory in import bills and absent from export bills.
ORDER_PERSONAL = (
    "buyer_reg_no", "buyer_name", "buyer_telephone", "buyer_id_type", "buyer_id_number",
    "consignee_name", "consignee_telephone", "consignee_address",
)  # fmt: skip
PAYMENT_PERSONAL = ("payer_id_type", "payer_id_number", "telephone", "payer_name")
WAYBILL_PERSONAL = ("consignee_name", "consignee_address", "consignee_telephone")
# What is compared between bills, in the order of the digests' columns.
_ORDER_COMPARED = (
    "buyer_name", "buyer_id_number", "buyer_telephone", "consignee_name", "consignee_telephone", "consignee_address",
)  # fmt: skip
_PAYMENT_COMPARED = ("payer_name", "payer_id_number")
_WAYBILL_COMPARED = ("consignee_name", "consignee_telephone", "consignee_address")
_NOT_CONTENT = ("guid", "app_time", "app_type", "app_status")


class Keys(NamedTuple):
    """The keys of one document."""

    own: int
    order: int | None = None
    order_no: int | None = None
    waybill: int | None = None


@dataclass(frozen=True, slots=True)
class BillTable:
    """How one kind of bill is stored: its table, key column, own columns and the functions that fill them."""

    name: str
    key_column: str
    columns: tuple[str, ...]
    keys: Callable[[str, Values, Canonical], Keys]
    row: Callable[[Values, Keys, Parties, PersonalVault, str], tuple[object, ...]]
    title: Callable[[Values], str]
    reusable: bool = False


def text(values: Values, name: str) -> str:
    """Return a text value, empty when absent."""
    value: Any = values.get(name)  # the schema has judged it: text, or absent
    return value or ""


def spelled(values: Values, name: str) -> str | None:
    """Return an amount as text, ``None`` when absent."""
    value = values.get(name)
    return None if value is None else str(value)


def content_digest(values: Values, lines: bytes) -> int:
    """Digest what a document says, whatever its guid and time: replays are told by it. ``lines`` is ``json_lines`` of it."""
    said = dict(values)
    for name in _NOT_CONTENT:
        said.pop(name, None)
    if "lines" in said:
        said["lines"] = orjson.Fragment(lines)
    return int.from_bytes(hashlib.blake2b(orjson.dumps(said, default=str), digest_size=8).digest(), signed=True)


def personal(
    vault: PersonalVault, values: Values, sealed: Sequence[str], compared: Sequence[str]
) -> tuple[int | bytes | None, ...]:
    """Return the digests of what is compared, then all personal values as one sealed unit; nothing for export bills."""
    if sealed[-1] not in values:
        return (None,) * (len(compared) + 1)
    found = {name: value for name in sealed if (value := text(values, name))}
    digests = [vault.digest(found[name]) if name in found else None for name in compared]
    return (*digests, vault.seal(found) if found else None)


def json_lines(values: Values) -> bytes:
    """Return the lines of a document as JSON. Amounts become text in it: exact, and as people wrote them."""
    return orjson.dumps(values.get("lines") or [], default=str)


def order_keys(flow: str, values: Values, canonical: Canonical) -> Keys:
    """Keys of CEB303 and CEB311."""
    number = text(values, "order_no")
    own = rules.order_key(flow, canonical(text(values, "merchant_code")), canonical(text(values, "platform_code")), number)
    return Keys(own, order=own, order_no=rules.order_no_key(number))


def order_row(values: Values, keys: Keys, parties: Parties, vault: PersonalVault, lines: str) -> tuple[object, ...]:
    """Columns of an order, after the common ones. Codes stay as stated: the list must repeat them."""
    return (
        text(values, "guid"), parties.merchant_id(values), keys.order_no, text(values, "order_no"), text(values, "order_type"),
        text(values, "platform_code"), text(values, "platform_name"),
        text(values, "merchant_code"), text(values, "merchant_name"),
        spelled(values, "goods_value"), spelled(values, "freight") or "0", spelled(values, "discount") or "0",
        spelled(values, "tax_total") or "0", spelled(values, "actual_paid"), text(values, "currency"),
        text(values, "payment_enterprise_code") or None, text(values, "payment_no") or None,
        *personal(vault, values, ORDER_PERSONAL, _ORDER_COMPARED), lines,
    )  # fmt: skip


def payment_keys(flow: str, values: Values, canonical: Canonical) -> Keys:
    """Keys of CEB403 and CEB411."""
    merchant, platform = canonical(text(values, "merchant_code")), canonical(text(values, "platform_code"))
    number = text(values, "order_no")
    own = rules.payment_key(flow, canonical(text(values, "payment_enterprise_code")), merchant, number, text(values, "payment_no"))
    return Keys(own, order=rules.order_key(flow, merchant, platform, number))


def payment_row(values: Values, keys: Keys, parties: Parties, vault: PersonalVault, lines: str) -> tuple[object, ...]:
    """Columns of a payment, after the common ones."""
    return (
        text(values, "guid"), keys.order, text(values, "order_no"), text(values, "platform_code"),
        parties.canonical(text(values, "merchant_code")) or None, text(values, "payment_enterprise_code") or None,
        text(values, "payment_enterprise_name"), text(values, "payment_no"), spelled(values, "amount"), text(values, "currency"),
        text(values, "paid_at"), *personal(vault, values, PAYMENT_PERSONAL, _PAYMENT_COMPARED),
    )  # fmt: skip


def waybill_keys(flow: str, values: Values, canonical: Canonical) -> Keys:
    """Keys of CEB505 and CEB511; only the latter names an order."""
    own = rules.waybill_key(flow, canonical(text(values, "carrier_code")), text(values, "waybill_no"))
    number = text(values, "order_no")
    return Keys(own, order_no=rules.order_no_key(number) if number else None, waybill=own)


def waybill_row(values: Values, keys: Keys, parties: Parties, vault: PersonalVault, lines: str) -> tuple[object, ...]:
    """Columns of a waybill, after the common ones."""
    return (
        text(values, "guid"), keys.order_no, text(values, "order_no") or None,
        text(values, "carrier_code"), text(values, "carrier_name"), text(values, "waybill_no"),
        text(values, "bill_no") or None, parties.canonical(text(values, "merchant_code")) or None,
        spelled(values, "freight"), spelled(values, "insurance"), text(values, "currency"),
        spelled(values, "gross_weight" if "gross_weight" in values else "weight"), values["packages"],
        text(values, "goods_info") or None, *personal(vault, values, WAYBILL_PERSONAL, _WAYBILL_COMPARED),
    )  # fmt: skip


def link_keys(flow: str, values: Values, canonical: Canonical) -> Keys:
    """Keys of a shipping link."""
    merchant, platform = canonical(text(values, "merchant_code")), canonical(text(values, "platform_code"))
    order = rules.order_key(flow, merchant, platform, text(values, "order_no"))
    waybill = rules.waybill_key(flow, canonical(text(values, "carrier_code")), text(values, "waybill_no"))
    return Keys(rules.link_key(order, waybill), order=order, waybill=waybill)


def link_row(values: Values, keys: Keys, parties: Parties, vault: PersonalVault, lines: str) -> tuple[object, ...]:
    """Columns of a shipping link, after the common ones."""
    return (
        keys.order, keys.waybill, text(values, "order_no"), parties.canonical(text(values, "platform_code")),
        parties.canonical(text(values, "merchant_code")), parties.canonical(text(values, "carrier_code")),
        text(values, "waybill_no"),
        lines,
    )  # fmt: skip


def order_title(values: Values) -> str:
    return text(values, "order_no")


def payment_title(values: Values) -> str:
    return text(values, "payment_no") or text(values, "order_no")


def waybill_title(values: Values) -> str:
    return text(values, "waybill_no")


def link_title(values: Values) -> str:
    return f"{text(values, 'order_no')} / {text(values, 'waybill_no')}"


TABLES: Mapping[BillKind, BillTable] = {
    BillKind.ORDER: BillTable(
        "order_version", "order_key",
        ("guid", "merchant_id", "order_no_key", "order_no", "order_type", "platform_code", "platform_name", "merchant_code",
         "merchant_name", "goods_value", "freight", "discount", "tax_total", "actual_paid", "currency",
         "payment_enterprise_code", "payment_no", "buyer_name_digest", "buyer_id_digest", "buyer_telephone_digest",
         "consignee_digest", "consignee_telephone_digest", "consignee_address_digest", "personal", "lines"),
        order_keys, order_row, order_title,
    ),
    BillKind.PAYMENT: BillTable(
        "payment_version", "payment_key",
        ("guid", "order_key", "order_no", "platform_code", "merchant_code", "payment_enterprise_code",
         "payment_enterprise_name", "payment_no", "amount", "currency", "paid_at", "payer_name_digest", "payer_id_digest",
         "personal"),
        payment_keys, payment_row, payment_title,
    ),
    BillKind.WAYBILL: BillTable(
        "waybill_version", "waybill_key",
        ("guid", "order_no_key", "order_no", "carrier_code", "carrier_name", "waybill_no", "bill_no", "merchant_code", "freight",
         "insurance", "currency", "gross_weight", "packages", "goods_info", "consignee_digest",
         "consignee_telephone_digest", "consignee_address_digest", "personal"),
        waybill_keys, waybill_row, waybill_title, reusable=True,
    ),
    BillKind.LINK: BillTable(
        "link_version", "link_key",
        ("order_key", "waybill_key", "order_no", "platform_code", "merchant_code", "carrier_code", "waybill_no", "lines"),
        link_keys, link_row, link_title,
    ),
}  # fmt: skip
