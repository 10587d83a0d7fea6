"""Preparing unfinished lists again, after what they lacked was mended: their orders go through the merge once more.

Products and defaults are mended by the merchant, who then asks. Tax rates, exchange rates and registrations come from others:
a job looks for the lists that waited for them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from ccezone.declarations.service.composing import ListTerms
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.matching.service import note_orders
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch

_UNFINISHED = r"""
SELECT DISTINCT d.order_key FROM declaration_list d JOIN declaration_state s ON s.id = d.id
WHERE d.merchant_id = %(merchant)s AND CASE WHEN %(id)s::bigint IS NULL THEN s.state = 'incomplete'
    ELSE d.id = %(id)s AND (s.state IN ('held', 'incomplete', 'ready') OR s.state ~ '^(100|-[0-9]+)$') END
"""
_STANDING = """
SELECT (SELECT (count(*), max(updated_at))::text FROM enterprise), (SELECT count(*) FROM tariff_rate),
    (SELECT count(*) FROM parameter)
"""
_WAITING = """
SELECT d.order_key, m.lack ->> 'name', m.lack -> 'params' FROM declaration_state s
JOIN declaration_list d ON d.id = s.id CROSS JOIN LATERAL jsonb_array_elements(s.missing) AS m (lack)
WHERE s.state = 'incomplete' AND m.lack ->> 'name' IN ('tax_rate_unknown', 'agent_code', 'parcel_value')
"""


def recheck_lists(uow: UnitOfWork, merchant_id: UUID, clock: Clock, declaration_id: int | None = None) -> int:
    """Queue a merchant's incomplete lists, or the one named unless it is on its way, to be prepared again; return their number."""
    found = fetch(uow.connection, _UNFINISHED, {"merchant": merchant_id, "id": declaration_id})
    note_orders(uow, [row[0] for row in found], clock.now())
    return len(found)


@dataclass
class Rechecker:
    """Finds lists that waited for a tax rate, an exchange rate or the registration of their agent, once one has come.

    It looks through the lists only when something came since it last looked, or a day began: what came may be of a later day.
    """

    database: Database
    clock: Clock
    terms_on: Callable[[Connection, date], ListTerms]
    _seen: tuple[object, ...] | None = field(default=None, init=False)

    def step(self) -> int:
        """Queue the orders of lists whose lack was mended; return how many these are."""
        with self.database.begin() as uow:
            now = self.clock.now()
            today = now.astimezone(SHANGHAI).date()
            standing = (today, *fetch(uow.connection, _STANDING)[0])
            if standing == self._seen:
                return 0
            terms = self.terms_on(uow.connection, today)
            known = directory(uow.connection)

            def come(name: str, params: dict[str, str]) -> bool:
                if name == "tax_rate_unknown":
                    return params.get("hs_code", "") in terms.rates
                if name == "agent_code":
                    return known.find(params.get("code", "")) is not None
                return params.get("ground") == "no_rate" and terms.rate_of(params.get("currency", "")) is not None

            orders = sorted({row[0] for row in fetch(uow.connection, _WAITING) if come(row[1], row[2])})
            note_orders(uow, orders, now)
        self._seen = standing
        return len(orders)
