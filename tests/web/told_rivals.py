"""What a rival was told, and where it wants to be told: rows whose pages must look like none to anybody else."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from ccezone.accounts.rules import FIRM, Principal, Role
from ccezone.accounts.service import Invitation, invite
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.ids import uuidv7
from ccezone.notices.rules import Channel
from ccezone.notices.service import Tidings
from ccezone.notices.service.notifying import insert
from ccezone.notices.service.webhooks import EndpointWish, create_endpoint, send_test
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

_ENDPOINT = ("detail", "change", "switch", "rotate", "remove", "test", "replay_failed")


def told_rows(database: Database, rival_id: UUID, secret: str, clock: FixedClock) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Tell a person of the rival something, and set an endpoint up; return the pages that show it."""
    by = Principal(Role.FIRM, rival_id, frozenset(FIRM), user_id=UUID(int=7))
    with database.begin() as uow:
        login = f"told-{uuidv7()}@example.org"
        person = invite(uow, Invitation(login, "told", Role.FIRM, rival_id), None, clock)
        insert(uow, person.user_id, Channel.APP, Tidings("registration_approved", clock.now(), params={"name": secret}))
        wish = EndpointWish("https://rival.example/", secret)
        endpoint_id = create_endpoint(uow, PersonalVault(bytes(32)), rival_id, wish, by, clock).endpoint_id
        event_id = send_test(uow, rival_id, endpoint_id, clock)
        notice_id = fetch(uow.connection, "SELECT id FROM notice WHERE user_id = %(id)s", {"id": person.user_id})[0][0]
    endpoint = {"endpoint_id": str(endpoint_id)}
    delivery = {**endpoint, "event_id": str(event_id)}
    return {
        **{f"centre.{page}": [{"notice_id": str(notice_id)}] for page in ("show", "mark")},
        **{f"webhooks.{page}": [endpoint] for page in _ENDPOINT},
        **{f"webhooks.{page}": [delivery] for page in ("delivery", "replay")},
    }
