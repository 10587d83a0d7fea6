"""A rival's inspection: an order with a document an agency signed in with."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from ccezone.cases.rules import FileKind
from ccezone.cases.service import Upload, store_file
from ccezone.enterprises.queries import enterprise
from ccezone.inspection.service import Check, Wanted, open_order, sign
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault

Values = Mapping[str, str]


def inspected_rows(database: Database, rival_id: UUID, secret: str, clock: FixedClock) -> Mapping[str, Sequence[Values]]:
    """Let a batch of the rival's be inspected."""
    with database.begin() as uow:
        rival = enterprise(uow.connection, rival_id)
        assert rival is not None
        upload = Upload("scan.pdf", FileKind.PDF, secret.encode(), "inspection", rival_id)
        scan = store_file(uow, PersonalVault(bytes(32)), upload, clock)
        today = clock.now().astimezone(SHANGHAI).date()
        wanted = Wanted("batch", secret, ["customs"], today, party=rival.uscc, what=secret, place=secret)
        order_id = open_order(uow, wanted, "test", clock)
        sign(uow, order_id, Check("customs", "pass", (), secret, scan), "test", clock)
    named = {"order_id": str(order_id), "file_id": str(scan)}
    return {f"own_inspections.{page}": [named] for page in ("detail", "paper", "file")}
