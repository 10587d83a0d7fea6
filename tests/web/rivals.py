"""A zone full of other firms' rows, and the address of each: whoever adds a page of a firm that names a row adds a line here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from ccezone.accounts.queries import user_by_login
from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.accounts.service import Invitation, invite, issue_credential
from ccezone.background.service import request_job
from ccezone.cases.rules import FileKind
from ccezone.cases.service import By, Upload, answer, open_case, store_file
from ccezone.enterprises.queries import product
from ccezone.enterprises.queries.applications import open_amendment
from ccezone.enterprises.queries.authorities import authorities_given
from ccezone.enterprises.service import (
    Grant,
    ProductEntry,
    certify,
    grant_authority,
    save_products,
    save_section,
    start_amendment,
)
from ccezone.enterprises.service.party_book import PartyEntry, remove_party, save_party
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault
from tests.hub.harness import Hub
from tests.web.applied_rivals import applied_rows
from tests.web.conftest import Cast
from tests.web.credit_rivals import credit_rows
from tests.web.declared_rivals import declared_rows
from tests.web.fx_rivals import fx_rows
from tests.web.inspected_rivals import inspected_rows
from tests.web.portal_rivals import consent_rows, partner_rows
from tests.web.refund_rivals import refund_rows
from tests.web.reported_rivals import report_rows
from tests.web.told_rivals import told_rows

SECRET = "竞争对手的商业秘密"
Values = Mapping[str, str]

PUBLIC = {
    *("static", "home.front", "home.choose_language", "guide.main", "standard.index", "standard.message", "matches.rules"),
    *("sign_in.form", "sign_in.enter", "sign_in.leave", "sign_in.ask_reset", "sign_in.send_reset"),
    *("sign_in.accept_form", "sign_in.accept", "health.live", "health.ready", "health.metrics"),
    *(f"register.{page}" for page in ("begin", "start", "status", "enter", "renew", "link_form", "use_link", "check", "file")),
    *(f"register.{page}" for page in ("overview", "section", "save", "add_licence", "drop_licence", "attach", "detach")),
    *("register.review", "register.submit", "register.withdraw", "verify.ask", "verify.show", "verify.compare"),
    *("draws.listing", "draws.show", "draws.document"),
    *("credit.ask", "credit.show", "credit.lists", "credit.rules"),
    *("statistics.show", "statistics.national", "statistics.dictionary"),
    *("tariff.search", "tariff.code", "tariff.pick", "tariff.elements", "developer.start", "status.show"),
}
"""Every page that needs no account."""

READING_POSTS = {
    *("profile.change_password", "profile.end_sessions", "reveal.show"),
    *("centre.mark", "centre.mark_all", "choices.save"),
    *("batches.raw", "declarations.raw", "declarations.download", "refund_packs.ask", "refund_packs.stop"),
    *(
        f"{group}.paper"
        for group in ("batches", "bills", "cases", "declarations", "general", "inspection_orders", "matches", "own_inspections")
    ),
}
"""What an auditor may post: one's own account, and looks that leave a trace."""

PERSONS_OWN = {"centre.show", "centre.mark", "refund_packs.ask", "refund_packs.stop", "refund_packs.file"}
"""Pages that show one person's rows, to nobody else: not even to the office; or that lead on, or hand out what is not made yet."""

OWN_BY_NATURE: Mapping[str, Values] = {
    "declaring.new": {"trade_mode": "9610", "flow": "E"},
    "defaults.edit": {"trade_mode": "9610", "flow": "E"},
    "defaults.save": {"trade_mode": "9610", "flow": "E"},
    "workbooks.blank": {"message_type": "CEB303Message"},
    "bills.blank": {"kind": "order", "flow": "I"},
    "bills.send": {"kind": "order", "flow": "I"},
    "calculators.show": {"name": "trading"},
    "exemption.one_year": {"year": "2026"},
    "reports.begin": {"kind": "monthly", "period": "2026-01"},
    "explorer.file": {"suffix": "csv"},
    "own_explorer.file": {"suffix": "csv"},
}
"""Pages whose address names no row, so that it means one's own for everybody."""


@dataclass(frozen=True)
class Rivals:
    """Other firms' rows: by endpoint the addresses that name them, and texts that must never reach the merchant."""

    addresses: Mapping[str, Sequence[Values]]
    secrets: Sequence[str]


