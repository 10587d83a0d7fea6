"""What a rival let a bank see, and rows that partners must not: another bank's, an order of others, a claim not filed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from ccezone.accounts.queries.partners import search_partners
from ccezone.accounts.rules import BANK_CREDENTIAL, PERMISSIONS, STAFF, Principal, Role
from ccezone.accounts.service import PartnerEntry, add_partner, issue_credential
from ccezone.cases.rules import FileKind
from ccezone.cases.service import Upload, store_file
from ccezone.consents.rules import DataKind, Terms
from ccezone.consents.service import grant_consent
from ccezone.consents.service.pledging import ask_pledge
from ccezone.consents.tables import BankDecision
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault
from ccezone.tax_refunds.rules.pledges import Terms as PledgeTerms

Values = Mapping[str, str]
BANK_PAGES = (
    *("bank.firm", "bank.file", "bank_reading.bills", "bank_reading.lists", "bank_reading.claims", "bank_reading.credit"),
    *("bank_reading.comparison", "bank_reading.decision", "bank_reading.money", "bank_reading.used_once"),
    *(f"bank_borrowings.{page}" for page in ("listing", "blank", "enter", "detail", "note")),
)


def banker(bank: UUID) -> Principal:
    return Principal(Role.BANK, None, PERMISSIONS[Role.BANK], user_id=UUID(int=21), name="李信贷", partner_id=bank)


def a_bank(uow: UnitOfWork, clock: FixedClock, code: str = "BANK-9") -> UUID:
    """A bank of this code, added when it is first asked for."""
    known = next((each.id for each in search_partners(uow.connection, "bank") if each.code == code), None)
    return known or add_partner(uow, PartnerEntry("bank", code, f"{code}银行", f"{code} Bank"), None, clock)


def consented(uow: UnitOfWork, firm: UUID, bank: UUID, clock: FixedClock, note: str = "") -> UUID:
    """Let a firm grant a bank all kinds of data for ten days."""
    today = clock.now().astimezone(SHANGHAI).date()
    by = Principal(Role.FIRM, firm, STAFF, user_id=UUID(int=22), name="赵管理")
    terms = Terms(list(DataKind), "loan", note, today, today + timedelta(days=10))
    return grant_consent(uow, firm, bank, terms, by, clock)


def consent_rows(database: Database, rival_id: UUID, secret: str, clock: FixedClock) -> Mapping[str, Sequence[Values]]:
    """Let the rival consent and its bank decide; return the pages of a firm that show it."""
    named = decided_on(database, rival_id, secret, clock)
    with database.begin() as uow:
        account = PledgeTerms("360010088009999", secret)
        pledge = ask_pledge(uow, UUID(named["consent_id"]), account, banker(a_bank(uow, clock)), clock)
    return {
        **{f"consents.{page}": [named] for page in ("detail", "answer", "withdraw", "file")},
        **{f"pledges.{page}": [{"pledge_id": str(pledge)}] for page in ("detail", "move")},
    }


def decided_on(database: Database, rival_id: UUID, secret: str, clock: FixedClock) -> Values:
    with database.begin() as uow:
        number = consented(uow, rival_id, a_bank(uow, clock), clock, secret)
        upload = Upload("scan.pdf", FileKind.PDF, secret.encode(), "bank_decision", rival_id)
        scan = store_file(uow, PersonalVault(bytes(32)), upload, clock)
        row = BankDecision(
            id=uuidv7(), consent_id=number, at=clock.now(), actor="test", name=secret, outcome="approved", reference=secret,
            words=secret, orders=["1"], file_id=scan,
        )  # fmt: skip
        uow.session.add(row)
        uow.session.flush()
        return {"consent_id": str(number), "decision_id": str(row.id)}


def partner_rows(
    database: Database, rival_id: UUID, claim: Values, order: Values, secret: str, clock: FixedClock
) -> Mapping[str, Sequence[Values]]:
    """Rows of nobody's who is tried: a consent and a credential of another bank, a claim not filed, an order of customs alone."""
    nobodys = dict.fromkeys(("receipt_id", "borrowing_id"), str(UUID(int=7)))
    consent = {**decided_on(database, rival_id, secret, clock), "kind": "orders", **nobodys}
    with database.begin() as uow:
        bank = a_bank(uow, clock)
        [(pledge,)] = fetch(uow.connection, "SELECT id FROM refund_account_pledge WHERE merchant_id = %(id)s", {"id": rival_id})
        [(pack,)] = fetch(uow.connection, "SELECT id FROM background_job WHERE kind = 'refund_pack' ORDER BY id LIMIT 1", {})
        key = issue_credential(uow, None, secret, BANK_CREDENTIAL, banker(bank), clock, bank_id=bank)
    credential = {"credential_id": str(key.id)}
    return {
        **{page: [consent] for page in (*BANK_PAGES, "pledges.blank", "pledges.ask")},
        **{f"pledges.{page}": [{"pledge_id": str(pledge)}] for page in ("detail", "move")},
        **{f"bank_credentials.{page}": [credential] for page in ("rotate", "revoke")},
        "tax_bureau.detail": [claim],
        "tax_bureau.item": [claim],
        "tax_packs.ask": [claim],
        **{f"tax_packs.{page}": [{"job_id": str(pack)}] for page in ("detail", "stop", "file")},
        **{f"agency.{page}": [order] for page in ("detail", "sign_in", "file")},
    }
