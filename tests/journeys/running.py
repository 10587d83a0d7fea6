"""A running hub as its partners see it: an address, a token each, and the single window's switches behind it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from ccezone.storage import Database
from ccezone.storage.copying import fetch
from tests.hub.bills import Bill, message
from tests.hub.link_json import link_json
from tests.hub.waiting import until

_LISTS = """
SELECT d.order_no, s.state FROM declaration_list d JOIN declaration_state s ON s.id = d.id WHERE d.order_no = ANY(%(numbers)s)
"""


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # our own loopback addresses, never through a proxy
    return session


@dataclass
class Running:
    """One running system; ``tokens`` and ``people`` (login, password) by the cast's keys."""

    url: str
    window_url: str
    database: Database
    tokens: Mapping[str, str]
    session: requests.Session = field(default_factory=_session)
    people: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def post_raw(self, path: str, body: bytes, sender: str, media_type: str = "application/xml") -> requests.Response:
        """Post a body in the name of one of the cast."""
        headers = {"Authorization": f"Bearer {self.tokens[sender]}", "Content-Type": media_type}
        return self.session.post(self.url + path, body, headers=headers, timeout=30)

    def post(self, *bills: Bill) -> list[dict[str, Any]]:
        """Post bills, each in a request of its own, and return the answers; all must be accepted."""
        answers = []
        for bill in bills:
            if bill.message_type:
                answer = self.post_raw("/api/v1/messages", message(bill), bill.sender)
            else:
                body = json.dumps([link_json(bill)]).encode()
                path = f"/api/v1/shipping-links?flow={bill.flow}"
                answer = self.post_raw(path, body, bill.sender, "application/json")
            assert answer.status_code == 202, answer.text
            answers.append(answer.json())
        assert all(not answer["rejected"] for answer in answers), answers
        return answers

    def rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """Read rows of the hub."""
        with self.database.reading() as connection:
            return fetch(connection, statement, values)

    def count(self, table: str) -> int:
        """Count a table's rows."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608  # a table's name, from a test

    def states(self, *orders: Bill) -> list[str]:
        """The states of these orders' lists."""
        found = dict(self.rows(_LISTS, numbers=[order["order_no"] for order in orders]))
        return [found.get(order["order_no"], "none") for order in orders]

    def wait_for(self, order: Bill, *states: str, seconds: float = 20.0) -> str:
        """Wait until an order's list is in one of these states, and return which."""
        until(lambda: self.states(order)[0] in states, seconds, what=f"{order['order_no']}: {states}")
        return self.states(order)[0]

    def window(self, path: str) -> Any:
        """Ask the mock single window."""
        return self.session.get(self.window_url + path, timeout=10).json()

    def switch(self, **switches: object) -> None:
        """Turn switches of the mock single window."""
        self.session.put(self.window_url + "/switches", json=switches, timeout=10).raise_for_status()

    def arrive(self, order: Bill, *, departed: bool = False) -> None:
        """Let an order's goods arrive at the supervised site."""
        body = {"order_nos": [order["order_no"]], "departed": departed}
        self.session.post(self.window_url + "/arrivals", json=body, timeout=10).raise_for_status()
