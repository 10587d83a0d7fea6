"""Sending the month to a running hub: through its public interface, with each party's own token, over and over without harm."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from ccezone.demo.pacing import Pace
from ccezone.demo.posting import Delivery, deliveries
from ccezone.demo.span import Span
from ccezone.demo.zone import Login
from ccezone.submission.client import Answer, Client, HubUnreachable, Refusal

_PATIENCE_SECONDS = 120.0  # a hub that is being restarted comes back within that


class LoadFailed(Exception):
    """The hub is away for good, or does not know the demo's parties."""


def check_hub(url: str) -> None:
    """Make sure that the hub runs before anything is prepared for it. Raises ``LoadFailed``."""
    client = Client(url)
    try:
        client.probe()
    except HubUnreachable as error:
        raise LoadFailed(str(error)) from error
    finally:
        client.close()


def load_traffic(
    url: str, logins: Sequence[Login], orders: int, seed: int, span: Span, say: Callable[[str], None], pace: Pace | None = None
) -> Counter[str]:
    """Send all deliveries and return the counts of documents (accepted, replayed, rejected). Raises ``LoadFailed``.

    ``pace`` leads the clock of a hub that lives through the month; without it all of it arrives now.
    """
    tokens = {login.enterprise: login.token for login in logins}
    counts: Counter[str] = Counter()
    say(f"演示业务 demo traffic: {orders} orders, {span.first} … {span.end.date()} → {url}")
    client = Client(url, "zh", _PATIENCE_SECONDS)
    day: date | None = None
    try:
        for delivery in deliveries(seed, orders, span):
            if day is not None and delivery.day != day:
                say(f"{day}: {_told(counts)}")
            day = delivery.day
            if pace:
                pace.follow(delivery)
            _count(counts, _send(client, delivery, tokens, say))
    finally:
        client.close()
    say(f"装载完成 done: {_told(counts)}")
    return counts


def _send(client: Client, delivery: Delivery, tokens: dict[str, str], say: Callable[[str], None]) -> Answer | None:
    token = tokens.get(delivery.sender, "")
    try:
        return client.send(delivery.body, token)
    except HubUnreachable as error:
        raise LoadFailed(str(error)) from error
    except Refusal as refusal:
        if refusal.status in (401, 403):
            raise LoadFailed(f"{delivery.sender}: {refusal}") from refusal
        say(f"{delivery.day} {delivery.sender} {delivery.body.resource}: 拒收 refused {refusal}")
        return None


def _count(counts: Counter[str], answer: Answer | None) -> None:
    if answer is None:
        counts["refused"] += 1
        return
    counts["accepted"] += answer.accepted - answer.replayed
    counts["replayed"] += answer.replayed
    counts["rejected"] += answer.rejected


def _told(counts: Counter[str]) -> str:
    told = f"接受 accepted {counts['accepted']}, 重复 replayed {counts['replayed']}, 拒绝 rejected {counts['rejected']}"
    return f"{told}, 整批拒收 deliveries refused {counts['refused']}" if counts["refused"] else told
