"""Use cases of webhooks, by the Standard Webhooks specification: endpoints, events, deliveries, replays."""

from ccezone.notices.service.webhooks.deliveries import Claim, Deliverer
from ccezone.notices.service.webhooks.endpoints import (
    EndpointWish,
    IssuedSecret,
    change_endpoint,
    create_endpoint,
    remove_endpoint,
    rotate_secret,
)
from ccezone.notices.service.webhooks.events import send_test, tell, tell_many
from ccezone.notices.service.webhooks.replays import drop_old_events, replay, replay_failed

__all__ = [
    "Claim",
    "Deliverer",
    "EndpointWish",
    "IssuedSecret",
    "change_endpoint",
    "create_endpoint",
    "drop_old_events",
    "remove_endpoint",
    "replay",
    "replay_failed",
    "rotate_secret",
    "send_test",
    "tell",
    "tell_many",
]
