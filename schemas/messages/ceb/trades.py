"""Made-up trades of a fictional zone, told as domain facts: the same trade speaks through every message about it.

The cast is ``schemas/codes/example_parties.csv``, the goods ``example_goods.csv``. Equal number and seed give the equal trade.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Literal

from ccezone.kernel.check_digits import complete_resident_id
from ccezone.kernel.clock import SHANGHAI, wire_time, wire_time_ms
from ccezone.kernel.money import round_half_up
from schemas.codes import Row, rows

Facts = dict[str, object]
START = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)

_IMPORT_VAT = Decimal("0.13") * Decimal("0.7")  # within the limits 70 % of the VAT falls due; these goods bear no other tax
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_GIVEN = ("子涵", "雨桐", "浩然", "思源", "佳怡", "志强", "丽华", "明轩", "晓燕", "建国", "文博", "雅琴", "俊杰", "秀英", "宇航")
_DESTINATIONS = ("344", "141", "136", "122", "304", "309", "303", "502")
_EXPORT_CUSTOMS, _IMPORT_CUSTOMS = "4003", "4017"
_PEOPLE = 20_000


@dataclass(frozen=True, slots=True)
class Trade:
    """One order with everything that follows from it: ``facts`` of the documents, ``lines`` of the goods."""

    number: int
    moment: datetime
    facts: Facts
    lines: Sequence[Facts]
    identity: Random


@cache
def party(key: str) -> Row:
    """Return one of the cast. Raises ``KeyError``."""
    return {row["key"]: row for row in rows("example_parties")}[key]


@cache
def _catalogue(flow: str) -> Mapping[str, Sequence[Row]]:
    by_merchant: dict[str, list[Row]] = {}
    for row in rows("example_goods"):
        if row["flow"] == flow:
            by_merchant.setdefault(row["merchant"], []).append(row)
    return by_merchant


def export_trade(number: int, seed: int, start: datetime = START) -> Trade:
    """A retail export order (9610, simplified path) below the parcel limit, paid in US dollars."""
    random = Random(f"E/{seed}/{number}")  # noqa: S311  # sample data
    moment = start + timedelta(seconds=number)
    merchant, goods = _pick(_catalogue("E"), random, number)
    destination = random.choice(_DESTINATIONS)
    lines = [_export_line(place, row, random, destination) for place, row in enumerate(goods, 1)]
    value, weight = _total(lines), _weight(lines)
    freight = round_half_up(Decimal(random.randint(300, 1500)) / 100)
    facts = _common("E", number, seed, moment) | {
        **_named("platform", "platform_export"),
        **_named("merchant", merchant),
        **_named("owner", merchant),
        **_named("payment_enterprise", "payment_export"),
        **_named("carrier", "logistics_export"),
        "merchant_telephone": f"0797{8_000_000 + number % 1_000_000}",
        "order_type": "E",
        "goods_value": value,
        "freight": freight,
        "currency": "502",
        "amount": value + freight,
        "customs_code": _EXPORT_CUSTOMS,
        "port_code": _EXPORT_CUSTOMS,
        "flow": "E",
        "declaration_path": "A",
        "trade_mode": "9610",
        "transport_mode": "3",
        "traf_name": "赣欧班列X8001",
        "voyage_no": f"X8001{moment:%y%m%d}",
        "bill_no": f"GZRW{moment:%Y%m%d}01",
        "country": destination,
        "pod": destination,
        "f_currency": "502",
        "f_flag": "3",
        "i_currency": "502",
        "i_flag": "3",
        "gross_weight": weight + Decimal("0.2"),
        "net_weight": weight,
    }
    return Trade(number, moment, facts, lines, random)


def import_trade(number: int, seed: int, mode: Literal["1210", "9610"] = "1210", start: datetime = START) -> Trade:
    """A bonded (1210) or direct-purchase (9610) import order within the limits, tax withheld by the platform."""
    random = Random(f"I/{seed}/{number}")  # noqa: S311  # sample data
    moment = start + timedelta(seconds=number)
    merchant, goods = _pick(_catalogue("I"), random, number)
    lines = [_import_line(place, row, random, mode) for place, row in enumerate(goods, 1)]
    value, weight = _total(lines), _weight(lines)
    tax = sum((line["value_added_tax"] for line in lines if isinstance(line["value_added_tax"], Decimal)), Decimal(0))
    facts = _common("I", number, seed, moment) | {
        **_named("platform", "platform_import"),
        **_named("merchant", merchant),
        **_named("payment_enterprise", "payment_import"),
        **_named("carrier", "logistics_import"),
        **_person(number),
        "order_type": "I",
        "goods_value": value,
        "freight": Decimal(0),
        "discount": Decimal(0),
        "tax_total": tax,
        "actual_paid": value + tax,
        "amount": value + tax,
        "currency": "142",
        "customs_code": _IMPORT_CUSTOMS,
        "port_code": _IMPORT_CUSTOMS,
        "assure_code": party(merchant)["customs_code"],
        "flow": "I",
        "trade_mode": mode,
        "weight": weight + Decimal("0.1"),
        "gross_weight": weight + Decimal("0.1"),
        "net_weight": weight,
        "customs_tax": Decimal(0),
        "consumption_tax": Decimal(0),
        "value_added_tax": tax,
        **_route(mode, moment, lines),
    }
    return Trade(number, moment, facts, lines, random)


def _pick(catalogue: Mapping[str, Sequence[Row]], random: Random, number: int) -> tuple[str, Sequence[Row]]:
    merchants = sorted(catalogue)
    merchant = merchants[number % len(merchants)]
    return merchant, random.sample(catalogue[merchant], k=random.randint(1, min(2, len(catalogue[merchant]))))


def _named(role: str, key: str) -> Facts:
    return {f"{role}_code": party(key)["customs_code"], f"{role}_name": party(key)["name_zh"]}


def _common(flow: str, number: int, seed: int, moment: datetime) -> Facts:
    serial = f"{seed % 100:02d}{number % 10_000_000:07d}"
    day = f"{moment:%Y%m%d}"
    site = _EXPORT_CUSTOMS if flow == "E" else _IMPORT_CUSTOMS
    return {
        "app_type": "1",
        "app_time": wire_time(moment),
        "app_status": "2",
        "order_no": f"{flow}{day}{serial}",
        "payment_no": f"P{flow}{day}{serial}",
        "waybill_no": f"W{flow}{day}{serial}",
        "cop_no": f"C{flow}{day}{serial}",
        "co_el_no": f"R{day}{serial}",
        "eport_no": f"B{day}{serial}",
        "list_no": f"{site}{moment:%Y}{flow}{serial}",
        "paid_at": wire_time(moment),
        "leave_time": wire_time(moment + timedelta(days=2)),
        "ie_date": day,
        "decl_time": day,
        "insurance": Decimal(0),
        "packages": 1,
        "goods_info": "跨境电商零售商品",
        "wrap_type": "2",
        "msg_count": 1,
        "msg_seq_no": 1,
        "domestic_traf_no": "赣B00001",
        **_named("agent", "agent"),
        **_named("decl_agent", "agent"),
        **_named("operator", "site"),
        "return_time": wire_time_ms(moment + timedelta(minutes=1)),
    }


def _goods_line(place: int, row: Row, quantity: int) -> Facts:
    price = Decimal(row["price"])
    return {
        "line_no": place,
        "item_no": row["key"].upper(),
        "item_name": row["name_zh"],
        "bar_code": row["barcode"],
        "unit": row["unit"],
        "currency": row["currency"],
        "qty": Decimal(quantity),
        "price": price,
        "total_price": price * quantity,
        "hs_code": row["hs_code"],
        "goods_name": row["name_zh"],
        "specification": row["specification"],
        "qty1": Decimal(row["unit1_per_unit"]) * quantity,
        "unit1": row["unit1"],
        "qty2": Decimal(row["unit2_per_unit"]) * quantity if row["unit2"] else None,
        "unit2": row["unit2"] or None,
        "weight": Decimal(row["weight_kg"]) * quantity,
    }


def _export_line(place: int, row: Row, random: Random, destination: str) -> Facts:
    return _goods_line(place, row, random.randint(1, 3)) | {"country": destination}


def _import_line(place: int, row: Row, random: Random, mode: str) -> Facts:
    line = _goods_line(place, row, random.randint(1, 3))
    price = line["total_price"]
    taxable = price if isinstance(price, Decimal) else Decimal(0)
    return line | {
        "country": row["origin"],
        "item_record_no": f"L{row['barcode']}" if mode == "1210" else None,
        "tax_price": taxable,
        "customs_tax": Decimal(0),
        "consumption_tax": Decimal(0),
        "value_added_tax": round_half_up(taxable * _IMPORT_VAT),
    }


def _total(lines: Sequence[Facts]) -> Decimal:
    return sum((line["total_price"] for line in lines if isinstance(line["total_price"], Decimal)), Decimal(0))


def _weight(lines: Sequence[Facts]) -> Decimal:
    return sum((line["weight"] for line in lines if isinstance(line["weight"], Decimal)), Decimal(0))


def person(number: int, name: str, identity: str, district: str, address: str) -> Facts:
    """One person as the facts of order, payment and waybill: buyer, payer and consignee at once.

    ``identity`` is a resident identity number, ``district`` a code of GB/T 2260.
    """
    telephone = f"1380000{number % 10_000:04d}"
    return {
        "buyer_reg_no": f"U{number:06d}",
        "buyer_name": name,
        "buyer_telephone": telephone,
        "buyer_id_type": "1",
        "buyer_id_number": identity,
        "payer_name": name,
        "payer_id_type": "1",
        "payer_id_number": identity,
        "telephone": telephone,
        "consignee_name": name,
        "consignee_telephone": telephone,
        "consignee_address": address,
        "consignee_district": district,
    }


def _person(number: int) -> Facts:
    """A made-up buyer; the identity number has a right check character and no owner is known to us."""
    who = number % _PEOPLE
    name = _SURNAMES[who % len(_SURNAMES)] + _GIVEN[who // len(_SURNAMES) % len(_GIVEN)]
    born = datetime(1970, 1, 1, tzinfo=SHANGHAI) + timedelta(days=who // 2)
    identity = str(complete_resident_id(f"360702{born:%Y%m%d}{900 + who % 2:03d}"))
    return person(who, name, identity, "360702", f"江西省赣州市章贡区示例大道{who % 999 + 1}号")


def _route(mode: str, moment: datetime, lines: Sequence[Facts]) -> Facts:
    """Where the goods come from: out of the bonded zone, or from abroad by air."""
    if mode == "1210":
        zone = {"country": "142", "transport_mode": "Y", "ems_no": f"T{_IMPORT_CUSTOMS}W000001"}
        return zone | _named("bonded_enterprise", "bonded")
    return {
        "country": lines[0]["country"],
        "transport_mode": "5",
        "traf_no": "RH321",
        "voyage_no": f"RH321{moment:%m%d}",
        "bill_no": f"999{moment:%Y%m%d}",
    }
