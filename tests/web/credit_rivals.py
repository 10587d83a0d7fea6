"""A rival's credit rows: a listing with a scan, and evidence with one."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from ccezone.cases.rules import FileKind
from ccezone.cases.service import Upload, store_file
from ccezone.credit.queries import listings_of, steps_taken
from ccezone.credit.rules.listing import ListKind
from ccezone.credit.service import Proposal, Statement, open_listing, state
from ccezone.enterprises.queries import enterprise
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault

Values = Mapping[str, str]


def credit_rows(database: Database, rival_id: UUID, secret: str, clock: FixedClock) -> Mapping[str, Sequence[Values]]:
    """Let the rival be proposed for the negative list, and be classed."""
    with database.begin() as uow:
        rival = enterprise(uow.connection, rival_id)
        assert rival is not None
        upload = Upload("scan.pdf", FileKind.PDF, secret.encode(), "credit", rival_id)
        scan = store_file(uow, PersonalVault(bytes(32)), upload, clock)
        proposal = Proposal(ListKind.NEGATIVE, rival.uscc, "", secret, secret, file_id=scan)
        if not listings_of(uow.connection, rival_id):
            open_listing(uow, "GZ", proposal, None, clock)
        number = listings_of(uow.connection, rival_id)[0].id
        taken = steps_taken(uow.connection, number)[0].file_id
        today = clock.now().astimezone(SHANGHAI).date()
        evidence = state(uow, rival_id, Statement("tax_class", "D", secret, secret, today, file_id=scan), "test", clock)
    listing = {"listing_id": str(number), "file_id": str(taken)}
    return {
        **{f"my_credit.{page}": [listing] for page in ("detail", "answer", "step_file")},
        "my_credit.evidence_file": [{"evidence_id": str(evidence)}],
    }
