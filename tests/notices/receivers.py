"""Receivers of webhooks in memory, each with a mood, and the hub's side of calling them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from ccezone.accounts.rules import FIRM, Principal, Role
from ccezone.kernel.clock import FixedClock
from ccezone.notices.ports import Answer, Call
from ccezone.notices.queries.webhooks import (
    AttemptView,
    DeliveryView,
    EndpointView,
    attempts_of,
    deliveries_of,
    endpoint,
    watchers,
)
from ccezone.notices.service.webhooks import Deliverer, EndpointWish, create_endpoint, tell
from ccezone.storage.personal import PersonalVault
from tests.notices.people import People

GOOD = Answer(200, excerpt="thanks")
DEAD = Answer(None, "refused")
Mood = Callable[[Call], Answer]


@dataclass
class Receivers:
    """Everybody who may be called, by address. Who has no mood is content."""

    moods: dict[str, Mood] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    accepted: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def call(self, call: Call) -> Answer:
        """Answer as the receiver's mood is."""
        self.calls.append(call)
        mood = self.moods.get(call.url)
        answer = mood(call) if mood else GOOD
        if answer.accepted:
            self.accepted[call.url].append(call.event_id)
        return answer


@dataclass
class Desk:
    """The hub's side: endpoints of the firm, events, rounds of delivering, the log."""

    people: People
    vault: PersonalVault
    receivers: Receivers = field(default_factory=Receivers)

    def __post_init__(self) -> None:
        self.by = Principal(Role.FIRM, self.people.firm, frozenset(FIRM), user_id=self.people.mei)
        self.deliverer = Deliverer(self.people.database, self.vault, self.receivers, self.clock, lambda: 0.5)

    @property
    def clock(self) -> FixedClock:
        return self.people.clock

    def add(self, name: str, *kinds: str) -> UUID:
        """Add an endpoint of the firm at ``https://NAME.example/``."""
        wish = EndpointWish(f"https://{name}.example/", name, kinds)
        with self.people.database.begin() as uow:
            return create_endpoint(uow, self.vault, self.people.firm, wish, self.by, self.clock).endpoint_id

    def happen(self, kind: str = "batch.finished", **data: object) -> UUID | None:
        """Let something happen to the firm."""
        with self.people.database.begin() as uow:
            watching = watchers(uow.connection).get(self.people.firm, [])
            return tell(uow, watching, self.people.firm, kind, self.clock.now(), data)

    def round(self) -> int:
        """Deliver once to everybody something is due for; return how many calls were made."""
        claims = [*self.deliverer.claim(10, ailing=False), *self.deliverer.claim(10, ailing=True)]
        return sum(self.deliverer.turn(claim) for claim in claims)

    def settle(self, **step: float) -> None:
        """Go on in time until nothing waits any more."""
        for _ in range(2000):
            self.round()
            waiting = "SELECT count(*) FROM webhook_delivery WHERE state = 'waiting'"
            with self.people.database.engine.connect() as connection:
                if not connection.exec_driver_sql(waiting).scalar_one():
                    return
            self.clock.advance(**(step or {"minutes": 1}))
        raise AssertionError("it never settles")

    def endpoint(self, endpoint_id: UUID) -> EndpointView:
        """One endpoint as it stands."""
        with self.people.database.reading() as connection:
            found = endpoint(connection, self.people.firm, endpoint_id)
        assert found is not None
        return found

    def log(self, endpoint_id: UUID, state: str = "") -> list[DeliveryView]:
        """The delivery log."""
        with self.people.database.reading() as connection:
            return list(deliveries_of(connection, endpoint_id, state, limit=1000))

    def attempts(self, endpoint_id: UUID, event_id: UUID | None) -> list[AttemptView]:
        """The attempts of a delivery, the newest first."""
        assert event_id is not None
        with self.people.database.reading() as connection:
            return list(attempts_of(connection, endpoint_id, event_id))
