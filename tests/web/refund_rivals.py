"""What a rival exported and claims: rows whose pages must look like none to anybody else."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from ccezone.accounts.rules import STAFF, Principal, Role
from ccezone.cases.rules import FileKind
from ccezone.cases.service import Upload, store_file
from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, record_general
from ccezone.import_tax.service import load_rates
from ccezone.kernel.clock import FixedClock
from ccezone.parameters.queries import default_book
from ccezone.printing.refund_packs import request_pack
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault
from ccezone.tax_refunds.queries.claims import Invoice
from ccezone.tax_refunds.queries.ledger import LedgerFilter
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.rules.vouchers import Voucher
from ccezone.tax_refunds.service import claims
from ccezone.tax_refunds.service.exemption import choose_all_exempt
from ccezone.tax_refunds.service.leave import Sale, record_sales
from ccezone.tax_refunds.service.ledger import keep_ledger
from ccezone.tax_refunds.service.vouchers import PURPOSE, record_voucher
from tests.tax_refunds.claiming import SELLER
from tests.tax_refunds.entering import delivered_and_gathered
from tests.tax_refunds.unsold import unsold


def refund_rows(database: Database, rival_id: UUID, secret: str, clock: FixedClock) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Let the rival export; return the pages that show it."""
    item = exported_item(database, rival_id, secret, clock)
    with database.begin() as uow:
        opening = claims.Opening(Method.EXEMPT_REFUND, "2026-05", 1)
        claim_id = claims.open_claim(uow, rival_id, opening, "test", clock)
        claims.add_items(uow, rival_id, claim_id, [item], default_book("GZ"), "test", clock)
        given = Invoice(item, "26362000000012345678", SELLER, clock.now().date(), Decimal(80), Decimal(13), Decimal("10.40"))
        claims.add_invoice(uow, rival_id, claim_id, given, "test", clock)
        invoice = fetch(uow.connection, "SELECT id FROM refund_invoice WHERE claim_id = %(id)s", {"id": claim_id})[0][0]
    claim = {"claim_id": str(claim_id)}
    with database.begin() as uow:
        pack = {"job_id": str(request_pack(uow, claim_id, rival_id, None, "test", "zh", clock))}
    month = {"month": exempt_month(database, rival_id, secret, clock)}
    prerefund, sale = _sent_unsold(database, rival_id, claim_id, item, clock)
    unsold = {"prerefund_id": str(prerefund)}
    lot, delivery, summary = map(str, delivered_and_gathered(database, rival_id, secret, clock))
    return {
        **{f"prerefunds.{page}": [unsold] for page in ("detail", "upload")},
        "prerefunds.account": [{**unsold, "what": what} for what in ("sell", "reconcile", "back", "close")],
        "prerefunds.remove": [{**unsold, "sale_id": str(sale)}],
        **{f"special_area.{page}": [{"item_id": lot}] for page in ("detail", "deliver")},
        "special_area.remove": [{"item_id": lot, "delivery_id": delivery}],
        "special_area.summary": [{"summary_id": summary}],
        "special_area.take": [{"summary_id": summary, "what": what} for what in ("declare", "withdraw")],
        "goods_ledger.detail": [{"item_id": str(item)}],
        **{f"exemption.{page}": [month] for page in ("one_month", "declare")},
        "refund_packs.ask": [claim],
        **{f"refund_packs.{page}": [pack] for page in ("detail", "stop", "file")},
        "exemption.paper": [{"year": month["month"][:4]}],
        **{f"refund_claims.{page}": [claim] for page in ("detail", "figures", "add", "add_invoice", "check", "submit", "say")},
        **{f"vouchers.{page}": [_vouched(database, rival_id, secret, clock)] for page in ("detail", "scan", "use")},
        "refund_claims.mend": [{**claim, "item_id": str(item)}],
        "refund_claims.drop_invoice": [{**claim, "invoice_id": str(invoice)}],
    }


def _vouched(database: Database, rival_id: UUID, secret: str, clock: FixedClock) -> Mapping[str, str]:
    """Let the rival record a voucher with its scan, once; return how its pages name it."""
    by = Principal(Role.FIRM, rival_id, STAFF, user_id=UUID(int=22), name="rival")
    with database.begin() as uow:
        if known := fetch(uow.connection, "SELECT id FROM promotion_voucher WHERE merchant_id = %(id)s", {"id": rival_id}):
            return {"voucher_id": str(known[0][0])}
        scan = Upload("scan.pdf", FileKind.PDF, secret.encode(), PURPOSE, rival_id)
        file_id = store_file(uow, PersonalVault(bytes(32)), scan, clock)
        said = Voucher(secret, f"{clock.now():%Y-%m}", "142", Decimal(500), secret)
        return {"voucher_id": str(record_voucher(uow, rival_id, said, file_id, by, clock))}


def _sent_unsold(database: Database, rival_id: UUID, claim_id: UUID, item: UUID, clock: FixedClock) -> tuple[UUID, UUID]:
    """Let a claim's goods lie unsold abroad, and sell one; how it comes to that is tried elsewhere."""
    with database.begin() as uow:
        prerefund = unsold(uow, rival_id, claim_id, item, clock.now())
        sales = [Sale("S1", clock.now().date(), Decimal(1), Decimal(9), "502")]
        record_sales(uow, rival_id, prerefund, sales, "form", "test", clock)
        sale: UUID = fetch(uow.connection, "SELECT id FROM overseas_sale WHERE merchant_id = %(m)s", {"m": rival_id})[0][0]
    return prerefund, sale


def exempt_month(database: Database, merchant_id: UUID, name: str, clock: FixedClock) -> str:
    """Let a firm take an item as exempt; return the month. What the check says is tried elsewhere."""
    exported_item(database, merchant_id, f"{name}免税", clock, "400320260000099902")
    with database.begin() as uow:
        load_rates(uow)
        done = choose_all_exempt(uow, merchant_id, LedgerFilter(), default_book("GZ"), "test", clock)
    assert done == 1
    return f"{clock.now():%Y-%m}"


def exported_item(database: Database, merchant_id: UUID, name: str, clock: FixedClock, number: str = "400320260000099901") -> UUID:
    """Record a released general declaration of one item, take it into the ledger; return the item."""
    line = GeneralLine("6109100022", name, Decimal(2), "011", Decimal("93.60"))
    day = clock.now().date()
    entry = GeneralEntry(number, "E", "9810", "4003", day, "502", Decimal("93.60"), [line], released_on=day)
    record_general(database, clock, merchant_id, entry, "test")
    keep_ledger(database, clock)
    with database.reading() as connection:
        found = fetch(connection, "SELECT id FROM goods_ledger_item WHERE goods_name = %(name)s", {"name": name})
    item: UUID = found[0][0]
    return item
