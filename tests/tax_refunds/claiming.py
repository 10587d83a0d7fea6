"""A zone in which a merchant exported something and claims its refund; the mock bureau answers in the test's own process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from flask.testing import FlaskClient

from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, record_general
from ccezone.kernel.check_digits import complete_uscc
from ccezone.parameters.queries import default_book
from ccezone.tax_refunds.ports import BureauMessage, BureauNotice, TaxBureauRefused, TaxBureauUnavailable
from ccezone.tax_refunds.queries.claims import ClaimView, Invoice, claim
from ccezone.tax_refunds.queries.ledger import LedgerFilter, search_ledger
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.service import claims, filing
from ccezone.tax_refunds.service.exchanging import send_refund_messages, take_refund_notices
from ccezone.tax_refunds.service.ledger import keep_ledger
from integrations.mockservers.tax_bureau.app import create_app
from integrations.mockservers.tax_bureau.store import BureauStore
from tests.hub.harness import Hub

BOOK = default_book("GZ")
SELLER = str(complete_uscc("91360700MA35CAM77"))


class BureauAtHand:
    """The port to the mock's application without a network."""

    def __init__(self, browser: FlaskClient) -> None:
        self._browser = browser

    def send(self, message: BureauMessage) -> None:
        said = {"id": str(message.id), "kind": message.kind, "claim": message.claim, "body": dict(message.body)}
        answer = self._browser.post("/messages", json=said)
        if answer.status_code >= 500:
            raise TaxBureauUnavailable(answer.status)
        if answer.status_code >= 400:
            raise TaxBureauRefused(answer.text)

    def notices(self, after: int, limit: int) -> list[BureauNotice]:
        answer = self._browser.get("/notices", query_string={"after": after, "limit": limit})
        if answer.status_code >= 500:
            raise TaxBureauUnavailable(answer.status)
        return [_notice(each) for each in answer.get_json()["notices"]]


def _notice(said: Mapping[str, str]) -> BureauNotice:
    amount = Decimal(said["amount"]) if said["amount"] is not None else None
    return BureauNotice(
        int(said["number"]), said["claim"], said["step"], datetime.fromisoformat(said["at"]), amount, said["note"], said["account"]
    )


@dataclass
class Claiming:
    """One merchant's refunds, step by step."""

    hub: Hub
    folder: Path
    exports: int = field(default=0)

    def __post_init__(self) -> None:
        self.merchant = self.hub.party("textiles").id
        self.mock = create_app(BureauStore(self.folder / "bureau.sqlite"), self.hub.clock).test_client()
        self.bureau = BureauAtHand(self.mock)

    def export(self, value: str = "1000.00", day: date | None = None) -> UUID:
        """Record a released declaration of T-shirts in yuan; return the item of the ledger."""
        self.exports += 1
        day, number = day or self.hub.clock.now().date(), f"40032026{self.exports:010d}"
        line = GeneralLine("6109100022", f"T恤{self.exports}", Decimal(100), "011", Decimal(value))
        entry = GeneralEntry(number, "E", "9810", "4003", day, "142", Decimal(value), [line], released_on=day)
        record_general(self.hub.database, self.hub.clock, self.merchant, entry, "test")
        keep_ledger(self.hub.database, self.hub.clock)
        with self.hub.database.reading() as connection:
            return search_ledger(connection, self.merchant, LedgerFilter(text=number))[0].id

    def open(self, *items: UUID, method: Method = Method.EXEMPT_REFUND, **figures: Decimal) -> UUID:
        """Open a claim with these items."""
        with self.hub.database.begin() as uow:
            opening = claims.Opening(method, "2025-12", 1, claims.Figures(**figures))
            number = claims.open_claim(uow, self.merchant, opening, "user:x", self.hub.clock)
            claims.add_items(uow, self.merchant, number, items, BOOK, "user:x", self.hub.clock)
        return number

    def invoice(
        self, claim_id: UUID, item: UUID, number: str = "26362000000012345678", amount: str = "800.00", vat: str = "104.00"
    ) -> None:
        """Put an invoice behind an item."""
        given = Invoice(item, number, SELLER, self.hub.clock.now().date(), Decimal(amount), Decimal(13), Decimal(vat))
        with self.hub.database.begin() as uow:
            claims.add_invoice(uow, self.merchant, claim_id, given, "user:x", self.hub.clock)

    def check(self, claim_id: UUID) -> list[str]:
        """Check a claim; return what is doubtful."""
        with self.hub.database.begin() as uow:
            return [each.code for each in filing.check_claim(uow, self.merchant, claim_id, BOOK, "user:x", self.hub.clock)]

    def submit(self, claim_id: UUID) -> None:
        """File a claim."""
        version = self.view(claim_id).row.version
        with self.hub.database.begin() as uow:
            filing.submit_claim(uow, self.merchant, claim_id, version, BOOK, "user:x", self.hub.clock)

    def filed(self, **switches: object) -> UUID:
        """A claim of one item and invoice, filed with a bureau that behaves like this."""
        self.throw(**switches)
        item = self.export()
        claim_id = self.open(item)
        self.invoice(claim_id, item)
        assert self.check(claim_id) == []
        self.submit(claim_id)
        return claim_id

    def throw(self, **switches: object) -> None:
        """Throw switches of the mock."""
        if switches:
            assert self.mock.put("/switches", json=switches).status_code == 200

    def exchange(self, seconds: float = 60) -> None:
        """Let messages and notices pass, and the time between."""
        send_refund_messages(self.hub.database, self.bureau, self.hub.clock)
        self.hub.clock.advance(seconds=seconds)
        take_refund_notices(self.hub.database, self.bureau, self.hub.clock)

    def view(self, claim_id: UUID) -> ClaimView:
        """The claim as it stands."""
        with self.hub.database.reading() as connection:
            found = claim(connection, self.merchant, claim_id)
        assert found is not None
        return found

    def state(self, claim_id: UUID) -> str:
        """Its state."""
        return self.view(claim_id).row.state
