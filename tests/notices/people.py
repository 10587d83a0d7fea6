"""People to be told: a firm with two of them, a rival, an officer; and what stands in their message centres."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ccezone.kernel.clock import FixedClock
from ccezone.kernel.ids import uuidv7
from ccezone.notices.queries import Filter, NoticeView, notices_of
from ccezone.notices.service import choose
from ccezone.storage import Database
from ccezone.storage.copying import run

_USER = """
INSERT INTO user_account (id, login, name, role, enterprise_id, locale, status, failed_attempts, created_at)
VALUES (%(id)s, %(login)s, %(name)s, %(role)s, %(enterprise)s, %(locale)s, 'active', 0, %(at)s)
"""


@dataclass
class People:
    """Who may be told of something."""

    database: Database
    clock: FixedClock
    firm: UUID
    rival: UUID
    mei: UUID
    tom: UUID
    rita: UUID
    officer: UUID

    @classmethod
    def move_in(cls, database: Database, clock: FixedClock) -> "People":
        """Add them: Mei reads Chinese, Tom English, both of the firm; Rita of the rival."""
        firm, rival = uuidv7(), uuidv7()
        mei = _add(database, clock, "mei", firm)
        tom = _add(database, clock, "tom", firm, locale="en")
        rita = _add(database, clock, "rita", rival)
        return cls(database, clock, firm, rival, mei, tom, rita, _add(database, clock, "officer", None, role="zone_officer"))

    def messages(self, user_id: UUID, wanted: Filter | None = None) -> Sequence[NoticeView]:
        """What stands in somebody's message centre."""
        with self.database.reading() as connection:
            return notices_of(connection, user_id, wanted or Filter())

    def titles(self, user_id: UUID) -> list[str]:
        """The headlines, in Chinese."""
        return [message.title("zh") for message in self.messages(user_id)]

    def chooses(self, user_id: UUID, **channels: str) -> None:
        """Let somebody choose how to hear of kinds."""
        with self.database.begin() as uow:
            choose(uow, user_id, channels)


def _add(database: Database, clock: FixedClock, name: str, enterprise: UUID | None, role: str = "firm", locale: str = "zh") -> UUID:
    user_id = uuidv7()
    values = {"id": user_id, "login": f"{name}@example.org", "name": name, "role": role, "enterprise": enterprise, "locale": locale}
    with database.begin() as uow:
        run(uow.connection, _USER, {**values, "at": clock.now()})
    return user_id