def rivals(database: Database, cast: Cast, clock: FixedClock, folder: Path) -> Rivals:
    """Let other firms trade, declare, keep products and credentials."""
    hub = Hub(database, folder, clock)
    (filed,) = hub.imports()
    hub.dispatch()
    owned = {"product_id": _product(database, cast, clock)}
    issued = {"credential_id": _credential(database, cast, clock)}
    bills = [{"kind": kind, "key": str(_one(database, statement))} for kind, statement in _BILLS.items()]
    batch = {"batch_id": str(_one(database, "SELECT id FROM intake_batch"))}
    declared = {"declaration_id": str(filed), "number": "1"}
    order = {"order_key": bills[0]["key"]}
    names = "SELECT order_no FROM order_version UNION SELECT waybill_no FROM waybill_version"
    with database.reading() as connection:
        numbers = [row[0] for row in fetch(connection, names)]
    return Rivals(
        {
            **{f"products.{page}": [owned] for page in ("edit", "change")},
            **{f"product_sheets.{page}": [_job(database, cast, clock, "products")] for page in ("detail", "result")},
            **{f"bills.{page}": bills for page in ("detail", "edit", "change", "delete", "paper")},
            **{f"batches.{page}": [batch] for page in ("detail", "raw", "paper")},
            **{f"declarations.{page}": [declared] for page in _DECLARATIONS},
            **{f"credentials.{page}": [issued] for page in ("revoke", "rotate")},
            **{f"declaring.{page}": [declared] for page in ("like", "ask_change", "change")},
            **declared_rows(database, cast.rival_id, SECRET, clock),
            **_rows_of_others(database, cast.rival_id, filed, clock),
            **_judged(database, cast, clock),
            "registration.certificate": [{"code": _certificate(database, cast, clock)}],
            **{f"registration.{page}": [_amendment(database, cast, clock)] for page in _AMENDMENT},
            **{f"staff.{page}": [_person(database, cast, clock)] for page in ("edit", "change", "set_enabled", "reset")},
            **{f"authorities.{page}": [_authority(hub, cast)] for page in ("answer", "revoke")},
            **{page: [order] for page in ("matches.detail", "matches.paper", "trace.show", "trace.printed")},
            **{f"parties.{page}": [_party(database, cast, clock)] for page in ("edit", "change", "remove")},
            **{f"workbooks.{page}": [_job(database, cast, clock, "workbook")] for page in ("detail", "stop", "result")},
            **{f"jobs.{page}": [_job(database, cast, clock, "export")] for page in ("detail", "stop", "file")},
            **_cases(database, cast, clock),
            "parties.restore": [_party(database, cast, clock, removed=True)],
            "reveal.show": [*map(_reveal, bills), _reveal({"kind": "list", "key": declared["declaration_id"]})],
        },
        [SECRET, *numbers],
    )


def partners_addresses(others: Rivals, database: Database, cast: Cast, clock: FixedClock) -> Mapping[str, Sequence[Values]]:
    """By endpoint, rows that the partners of the cast have no business with."""
    (claim,), (order,) = others.addresses["refund_claims.mend"], others.addresses["own_inspections.detail"]
    return partner_rows(database, cast.rival_id, claim, order, SECRET, clock)


def _judged(database: Database, cast: Cast, clock: FixedClock) -> Mapping[str, Sequence[Values]]:
    owner = cast.rival_id
    return {**inspected_rows(database, owner, SECRET, clock), **credit_rows(database, owner, SECRET, clock)}


_AMENDMENT = (
    *("overview", "section", "save", "add_licence", "drop_licence", "attach", "detach", "file", "review", "submit", "withdraw"),
)
_BILLS = {
    "order": "SELECT order_key FROM order_version",
    "payment": "SELECT payment_key FROM payment_version",
    "waybill": "SELECT waybill_key FROM waybill_version",
}
_DECLARATIONS = ("ask_cancel", "cancel", "detail", "printed", "complete", "raw", "download", "submit", "recheck", "paper")
_FIELDS = {"order": "buyer_name", "payment": "payer_name", "waybill": "consignee_name", "list": "buyer_name"}


def _rows_of_others(database: Database, rival_id: UUID, filed: int, clock: FixedClock) -> Mapping[str, Sequence[Values]]:
    makers = (told_rows, credit_rows, refund_rows, fx_rows, consent_rows, report_rows)
    found = {page: rows for make in makers for page, rows in make(database, rival_id, SECRET, clock).items()}
    return {**found, **applied_rows(database, rival_id, filed, SECRET, clock)}


def _reveal(bill: Values) -> Values:
    return {"kind": bill["kind"], "row_id": _as_id(bill["key"]), "field": _FIELDS[bill["kind"]]}


def _as_id(key: str) -> str:
    return str(UUID(int=int(key) & (1 << 64) - 1))


