"""What inspections say of a firm's credit: the share of orders with a result that found something, over credit's window.

Results that the single window's receipts brought about are left out: credit draws those from the receipts itself.
"""

from datetime import datetime, timedelta
from uuid import UUID

from ccezone.credit.queries import credit_terms
from ccezone.credit.service import Inspected, inspected, rejudge
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch

_COUNTS = """
SELECT count(*) FILTER (WHERE result = 'fail'), count(*) FROM inspection_order
WHERE enterprise_id = %(firm)s AND closed_at >= %(since)s AND result IN ('pass', 'fail') AND closed_by <> 'system'
"""


def note_share(uow: UnitOfWork, zone: str, enterprise_id: UUID, document: str, clock: Clock) -> None:
    """State a firm's share as evidence, ``document`` being the order that changed it, and judge the firm anew."""
    today = clock.now().astimezone(SHANGHAI).date()
    terms = credit_terms(uow.connection, zone, today)
    since = today - timedelta(days=terms.window_days)
    begin = datetime.combine(since, datetime.min.time(), SHANGHAI)
    found, total = fetch(uow.connection, _COUNTS, {"firm": enterprise_id, "since": begin})[0]
    inspected(uow, enterprise_id, Inspected(found, total, since, document), terms, clock)
    rejudge(uow, zone, [enterprise_id], clock)
