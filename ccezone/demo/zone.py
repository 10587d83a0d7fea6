"""Founding the fictional zone: the cast of ``example_parties.csv`` registered, with products, defaults, people and tokens."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from ccezone.accounts.rules import FIRM, STAFF, Principal, Role
from ccezone.accounts.service import Invitation, create_user, issue_credential
from ccezone.demo.office import announce_outage, login_of, staff_office
from ccezone.demo.partners import let_partners_in
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.nodes import nodes
from ccezone.enterprises.rules.authority import ACTIONS
from ccezone.enterprises.rules.authority import MODES as AUTHORITY_MODES
from ccezone.enterprises.service import (
    DefaultsEntry,
    Grant,
    NodeEntry,
    ProductEntry,
    Registration,
    add_node,
    answer_authority,
    certify,
    grant_authority,
    register,
    save_defaults,
    save_products,
)
from ccezone.import_tax.service import load_rates
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.parameters.queries import rates_entered
from ccezone.parameters.service import MonthlyRates, load_defaults, set_exchange_rates
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import run
from schemas.codes import Row, rows

NODE = "GZ"
NODES = (
    NodeEntry(NODE, "hub", "赣州综合平台", date(2020, 1, 1), name_en="Ganzhou hub"),
    NodeEntry("GZ-LN", "branch", "龙南分平台", date(2021, 1, 1), name_en="Longnan branch", parent=NODE),
    NodeEntry("GZ-CBZ", "window", "赣州综合保税区前置服务窗口", date(2021, 1, 1), name_en="Bonded zone window", parent=NODE),
    NodeEntry("GZ-PORT", "window", "赣州国际陆港前置服务窗口", date(2021, 1, 1), name_en="Inland port window", parent=NODE),
    NodeEntry("OV-DE", "overseas", "德国汉堡境外分节点", date(2023, 1, 1), name_en="Hamburg node", parent=NODE, country="304"),
)
EXPORT_SITE, IMPORT_SITE = "4003", "4017"
BELONGING = {
    "electronics": "GZ-LN",
    **dict.fromkeys(("logistics_export", "site"), "GZ-PORT"),
    **dict.fromkeys(("cosmetics", "milk", "bonded"), "GZ-CBZ"),
}
"""Which of the cast belong to another node than the hub."""
OFFICER = "officer@zone.example"
SHOWN_MERCHANT = "furniture"
"""The merchant to sign in as first: it exports, and imports too, so everything can be seen in one place."""
SELLS_TOO = {SHOWN_MERCHANT: "cosmetics"}
"""Merchants that sell another one's goods as well."""
_RATES = {"502": "7.1", "300": "8.2", "303": "9.4", "116": "0.047", "110": "0.91", "601": "4.6"}
_ORIGINS = {"cosmetics": "133", "milk": "609"}  # Korea; New Zealand


@dataclass(frozen=True, slots=True)
class Login:
    """How somebody of the demo gets in."""

    role: str
    enterprise: str
    name: str
    code: str
    uscc: str
    login: str
    password: str
    token: str


def found_zone(database: Database, clock: Clock, keep: Callable[[Sequence[Login]], None] | None = None) -> list[Login]:
    """Register the cast, once; return everybody's login, none when the zone is there already.

    ``keep`` stores the logins before the zone is there for good: their passwords and tokens exist nowhere else.
    """
    with database.begin() as uow:
        load_defaults(uow, clock)
        load_rates(uow)
        load_exchange_rates(uow, clock)
        parties = rows("example_parties")
        if not nodes(uow.connection):
            for node in NODES:
                add_node(uow, node, None, clock)
        if directory(uow.connection).find(parties[0]["uscc"]):
            return []
        logins = [_enterprise(uow, clock, party) for party in parties]
        logins += _officers(uow, clock)
        logins += [
            Login(each.role, each.key, each.name, "", "", each.login, each.password, "") for each in let_partners_in(uow, clock)
        ]
        if keep is not None:
            keep(logins)
    with database.begin() as uow:
        _authority(uow, clock)
        announce_outage(uow, clock)
        for table in ("enterprise", "product", "declaration_defaults", "tariff_rate", "parameter"):
            run(uow.connection, f"ANALYZE {table}")  # the planner must know master data before the first merge
    return logins