def _party(database: Database, cast: Cast, clock: FixedClock, *, removed: bool = False) -> Values:
    entry = PartyEntry("carrier", f"{SECRET}{removed}{uuidv7()}", SECRET, "3607960001")
    with database.begin() as uow:
        party_id = save_party(uow, PersonalVault(bytes(32)), cast.rival_id, entry, clock)
        if removed:
            remove_party(uow, cast.rival_id, party_id, clock)
    return {"party_id": str(party_id)}


def _case(database: Database, cast: Cast, clock: FixedClock) -> Values:
    with database.begin() as uow:
        found = open_case(uow, "late_correction", "order", uuidv7().int >> 80, cast.rival_id, clock.now(), {"order_no": SECRET})
    return {"case_id": str(found)}


def _cases(database: Database, cast: Cast, clock: FixedClock) -> Mapping[str, Sequence[Values]]:
    opened = {f"own_cases.{page}": [_case(database, cast, clock)] for page in ("detail", "reply")}
    return {**opened, "own_cases.file": [_answered(database, cast, clock)]}


def _answered(database: Database, cast: Cast, clock: FixedClock) -> Values:
    """A case the rival answered with a file."""
    case_id = UUID(_case(database, cast, clock)["case_id"])
    with database.begin() as uow:
        upload = Upload("scan.pdf", FileKind.PDF, SECRET.encode(), "case", cast.rival_id)
        kept = store_file(uow, PersonalVault(bytes(32)), upload, clock)
        answer(uow, case_id, cast.rival_id, By("user:1", SECRET), SECRET, clock.now(), (kept, SECRET))
    return {"case_id": str(case_id), "file_id": str(kept)}


def _job(database: Database, cast: Cast, clock: FixedClock, kind: str) -> Values:
    with database.begin() as uow:
        job_id = request_job(
            uow, kind, clock, enterprise_id=cast.rival_id, arguments={"name": SECRET, "kind": "", "message_type": ""}
        )
    return {"job_id": str(job_id)}


def _product(database: Database, cast: Cast, clock: FixedClock) -> str:
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
    with database.begin() as uow:
        save_products(uow, cast.rival_id, [entry], clock)
        found = product(uow.connection, cast.rival_id, "RIVAL-1")
    assert found is not None
    return str(found.id)


def _amendment(database: Database, cast: Cast, clock: FixedClock) -> Values:
    """An amendment the rival is filling in; one, however many pages show it."""
    officer = Principal(Role.FIRM, cast.rival_id, frozenset(), user_id=UUID(int=7))
    vault = PersonalVault(bytes(32))
    with database.begin() as uow:
        known = open_amendment(uow.connection, cast.rival_id)
        number = known or start_amendment(uow, vault, cast.rival_id, officer, clock)
        if not known:
            save_section(uow, vault, number, 1, {"name": SECRET}, {}, clock)
    return {"application_id": str(number), "name": "identity", "position": "0", "file_id": str(UUID(int=3))}


def _certificate(database: Database, cast: Cast, clock: FixedClock) -> str:
    with database.begin() as uow:
        return certify(uow, cast.rival_id, "test", clock)


def _person(database: Database, cast: Cast, clock: FixedClock) -> Values:
    """Somebody of the rival; one, however many pages show them."""
    with database.begin() as uow:
        known = user_by_login(uow.connection, "rival-clerk@example.org")
        if known is not None:
            return {"user_id": str(known.id)}
        invitation = Invitation("rival-clerk@example.org", SECRET, Role.FIRM, cast.rival_id)
        return {"user_id": str(invite(uow, invitation, None, clock).user_id)}


def _authority(hub: Hub, cast: Cast) -> Values:
    """An authority the rival gave an agent; one, however many pages show it."""
    rival, today = (
        Principal(Role.FIRM, cast.rival_id, frozenset(), user_id=UUID(int=7)),
        hub.clock.now().astimezone(SHANGHAI).date(),
    )
    with hub.database.begin() as uow:
        known = authorities_given(uow.connection, cast.rival_id)
        if known:
            return {"authority_id": str(known[0].id)}
        grant = Grant(hub.party("agent").uscc, ["9610"], ["E"], ["bills:read"], today, note=SECRET)
        return {"authority_id": str(grant_authority(uow, cast.rival_id, grant, rival, hub.clock))}


def _credential(database: Database, cast: Cast, clock: FixedClock) -> str:
    with database.begin() as uow:
        return str(issue_credential(uow, cast.rival_id, SECRET, [Permission.BILLS_READ], None, clock).id)


def _one(database: Database, statement: str) -> object:
    with database.reading() as connection:
        return fetch(connection, statement)[0][0]
