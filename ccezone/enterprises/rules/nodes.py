"""What a node is: the hub, a city or county branch, a front window in a park or port, a node overseas (Nanchang plan, 一网多点)."""

import re
from collections.abc import Collection
from datetime import date
from enum import StrEnum

from ccezone.kernel.errors import Fault

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}\Z")


class NodeKind(StrEnum):
    """Kinds of nodes."""

    HUB = "hub"
    BRANCH = "branch"
    WINDOW = "window"
    OVERSEAS = "overseas"


def node_faults(
    code: str,
    kind: str,
    name: str,
    parent: str | None,
    country: str,
    open_from: date,
    open_to: date | None,
    known: Collection[str],
) -> list[Fault]:
    """Judge a node: code, kind, name, a known parent under everything but the hub, a country overseas, days in order."""
    faults = []
    if not _CODE.match(code):
        faults.append(Fault("/code", "bad_node_code", {"value": code}))
    if kind not in {each.value for each in NodeKind}:
        faults.append(Fault("/kind", "unknown_node_kind", {"value": kind}))
    if not name.strip():
        faults.append(Fault("/name", "required"))
    if parent is not None and parent not in known:
        faults.append(Fault("/parent", "unknown_node", {"value": parent}))
    if parent is None and kind != NodeKind.HUB:
        faults.append(Fault("/parent", "required"))
    if parent is not None and parent == code:
        faults.append(Fault("/parent", "node_under_itself"))
    if kind == NodeKind.OVERSEAS and not country:
        faults.append(Fault("/country", "required"))
    if open_to is not None and open_to < open_from:
        faults.append(Fault("/open_to", "ends_before_begin"))
    return faults