def _months_before(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def load_exchange_rates(uow: UnitOfWork, clock: Clock) -> None:
    """Give every month of the demo's time a rate of its currencies: made up, and marked so. A month that has rates keeps them."""
    this = clock.now().astimezone(SHANGHAI).date().replace(day=1)
    months = [_months_before(this, back) for back in range(4)]
    known = {rate.since for rate in rates_entered(uow.connection, min(months))}
    for month in sorted(set(months) - known):
        entered = MonthlyRates(month, _RATES, "演示数据，非海关公布汇率 / demo data, not customs' rates", "demo")
        set_exchange_rates(uow, clock, entered=entered, created_by="demo")


def _enterprise(uow: UnitOfWork, clock: Clock, party: Row) -> Login:
    registration = Registration(
        uscc=party["uscc"],
        name=party["name_zh"],
        roles=party["roles"].split(";"),
        customs_code=party["customs_code"],
        name_en=party["name_en"],
        dxp_id=party["dxp_id"],
        node=BELONGING.get(party["key"], NODE),
        contact="",
        auto_submit=True,
    )
    enterprise_id = register(uow, registration, clock)
    certify(uow, enterprise_id, "demo", clock)
    if "merchant" in party["roles"]:
        master_data(uow, clock, enterprise_id, party)
    login, password = login_of(party["key"]), secrets.token_urlsafe(12)
    create_user(uow, Invitation(login, party["name_zh"], Role.FIRM, enterprise_id), password, clock)
    issued = issue_credential(uow, enterprise_id, "demo", FIRM, None, clock)
    role = party["roles"].split(";")[0]
    return Login(role, party["key"], party["name_zh"], party["customs_code"], party["uscc"], login, password, issued.token)


def _authority(uow: UnitOfWork, clock: Clock) -> None:
    """Let the zone's customs agent act for the merchant that is shown first."""
    owner, agent = (directory(uow.connection).find(_party(key)["uscc"]) for key in (SHOWN_MERCHANT, "agent"))
    if owner is None or agent is None:
        raise LookupError("the demo's cast has a merchant and an agent")
    today = clock.now().astimezone(SHANGHAI).date()
    grant = Grant(agent.uscc, AUTHORITY_MODES, ["E", "I"], ACTIONS, today, note="演示委托协议 1 号")
    by = Principal(Role.FIRM, owner.id, frozenset(STAFF), name="demo")
    number = grant_authority(uow, owner.id, grant, by, clock)
    answer_authority(uow, number, agent.id, True, replace(by, enterprise_id=agent.id), clock)


def _officers(uow: UnitOfWork, clock: Clock) -> list[Login]:
    password = secrets.token_urlsafe(12)
    officer_id = create_user(uow, Invitation(OFFICER, "综试区办公室", Role.ZONE_OFFICER, None), password, clock)
    first = Login("officer", "zone", "综试区办公室", "", "", OFFICER, password, "")
    colleagues = staff_office(uow, NODE, officer_id, clock)
    return [first, *(Login(each.role, "zone", each.name, "", "", each.login, each.password, "") for each in colleagues)]


def master_data(uow: UnitOfWork, clock: Clock, enterprise_id: UUID, party: Row) -> None:
    """Give a merchant its products, and the defaults of each flow it trades in."""
    sold = (party["key"], SELLS_TOO.get(party["key"]))
    goods = [row for row in rows("example_goods") if row["merchant"] in sold]
    save_products(uow, enterprise_id, [product(row) for row in goods], clock)
    flows = {row["flow"] for row in goods}
    entries = [*([export_defaults(party)] if "E" in flows else []), *(import_defaults(party) if "I" in flows else ())]
    for entry in entries:
        save_defaults(uow, enterprise_id, entry, clock)


def product(row: Row) -> ProductEntry:
    """An example good as a product."""
    return ProductEntry(
        item_no=row["key"].upper(),
        name=row["name_zh"],
        hs_code=row["hs_code"],
        specification=row["specification"],
        unit=row["unit"],
        unit1=row["unit1"],
        qty1_per_unit=Decimal(row["unit1_per_unit"]),
        net_weight=Decimal(row["weight_kg"]),
        declared_name=row["name_zh"],
        unit2=row["unit2"] or None,
        qty2_per_unit=Decimal(row["unit2_per_unit"]) if row["unit2"] else None,
        barcode=row["barcode"],
        origin_country=row["origin"],
        item_record_no=f"R{row['key'].upper()}"[:30] if row["flow"] == "I" else None,
    )


@dataclass(frozen=True, slots=True)
class Route:
    """How an exporter's parcels leave: by which means (``transport_modes``) over which port of exit, to which country."""

    country: str
    transport_mode: str
    port: str
    transport_name: str
    voyage_no: str
    bill_no: str


ROUTES: Mapping[str, Route] = {
    "furniture": Route("344", "3", "0600", "赣欧班列X8001", "X8001", "GZRW01"),  # Russia, by rail over Manzhouli
    "oranges": Route("141", "4", "7220", "赣B00001", "GXTR01", "GZTR01"),  # Vietnam, by road over Youyiguan
    "textiles": Route("304", "3", "9404", "赣欧班列X8405", "X8405", "GZRW02"),  # Germany, by rail over Alashankou
    "electronics": Route("502", "5", "5346", "RH8801", "RH8801", "99988010001"),  # United States, by air from Shenzhen
}


def export_defaults(party: Row) -> DefaultsEntry:
    """The merchant's own way out of the country, declared at Ganzhou by the zone's broker."""
    agent, route = _party("agent"), ROUTES[party["key"]]
    return DefaultsEntry(
        trade_mode="9610",
        flow="E",
        customs_code=EXPORT_SITE,
        port_code=route.port,
        agent_code=agent["customs_code"],
        agent_name=agent["name_zh"],
        owner_code=party["customs_code"],
        owner_name=party["name_zh"],
        transport_mode=route.transport_mode,
        transport_name=route.transport_name,
        voyage_no=route.voyage_no,
        bill_no=route.bill_no,
        wrap_type="2",
        country=route.country,
        pod=route.country,
    )


def import_defaults(party: Row) -> Sequence[DefaultsEntry]:
    """Bonded out of the comprehensive bonded zone, or direct purchase by air."""
    agent, bonded = _party("agent"), _party("bonded")
    common = {
        "flow": "I",
        "customs_code": IMPORT_SITE,
        "port_code": IMPORT_SITE,
        "agent_code": agent["customs_code"],
        "agent_name": agent["name_zh"],
        "assure_code": party["customs_code"],
        "wrap_type": "2",
    }
    return (
        DefaultsEntry(
            trade_mode="1210",
            transport_mode="Y",
            country="142",
            bonded_enterprise_code=bonded["customs_code"],
            bonded_enterprise_name=bonded["name_zh"],
            ems_no="T4017A000001",
            **common,
        ),
        DefaultsEntry(
            trade_mode="9610",
            transport_mode="5",
            transport_name="CZ3096",
            voyage_no="CZ3096",
            bill_no="78412345678",
            country=_ORIGINS.get(party["key"], "133"),
            **common,
        ),
    )


def _party(key: str) -> Row:
    return next(row for row in rows("example_parties") if row["key"] == key)


def save_logins(folder: Path, logins: Sequence[Login]) -> None:
    """Keep the demo's logins where ``ccezone demo credentials`` finds them, for the owner's eyes only."""
    path = credentials_file(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps([asdict(login) for login in logins], ensure_ascii=False, indent=1), encoding="utf-8")


def load_logins(folder: Path) -> list[Login]:
    """Return the demo's logins; none when there is no demo in this data folder."""
    path = credentials_file(folder)
    if not path.exists():
        return []
    stored: list[Mapping[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return [Login(**row) for row in stored]


def credentials_file(folder: Path) -> Path:
    """Where a data folder keeps the demo's logins."""
    return folder / "demo-credentials.json"
