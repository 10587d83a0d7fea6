"""Applications in the making: each builder shows only what matters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ccezone.accounts.rules import OFFICER, Principal
from ccezone.accounts.rules import Role as Person
from ccezone.enterprises.queries.applications import ApplicationView, application
from ccezone.enterprises.rules.applying import Licence
from ccezone.enterprises.service import Approved, Started, add_licence, approve, save_section, start, submit
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault

USCC = complete_uscc("91360700MA35CAM00")
OFFICER_AT_WORK = Principal(Person.ZONE_OFFICER, None, frozenset(OFFICER), user_id=UUID(int=9), name="王审核")
SCAN = b"%PDF-1.7 a scanned licence"
FACTS: Mapping[str, str | list[str]] = {
    "uscc": USCC,
    "name": "赣南家具有限公司",
    "customs_code": "3607960001",
    "node": "GZ",
    "registered_address": "江西省赣州市章贡区",
    "trade_modes": ["9610"],
    "goods_categories": "家具",
}
PEOPLE = {
    "legal_representative": "李明",
    "contact_name": "张三丰",
    "contact_phone": "13800000001",
    "contact_mail": "zhang@example.org",
}
BUSINESS_LICENCE = Licence("business_licence", USCC, "赣州市市场监督管理局", date(2020, 5, 1), date(2030, 4, 30))
REQUIRED = ("business_licence",)


@dataclass
class Desk:
    """Where applications are filed and decided."""

    database: Database
    clock: FixedClock
    vault: PersonalVault

    def draft(
        self, facts: Mapping[str, str | list[str]] = FACTS, people: Mapping[str, str] = PEOPLE, roles: Sequence[str] = ("merchant",)
    ) -> Started:
        """A draft with these facts and no licence."""
        with self.database.begin() as uow:
            started = start(uow, self.vault, roles, people["contact_mail"], "zh", self.clock)
            save_section(uow, self.vault, started.id, 1, facts, people, self.clock)
        return started

    def add_licence(self, application_id: UUID, licence: Licence = BUSINESS_LICENCE, scan: bytes = SCAN) -> None:
        """State a licence."""
        with self.database.begin() as uow:
            add_licence(uow, self.vault, application_id, licence, ("scan.pdf", scan), 10, self.clock)

    def submit(self, application_id: UUID) -> None:
        """Send it to the office."""
        with self.database.begin() as uow:
            submit(uow, self.vault, application_id, REQUIRED, "applicant", self.clock)

    def submitted(
        self, facts: Mapping[str, str | list[str]] = FACTS, people: Mapping[str, str] = PEOPLE, roles: Sequence[str] = ("merchant",)
    ) -> UUID:
        """A complete application, sent."""
        started = self.draft(facts, people, roles)
        self.add_licence(started.id)
        self.submit(started.id)
        return started.id

    def approve(self, application_id: UUID) -> Approved:
        """Let an officer approve it."""
        with self.database.begin() as uow:
            return approve(uow, self.vault, application_id, OFFICER_AT_WORK, self.clock)

    def read(self, application_id: UUID) -> ApplicationView:
        """The application as it stands."""
        with self.database.reading() as connection:
            found = application(connection, self.vault, application_id)
        assert found is not None
        return found
