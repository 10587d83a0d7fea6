"""An endpoint of one of the cast, and an event for it, for whoever needs ids that no example can know beforehand."""

from uuid import UUID

from ccezone.accounts.rules import FIRM, Principal, Role
from ccezone.notices.service.webhooks import EndpointWish, create_endpoint, send_test
from tests.hub.harness import Hub

_KNOWN = """
SELECT e.id, d.event_id FROM webhook_endpoint e JOIN webhook_delivery d ON d.endpoint_id = e.id
WHERE e.enterprise_id = %(firm)s ORDER BY d.event_id LIMIT 1
"""


def endpoint_and_event(hub: Hub, key: str) -> tuple[UUID, UUID]:
    """Return an endpoint of one of the cast and an event for it, made when there is none."""
    firm = hub.party(key).id
    known = hub.rows(_KNOWN, firm=firm)
    if known:
        return known[0][0], known[0][1]
    by = Principal(Role.FIRM, firm, frozenset(FIRM), user_id=UUID(int=7))
    with hub.database.begin() as uow:
        wish = EndpointWish("https://erp.example.com/hooks")
        issued = create_endpoint(uow, hub.vault, firm, wish, by, hub.clock)
        return issued.endpoint_id, send_test(uow, firm, issued.endpoint_id, hub.clock)
