"""Money that came: a firm's accounts, and receipts by form, workbook and statement. A bank's reference counts once an account."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from ccezone.enterprises.queries import directory
from ccezone.enterprises.rules import Role
from ccezone.fx.rules.parts import spelled
from ccezone.fx.service.held import refresh
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import fetch, run

KINDS = ("platform", "payment_institution", "buyer", "warehouse")
"""Who pays: a platform for its sales, a payment institution, the buyer itself, an overseas warehouse for what it sold."""
_NUMBER = re.compile(r"[0-9A-Za-z\-]{6,34}")
_REFERENCE = re.compile(r"[0-9A-Za-z\-_./]{1,40}")
_MOST = Decimal("9999999999.99")
_CENT = Decimal("0.01")
_ADD = """
INSERT INTO fx_account (number, enterprise_id, bank, currency, created_at, created_by)
VALUES (%(number)s, %(firm)s, %(bank)s, %(currency)s, %(at)s, %(actor)s) ON CONFLICT (number) DO NOTHING RETURNING number
"""
_ACCOUNT = "SELECT enterprise_id, currency FROM fx_account WHERE number = %(number)s"
_INSERT = """
INSERT INTO fx_receipt (id, enterprise_id, account, bank_reference, currency, amount, payer, value_date, kind,
    settlement_reference, origin, confirmed_at, limited, matched, open, held, pending, settled, leaving, returned, tried, bop_code,
    registration_no, state, version, created_at, updated_at)
VALUES (%(id)s, %(firm)s, %(account)s, %(bank_reference)s, %(currency)s, %(amount)s, %(payer)s, %(value_date)s, %(kind)s,
    %(settlement_reference)s, %(origin)s, %(confirmed)s, %(limited)s, 0, %(amount)s, 0, 0, 0, 0, 0, false, '', '', 'reported', 0,
    %(at)s, %(at)s)
ON CONFLICT (account, bank_reference) DO NOTHING RETURNING id
"""
_KNOWN = """
SELECT id, amount, currency, confirmed_at IS NOT NULL FROM fx_receipt
WHERE account = %(account)s AND bank_reference = %(bank_reference)s FOR UPDATE
"""
_CONFIRM = "UPDATE fx_receipt SET confirmed_at = %(at)s WHERE id = %(id)s"


@dataclass(frozen=True, slots=True)
class Money:
    """A receipt as it is told. ``settlement_reference``: order numbers, or a payment institution's settlement, for matching."""

    account: str
    bank_reference: str
    currency: str
    amount: Decimal
    payer: str
    value_date: date
    kind: str
    settlement_reference: str = ""


def add_account(uow: UnitOfWork, firm: UUID, number: str, bank: str, currency: str, actor: str, clock: Clock) -> None:
    """Register an account that money comes to. Raises ``Refused``: not a number, or somebody has it already."""
    if not _NUMBER.fullmatch(number):
        raise Refused(Fault("/number", "fx_account_number", {"value": number}))
    values = {"number": number, "firm": firm, "bank": bank, "currency": currency, "at": clock.now(), "actor": actor}
    if not fetch(uow.connection, _ADD, values):
        raise Refused(Fault("/number", "fx_account_taken", {"value": number}))


def report(uow: UnitOfWork, firm: UUID, money: Money, origin: str, actor: str, clock: Clock) -> UUID:
    """Take a receipt a firm tells of. Raises ``Refused``: a wrong value, another's account, a reference that is on record."""
    faults = _faults(money, clock.now().astimezone(SHANGHAI).date())
    owner = fetch(uow.connection, _ACCOUNT, {"number": money.account})
    if not owner or owner[0][0] != firm:
        faults.append(Fault("/account", "fx_account_unknown", {"value": money.account}))
    elif owner[0][1] != money.currency:
        faults.append(Fault("/currency", "fx_account_currency", {"currency": owner[0][1]}))
    if faults:
        raise Refused(*faults)
    made = _store(uow.connection, firm, money, origin, actor, clock, confirmed=False)
    if made is None:
        raise Refused(Fault("/bank_reference", "fx_reference_known", {"value": money.bank_reference}))
    return made


def report_by_bank(connection: Connection, money: Money, actor: str, clock: Clock) -> Fault | None:
    """Take a receipt from a bank's statement, or confirm one a firm told of before; return what is wrong with it, if anything."""
    [(firm, _currency)] = fetch(connection, _ACCOUNT, {"number": money.account})
    if _store(connection, firm, money, "statement", actor, clock, confirmed=True) is not None:
        return None
    named = {"account": money.account, "bank_reference": money.bank_reference}
    [(receipt, amount, currency, confirmed)] = fetch(connection, _KNOWN, named)
    if (amount, currency) != (money.amount, money.currency):
        told = {"value": money.bank_reference, "told": spelled(amount), "bank": spelled(money.amount)}
        return Fault("/amount", "fx_reference_differs", told)
    if not confirmed:
        run(connection, _CONFIRM, {"id": receipt, "at": clock.now()})
        refresh(connection, receipt, "confirm", actor, clock)
    return None


def account_owner(connection: Connection, number: str) -> tuple[UUID, str]:
    """Return whose account it is, and its currency. Raises ``NotFound``."""
    found = fetch(connection, _ACCOUNT, {"number": number})
    if not found:
        raise NotFound(Fault("/account", "fx_account_unknown", {"value": number}))
    return found[0][0], found[0][1]


def _store(
    connection: Connection, firm: UUID, money: Money, origin: str, actor: str, clock: Clock, *, confirmed: bool
) -> UUID | None:
    party = directory(connection).by_id.get(firm)
    number, now = uuidv7(), clock.now()
    values = {
        "id": number,
        "firm": firm,
        "origin": origin,
        "confirmed": now if confirmed else None,
        "limited": party is not None and Role.TRADER in party.roles,
        "at": now,
        **{name: getattr(money, name) for name in Money.__dataclass_fields__},
    }
    if not fetch(connection, _INSERT, values):
        return None
    refresh(connection, number, "report", actor, clock, money.amount, money.settlement_reference)
    return number


def _faults(money: Money, today: date) -> list[Fault]:
    faults = []
    if not _REFERENCE.fullmatch(money.bank_reference):
        faults.append(Fault("/bank_reference", "fx_bank_reference", {"value": money.bank_reference}))
    if not _CENT <= money.amount <= _MOST:
        faults.append(Fault("/amount", "out_of_range", {"low": f"{_CENT:f}", "high": f"{_MOST:f}"}))
    elif money.amount != money.amount.quantize(_CENT):
        faults.append(Fault("/amount", "fx_cents", {"value": spelled(money.amount)}))
    if money.kind not in KINDS:
        faults.append(Fault("/kind", "required"))
    if not money.payer.strip():
        faults.append(Fault("/payer", "required"))
    if money.value_date > today:
        faults.append(Fault("/value_date", "fx_day_to_come", {"value": money.value_date.isoformat()}))
    return faults
